// Text with entities to DOM nodes. Offsets are UTF-16 units, as in JavaScript strings; no HTML is ever parsed.

const TAGS = {
  bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code", pre: "pre",
  blockquote: "blockquote", expandable_blockquote: "blockquote", hashtag: "span", mention: "span",
  text_mention: "span", custom_emoji: "span", cashtag: "span", email: "span", phone_number: "span",
};

export function formatted(text, entities = [], onCommand = () => {}) {
  const sorted = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return between(text, sorted, 0, text.length, onCommand);
}

function between(text, entities, from, to, onCommand) {
  const fragment = document.createDocumentFragment();
  let at = from;
  for (let index = 0; index < entities.length; index += 1) {
    const entity = entities[index];
    const end = Math.min(entity.offset + entity.length, to);
    if (entity.offset < at || entity.offset >= to) continue;
    fragment.append(text.slice(at, entity.offset));
    const inner = entities.slice(index + 1).filter((other) => other.offset < end);
    const node = element(entity, text.slice(entity.offset, end), onCommand);
    node.append(between(text, inner, entity.offset, end, onCommand));
    fragment.append(node);
    at = end;
  }
  fragment.append(text.slice(at, to));
  return fragment;
}

function element(entity, text, onCommand) {
  if (entity.type === "url" || entity.type === "text_link") return link(entity.url || text);
  if (entity.type === "bot_command") return command(text, onCommand);
  if (entity.type === "spoiler") return spoiler();
  const node = document.createElement(TAGS[entity.type] || "span");
  if (node.tagName === "SPAN") node.className = "tag";
  return node;
}

function link(address) {
  const node = document.createElement("a");
  const url = URL.parse ? URL.parse(address) : null;
  if (url && ["http:", "https:", "tg:", "mailto:"].includes(url.protocol)) {
    node.href = url.href;
    node.target = "_blank";
    node.rel = "noopener noreferrer";
  }
  return node;
}

function command(text, onCommand) {
  const node = document.createElement("button");
  node.type = "button";
  node.className = "command";
  node.addEventListener("click", () => onCommand(text));
  return node;
}

function spoiler() {
  const node = document.createElement("span");
  node.className = "spoiler";
  node.tabIndex = 0;
  node.setAttribute("role", "button");
  const show = () => node.classList.add("shown");
  node.addEventListener("click", show);
  node.addEventListener("keydown", (event) => event.key === "Enter" && show());
  return node;
}
