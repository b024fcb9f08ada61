// The list of shoppers: last words, time, unread count. What was read is remembered in this browser.

import { make } from "./bubble.js";
import { clockTime, dayKey, dayName, say } from "./words.js";

const KEY = "shopbot-read";

export class People {
  constructor(list, open) {
    this.list = list;
    this.open = open;
    this.all = new Map();
    this.read = JSON.parse(localStorage.getItem(KEY) || "{}");
  }

  replace(people) {
    this.all = new Map(people.map((person) => [person.id, person]));
    this.paint();
  }

  said(chatId, message) {
    const person = this.all.get(chatId);
    if (!person) return;
    if (!person.last || message.message_id >= person.last.message_id) person.last = message;
    if (!message.from.is_bot) this.markRead(chatId, message.message_id);
    this.paint();
  }

  markRead(chatId, messageId) {
    if (!messageId || (this.read[chatId] || 0) >= messageId) return;
    this.read[chatId] = messageId;
    localStorage.setItem(KEY, JSON.stringify(this.read));
    this.paint();
  }

  unread(person) {
    return person.last ? Math.max(0, person.last.message_id - (this.read[person.id] || 0)) : 0;
  }

  totalUnread() {
    return [...this.all.values()].reduce((sum, person) => sum + this.unread(person), 0);
  }

  paint() {
    const focused = document.activeElement?.closest?.("#people button")?.dataset.id;
    const sorted = [...this.all.values()].sort((a, b) => (b.last?.date || b.id / 1e9) - (a.last?.date || a.id / 1e9) || a.id - b.id);
    this.list.replaceChildren(...sorted.map((person) => this.item(person)));
    if (focused) this.list.querySelector(`button[data-id="${focused}"]`)?.focus();
    const unread = this.totalUnread();
    document.title = (unread ? `(${unread}) ` : "") + (this.botName || "Shop assistant");
  }

  item(person) {
    const unread = person.id === this.active ? 0 : this.unread(person);
    const button = make("button", "person",
      avatar(person),
      make("span", "line", make("b", "", person.first_name), make("time", "", when(person.last))),
      make("span", "line", make("span", "snippet", snippet(person)), unread ? badge(unread) : ""));
    button.type = "button";
    button.dataset.id = person.id;
    if (person.id === this.active) button.setAttribute("aria-current", "true");
    button.addEventListener("click", () => this.open(person.id));
    return make("li", "", button);
  }
}

export function avatar(person) {
  const node = make("span", `avatar c${person.id % 7}`, [...person.first_name][0].toUpperCase());
  node.setAttribute("aria-hidden", "true");
  return node;
}

function badge(count) {
  const node = make("span", "badge", String(count));
  node.setAttribute("aria-label", say("unread", { count }));
  return node;
}

function when(message) {
  if (!message) return "";
  const today = dayKey(message.date) === new Date().toDateString();
  return today ? clockTime(message.date) : dayName(message.date);
}

function snippet(person) {
  const message = person.last;
  if (!message) return say("nothing");
  const words = message.text ?? message.caption ?? message.sticker?.emoji ?? say(message.voice ? "voiceWord" : "photoWord");
  return (message.from.is_bot ? "" : `${say("you")}: `) + words;
}
