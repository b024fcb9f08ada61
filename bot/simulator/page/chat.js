// The web chat of the local Bot API: shoppers on the left, their talk with the bot on the right.
// Plain modules, no build. State comes from /control; every change arrives as a server-sent event.

import { setBusy } from "./bubble.js";
import { Composer } from "./composer.js";
import { People } from "./people.js";
import * as server from "./server.js";
import { Thread } from "./thread.js";
import { say, useLanguage } from "./words.js";

const byId = (id) => document.getElementById(id);
const app = byId("app");
const TAP_MS = 15000; // as long as Telegram's apps wait for the answer to a tap

let active = 0; // the chat on screen; on a phone 0 is the list
let bot = {};
let description = "";
let online = true;
let listening = true; // whether the bot has asked for updates since the server started
let typingTimer = 0;
let opening = 0;
const taps = new Map(); // query id -> {chatId, messageId, data, timer}
const early = new Map(); // answers that overtook the reply to our own tap

const people = new People(byId("people"), (id) => open(id));
const thread = new Thread(byId("messages"), byId("scroller"), byId("jump"), {
  command: (text) => send(text),
  zoom,
  tap,
  busy: (message, button) => [...taps.values()].some((one) =>
    one.chatId === active && one.messageId === message.message_id && one.data === button.callback_data),
  seen: () => markRead(),
});
const composer = new Composer({
  send,
  edit: (message, text) => attempt(() => server.act(active, "edit", { message_id: message.message_id, text })),
  attach,
  newest: () => thread.newestOwnText(),
  menu: () => people.all.get(active)?.menu || [],
  toast,
});

async function reload() {
  online = true;
  const found = await server.state();
  ({ bot, description, listening } = found);
  people.botName = bot.first_name;
  byId("bot-name").textContent = bot.first_name;
  if (!found.people.length) {
    const chinese = navigator.language.startsWith("zh");
    await server.join(chinese ? "小林" : "Alex", chinese ? "zh" : "en");
    return reload();
  }
  people.replace(found.people);
  const wanted = Number(location.hash.slice(1));
  const first = people.all.has(wanted) ? wanted : active || newestPerson();
  return open(first, { keepPane: !location.hash && narrow() && active === 0 && found.people.length > 1 });
}

function newestPerson() {
  return [...people.all.values()].sort((a, b) => (b.last?.date || 0) - (a.last?.date || 0) || a.id - b.id)[0].id;
}

async function open(id, { keepPane = false } = {}) {
  const ticket = ++opening;
  const found = await server.chat(id);
  if (ticket !== opening) return;
  const changed = active !== id;
  active = people.active = id;
  people.all.set(id, { ...people.all.get(id), ...found.person, last: found.messages.at(-1) || null });
  useLanguage(found.person.language_code);
  if (!keepPane) {
    app.dataset.pane = "chat";
    if (location.hash !== `#${id}`) history[changed && narrow() ? "pushState" : "replaceState"](null, "", `#${id}`);
  }
  words();
  thread.readUpTo = 0;
  thread.show(found.messages);
  composer.open(id, found.person.blocked);
  empty();
  status();
  markRead();
  people.paint();
  if (!narrow() && !document.querySelector("dialog[open]")) byId("draft").focus();
}

function onEvent(event) {
  const handler = EVENTS[event.kind];
  if (handler) handler(event, event.chat_id === active);
}

const EVENTS = {
  message: ({ chat_id, message }, here) => {
    people.said(chat_id, message);
    if (!here) return;
    if (message.from.is_bot) stopTyping();
    thread.put(message);
    empty();
    markRead();
  },
  edited: ({ chat_id, message, mine }, here) => {
    people.said(chat_id, message);
    if (!here) return;
    thread.put(message);
    if (!mine) thread.readAll();
  },
  deleted: ({ message_id }, here) => here && thread.remove(message_id),
  action: ({ action }, here) => {
    if (!here) return;
    thread.readAll();
    if (action === "cancel") { stopTyping(); thread.calm(); return; }
    thread.typing();
    status(say("typing"));
    clearTimeout(typingTimer);
    typingTimer = setTimeout(stopTyping, 5500);
  },
  listening: () => { listening = true; status(); },
  draft: ({ text, entities }, here) => here && thread.draft(text, entities),
  answer: (event) => {
    if (taps.has(event.query_id)) answered(event);
    else early.set(event.query_id, event);
  },
  joined: async () => people.replace((await server.state()).people),
  commands: async () => people.replace((await server.state()).people),
  blocked: ({ chat_id, blocked }, here) => {
    const person = people.all.get(chat_id);
    if (person) person.blocked = blocked;
    if (here) composer.block(blocked);
  },
};

async function send(text) {
  if (people.all.get(active)?.blocked) return false;
  return attempt(() => server.act(active, "text", { text }));
}

async function attach(kind, file) {
  if (kind === "block") return attempt(() => server.act(active, "block", { blocked: true }));
  if (kind !== "photo") return attempt(() => server.act(active, kind));
  const form = new FormData();
  form.append("photo", file);
  return attempt(() => server.act(active, "photo", form));
}

async function attempt(doing) {
  try {
    return (await doing()) ?? true;
  } catch (error) {
    toast(error instanceof server.Refused ? error.message : say("notSent"));
    return null;
  }
}

async function tap(message, button, node) {
  if (node.classList.contains("busy")) return;
  if (button.url) { window.open(button.url, "_blank", "noopener,noreferrer"); return; }
  if (button.copy_text) { navigator.clipboard?.writeText(button.copy_text.text); toast(button.copy_text.text); return; }
  setBusy(node, true);
  const chatId = active;
  const asked = await attempt(() => server.act(chatId, "tap", { data: button.callback_data, message_id: message.message_id }));
  if (!asked?.query_id) { setBusy(node, false); return; }
  const timer = setTimeout(() => answered({ query_id: asked.query_id, text: "" }, true), TAP_MS);
  taps.set(asked.query_id, { chatId, messageId: message.message_id, data: button.callback_data, timer });
  const overtaken = early.get(asked.query_id);
  if (overtaken) answered(overtaken);
}

function answered(event, late = false) {
  const asked = taps.get(event.query_id);
  if (!asked) return;
  clearTimeout(asked.timer);
  taps.delete(event.query_id);
  early.delete(event.query_id);
  if (asked.chatId === active && thread.messages.has(asked.messageId)) {
    thread.place(thread.messages.get(asked.messageId)); // painted anew, without the spinner
    if (!late) thread.readAll();
  }
  if (late) toast(say("noAnswer"));
  else if (event.show_alert) alertBox(event.text);
  else if (event.text) toast(event.text);
}

function empty() {
  const none = thread.messages.size === 0;
  const spoken = [...thread.messages.values()].some((one) => !one.from.is_bot && one.text && !one.text.startsWith("/"));
  const box = byId("welcome");
  box.hidden = !none;
  box.querySelector("h3").textContent = say("welcome");
  box.querySelector("p").textContent = description || say("welcomeText");
  box.querySelector("button").textContent = say("start");
  composer.hints(!spoken);
}

function markRead() {
  const reading = active && document.visibilityState === "visible" && (!narrow() || app.dataset.pane === "chat");
  if (reading && thread.atEnd()) people.markRead(active, Math.max(0, ...thread.messages.keys()));
}

function stopTyping() {
  clearTimeout(typingTimer);
  status();
}

function status(text) {
  const node = byId("status");
  node.textContent = online ? text || say(listening ? "online" : "ready") : say("reconnecting");
  node.classList.toggle("typing", Boolean(text) && online);
  node.classList.toggle("lost", !online);
}

function words() {
  const texts = [["people-title", "shoppers"], ["people-note", "note"], ["joining-title", "newShopper"],
    ["joining-name", "name"], ["joining-language", "language"]];
  for (const [id, key] of texts) byId(id).textContent = say(key);
  for (const [id, key] of [["new-shopper", "newShopper"], ["back", "back"], ["jump", "jump"], ["scroller", "chatWith"]]) {
    byId(id).setAttribute("aria-label", say(key));
    if (id !== "scroller") byId(id).title = say(key);
  }
  byId("as-whom").textContent = say("writeAs", { name: people.all.get(active)?.first_name || "" });
  byId("joining").querySelector("[value=cancel]").textContent = say("cancel");
  byId("joining").querySelector("[value=ok]").textContent = say("create");
}

let toastTimer = 0;
function toast(text) {
  const node = byId("toast");
  node.textContent = text;
  node.classList.add("shown");
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => node.classList.remove("shown"), 3000);
}

function alertBox(text) {
  const box = byId("alert");
  box.querySelector("p").textContent = text;
  if (!box.open) box.showModal();
}

function zoom(src, alt) {
  const image = byId("lightbox").querySelector("img");
  image.src = src;
  image.alt = alt;
  byId("lightbox").showModal();
}

function narrow() {
  return matchMedia("(max-width: 760px)").matches;
}

byId("welcome").querySelector("button").addEventListener("click", () => { send("/start"); byId("draft").focus(); });
byId("unblock").addEventListener("click", () => attempt(() => server.act(active, "block", { blocked: false })));
byId("back").addEventListener("click", () => {
  app.dataset.pane = "list";
  history.replaceState(null, "", location.pathname);
  byId("people").querySelector("[aria-current]")?.focus();
});
byId("new-shopper").addEventListener("click", () => {
  byId("joining").querySelector("form").reset();
  byId("joining").showModal();
});
byId("joining").querySelector("[value=cancel]").addEventListener("click", () => byId("joining").close());
byId("joining").addEventListener("submit", async (event) => {
  const given = new FormData(event.target);
  const person = await attempt(() => server.join(given.get("name"), given.get("language")));
  if (!person) return;
  people.replace((await server.state()).people);
  await open(person.id);
});
byId("alert").addEventListener("close", () => byId("draft").focus());
document.addEventListener("visibilitychange", markRead);
window.addEventListener("popstate", () => {
  const wanted = Number(location.hash.slice(1));
  if (people.all.has(wanted)) open(wanted);
  else app.dataset.pane = "list";
});

useLanguage(navigator.language);
words();
server.listen({
  hello: () => reload().catch(() => { online = false; status(); }),
  event: onEvent,
  lost: () => { online = false; status(); },
});
