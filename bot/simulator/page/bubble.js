// One message, or the messages of one album, as a row of the chat: bubble, photos, time, inline keyboard.

import { formatted } from "./entities.js";
import { richBlocks } from "./rich.js";
import { picture } from "./server.js";
import { clockTime, say } from "./words.js";

export function make(tag, className, ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...children);
  return node;
}

// `hands` are what the row can do: command(text), zoom(src, alt), tap(message, button, node), busy(message, button).
export function row(message, hands) {
  const node = make("li", "row " + (message.from.is_bot ? "theirs" : "mine"));
  node.dataset.id = message.message_id;
  fill(node, message, hands);
  return node;
}

// `album` holds all messages of the album that the message is part of, in their order.
export function fill(node, message, hands, album = [message]) {
  const bubble = make("div", "bubble");
  if (message.reply_to_message) bubble.append(quote(message.reply_to_message));
  if (album.length > 1) bubble.append(make("div", `tiles t${album.length}`, ...album.map((one) => photo(one, hands))));
  else if (message.photo) bubble.append(photo(message, hands));
  bubble.classList.toggle("with-photo", Boolean(message.photo));
  bubble.append(body(message, hands));
  node.replaceChildren(bubble);
  const rows = message.reply_markup?.inline_keyboard;
  if (rows) node.append(keyboard(message, rows, hands));
}

function body(message, hands) {
  const text = message.text ?? message.caption ?? "";
  const entities = message.entities ?? message.caption_entities ?? [];
  const node = make("div", "text");
  if (message.sticker) node.append(make("span", "sticker", message.sticker.emoji || "🙂"));
  if (message.voice) node.append(voice(message.voice));
  if (message.invoice) node.append(make("strong", "", message.invoice.title), make("p", "", message.invoice.description));
  if (message.successful_payment) node.append(make("em", "", say("paid")));
  if (message.rich_message) node.append(richBlocks(message.rich_message.blocks));
  if (message.document) node.append(file(message.document));
  node.append(formatted(text, entities, hands.command), meta(message));
  return node;
}

function meta(message) {
  const node = make("span", "meta");
  if (message.edit_date) node.append(make("span", "edited", say("edited")), " ");
  const time = make("time", "", clockTime(message.date));
  time.dateTime = new Date(message.date * 1000).toISOString();
  node.append(time);
  if (!message.from.is_bot) node.append(make("span", "ticks"));
  return node;
}

function quote(original) {
  const node = make("blockquote", "quote");
  node.append(original.text ?? original.caption ?? say("photoWord"));
  return node;
}

function photo(message, hands) {
  const largest = message.photo.at(-1);
  const best = message.photo.find((size) => Math.max(size.width, size.height) >= 640) || largest;
  const image = make("img");
  image.src = picture(best.file_id);
  image.alt = (message.caption || say("photoWord")).split("\n")[0];
  image.width = best.width;
  image.height = best.height;
  const button = make("button", "photo", image);
  button.type = "button";
  button.addEventListener("click", () => hands.zoom(picture(largest.file_id), image.alt));
  return button;
}

function file(document) {
  const node = make("a", "file", make("span", "play", "⬇"), make("span", "", document.file_name));
  node.href = picture(document.file_id);
  node.download = document.file_name;
  return node;
}

function voice(sound) {
  const node = make("span", "voice", make("span", "play", "▶"));
  const wave = make("span", "wave");
  for (let bar = 0; bar < 24; bar += 1) wave.append(make("i", `h${(bar * 7 + 3) % 5}`));
  node.append(wave, make("span", "length", `0:${String(sound.duration).padStart(2, "0")}`));
  node.setAttribute("aria-label", say("voiceOf", { seconds: sound.duration }));
  return node;
}

function keyboard(message, rows, hands) {
  const node = make("div", "keyboard");
  for (const row of rows) {
    const line = make("div", "keys");
    for (const button of row) line.append(key(message, button, hands));
    node.append(line);
  }
  return node;
}

function key(message, button, hands) {
  const node = make("button", "key", make("span", "", button.text));
  node.type = "button";
  if (["primary", "success", "danger"].includes(button.style)) node.classList.add(button.style);
  if (button.url) node.classList.add("link");
  if (button.copy_text) node.classList.add("copy");
  setBusy(node, hands.busy(message, button));
  node.addEventListener("click", () => hands.tap(message, button, node));
  return node;
}

export function setBusy(node, busy) {
  node.classList.toggle("busy", busy);
  if (busy) node.setAttribute("aria-busy", "true");
  else node.removeAttribute("aria-busy");
}
