// The list of messages of the open chat: rows in order, days, tails, typing dots, drafts, scrolling.

import { fill, make, row } from "./bubble.js";
import { formatted } from "./entities.js";
import { dayKey, dayName, say } from "./words.js";

const NEAR = 120; // pixels from the end that still count as reading the newest message
const TYPING_MS = 5500;
const DRAFT_MS = 30000;

export class Thread {
  constructor(list, scroller, jump, hands) {
    Object.assign(this, { list, scroller, jump, hands });
    this.messages = new Map();
    this.rows = new Map();
    this.unseen = 0;
    this.tail = make("li", "row theirs tail pending", make("div", "bubble"));
    this.timers = {};
    jump.addEventListener("click", () => this.toEnd(true));
    list.addEventListener("load", () => this.stuck && this.toEnd(), true);
    new ResizeObserver(() => this.stuck && this.toEnd()).observe(scroller);
    scroller.addEventListener("scroll", () => {
      this.stuck = this.atEnd();
      if (this.stuck) this.seen();
    });
  }

  show(messages) {
    this.list.setAttribute("aria-live", "off"); // a talk of yesterday is not read aloud
    this.messages.clear();
    this.rows.clear();
    this.calm();
    this.list.replaceChildren();
    for (const message of messages) this.place(message);
    this.decorate();
    this.toEnd();
    requestAnimationFrame(() => { this.toEnd(); this.list.setAttribute("aria-live", "polite"); });
  }

  put(message) {
    const known = this.rows.get(message.message_id);
    const follow = this.stuck || !message.from.is_bot;
    if (message.from.is_bot && !known) this.calm();
    this.place(message);
    this.decorate();
    if (follow) this.toEnd();
    else if (!known) this.missed();
  }

  place(message) {
    this.messages.set(message.message_id, message);
    const album = this.albumOf(message);
    const known = album.map((one) => this.rows.get(one.message_id)).find(Boolean);
    if (known) {
      this.rows.set(message.message_id, known);
      const focused = known.contains(document.activeElement) ? focusPath(known) : null;
      fill(known, album[0], this.hands, album);
      if (focused) known.querySelectorAll("button")[focused.index]?.focus();
      return;
    }
    const node = row(message, this.hands);
    const next = [...this.rows.values()].find((other) => Number(other.dataset.id) > message.message_id);
    this.rows.set(message.message_id, node);
    this.list.insertBefore(node, next || (this.tail.isConnected ? this.tail : null));
  }

  // The messages that are shown as one row: those of an album, in their order, or the message alone.
  albumOf(message) {
    if (!message.media_group_id) return [message];
    return [...this.messages.values()].filter((other) => other.media_group_id === message.media_group_id)
      .sort((a, b) => a.message_id - b.message_id);
  }

  remove(messageId) {
    const node = this.rows.get(messageId);
    const gone = this.messages.get(messageId);
    this.rows.delete(messageId);
    this.messages.delete(messageId);
    const rest = gone ? this.albumOf(gone).filter((other) => other !== gone) : [];
    if (rest.length) {
      node.dataset.id = rest[0].message_id;
      fill(node, rest[0], this.hands, rest);
    } else node?.remove();
    this.decorate();
  }

  // Days between messages, a tail under the last bubble of each run, ticks for what the bot has seen.
  decorate() {
    this.list.querySelectorAll(".day").forEach((node) => node.remove());
    const rows = [...this.list.querySelectorAll(".row[data-id]")];
    const lastOfBot = Math.max(0, ...rows.filter((node) => node.classList.contains("theirs")).map((node) => Number(node.dataset.id)));
    let day = "";
    rows.forEach((node, index) => {
      const message = this.messages.get(Number(node.dataset.id));
      if (dayKey(message.date) !== day) {
        day = dayKey(message.date);
        node.before(make("li", "day", make("span", "", dayName(message.date))));
      }
      const next = this.messages.get(Number(rows[index + 1]?.dataset.id));
      node.classList.toggle("tail", !next || next.from.is_bot !== message.from.is_bot || dayKey(next.date) !== day);
      node.classList.toggle("read", message.message_id < Math.max(lastOfBot, this.readUpTo || 0));
    });
  }

  // The bot did something: what was written before has been read.
  readAll() {
    this.readUpTo = Math.max(0, ...this.messages.keys()) + 1;
    this.decorate();
  }

  typing() {
    this.pending(make("span", "dots", make("i"), make("i"), make("i")), "typing-row", TYPING_MS);
  }

  draft(text, entities) {
    const body = text ? make("div", "text", formatted(text, entities)) : make("div", "text thinking", say("thinking"));
    this.pending(body, "draft-row", DRAFT_MS);
  }

  pending(body, kind, life) {
    if (kind === "typing-row" && this.tail.isConnected && this.tail.classList.contains("draft-row")) return;
    const follow = this.atEnd();
    this.tail.className = `row theirs tail pending ${kind}`;
    this.tail.firstChild.replaceChildren(body);
    this.list.append(this.tail);
    clearTimeout(this.timers.tail);
    this.timers.tail = setTimeout(() => this.calm(), life);
    if (follow) this.toEnd();
  }

  calm() {
    clearTimeout(this.timers.tail);
    this.tail.remove();
  }

  newestOwnText() {
    return [...this.messages.values()].filter((message) => !message.from.is_bot && message.text)
      .sort((a, b) => b.message_id - a.message_id)[0];
  }

  atEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    return scrollHeight - scrollTop - clientHeight < NEAR;
  }

  toEnd(smooth = false) {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.stuck = true;
    this.scroller.scrollTo({ top: this.scroller.scrollHeight, behavior: smooth && !calm ? "smooth" : "instant" });
    this.seen();
  }

  missed() {
    this.unseen += 1;
    this.jump.hidden = false;
    const badge = this.jump.querySelector("b");
    badge.hidden = false;
    badge.textContent = this.unseen;
  }

  seen() {
    this.unseen = 0;
    this.jump.hidden = true;
    this.jump.querySelector("b").hidden = true;
    this.hands.seen();
  }
}

function focusPath(node) {
  return { index: [...node.querySelectorAll("button")].indexOf(document.activeElement) };
}
