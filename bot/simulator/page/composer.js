// Writing: the text field, the menu of commands, what else can be sent, editing the last message.

import { make } from "./bubble.js";
import { EXAMPLES, say } from "./words.js";

const byId = (id) => document.getElementById(id);

export class Composer {
  // `hands`: send(text), edit(message, text), attach(kind, file), newest() -> own message, menu() -> commands
  constructor(hands) {
    this.hands = hands;
    this.field = byId("draft");
    this.list = byId("commands");
    this.more = byId("attachments");
    this.chosen = -1;
    this.drafts = new Map();
    this.field.addEventListener("input", () => this.changed());
    this.field.addEventListener("keydown", (event) => this.key(event));
    byId("composer").addEventListener("submit", (event) => { event.preventDefault(); this.submit(); });
    byId("menu").addEventListener("click", () => this.toggleCommands());
    byId("attach").addEventListener("click", () => this.toggleMore());
    byId("picture").addEventListener("change", (event) => this.pickPicture(event.target));
    byId("editing").querySelector("button").addEventListener("click", () => this.stopEditing());
    document.addEventListener("click", (event) => this.clickedAway(event));
    this.more.addEventListener("keydown", (event) => this.keyInMore(event));
  }

  open(chatId, blocked) {
    if (this.chatId) this.drafts.set(this.chatId, this.field.value);
    this.stopEditing();
    this.chatId = chatId;
    this.field.disabled = false;
    this.field.value = this.drafts.get(chatId) || "";
    this.block(blocked);
    this.words();
    this.changed();
  }

  block(blocked) {
    byId("composer").hidden = blocked;
    byId("unblock").hidden = !blocked;
  }

  words() {
    this.field.placeholder = say("placeholder");
    for (const [id, key] of [["draft", "placeholder"], ["send", "send"], ["attach", "attach"], ["menu", "commands"]]) {
      byId(id).setAttribute("aria-label", say(key));
      if (id !== "draft") byId(id).title = say(key);
    }
    byId("unblock").textContent = say("unblock");
    this.list.setAttribute("aria-label", say("commands"));
    this.fillMore();
  }

  hints(show) {
    const box = byId("hints");
    box.hidden = !show;
    if (!show) return;
    box.replaceChildren(make("span", "", say("tryThis")), ...EXAMPLES.map((text) => {
      const chip = make("button", "chip", text);
      chip.type = "button";
      chip.addEventListener("click", () => this.hands.send(text));
      return chip;
    }));
  }

  changed() {
    this.field.style.height = "auto";
    this.field.style.height = `${Math.min(this.field.scrollHeight, 160)}px`;
    byId("send").disabled = !this.field.value.trim();
    const typed = /^\/\w*$/.exec(this.field.value);
    if (typed && !this.edited) this.showCommands(typed[0].slice(1));
    else this.hideCommands();
  }

  async submit() {
    const text = this.field.value.trim();
    if (!text) return;
    const edited = this.edited;
    const kept = this.field.value;
    this.stopEditing();
    this.field.value = "";
    this.changed();
    const sent = edited ? await this.hands.edit(edited, text) : await this.hands.send(text);
    if (!sent && !this.field.value) { // nothing is lost when the server is away
      this.field.value = kept;
      this.changed();
    }
    this.field.focus();
  }

  key(event) {
    if (event.isComposing) return; // Enter belongs to the input method while it composes
    const open = !this.list.hidden && this.list.childElementCount > 0;
    if (open && ["ArrowDown", "ArrowUp"].includes(event.key)) {
      event.preventDefault();
      this.choose(this.chosen + (event.key === "ArrowDown" ? 1 : -1));
    } else if (open && (event.key === "Tab" || (event.key === "Enter" && this.chosen >= 0))) {
      event.preventDefault();
      this.list.children[Math.max(this.chosen, 0)].click();
    } else if (event.key === "Escape") {
      if (open) this.hideCommands();
      else this.stopEditing();
    } else if (event.key === "ArrowUp" && !this.field.value) {
      event.preventDefault();
      this.editLast();
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.submit();
    }
  }

  toggleCommands() {
    if (this.list.hidden) this.showCommands("", true);
    else this.hideCommands();
    this.field.focus();
  }

  showCommands(prefix, all = false) {
    const found = this.hands.menu().filter((command) => all || command.command.startsWith(prefix));
    this.list.replaceChildren(...found.map((command, index) => this.commandItem(command, index)));
    if (all && !found.length) this.hands.toast(say("noCommands"));
    this.list.hidden = found.length === 0;
    byId("menu").setAttribute("aria-expanded", String(!this.list.hidden));
    this.choose(all || !found.length ? -1 : 0);
  }

  commandItem(command, index) {
    const item = make("li", "", make("b", "", "/" + command.command), make("span", "", command.description));
    item.id = `command-${index}`;
    item.setAttribute("role", "option");
    item.addEventListener("click", () => {
      this.hideCommands();
      this.field.value = "";
      this.changed();
      this.hands.send("/" + command.command);
      this.field.focus();
    });
    return item;
  }

  choose(index) {
    const count = this.list.childElementCount;
    this.chosen = count && index !== -1 ? (index + count) % count : -1;
    [...this.list.children].forEach((item, at) => item.setAttribute("aria-selected", String(at === this.chosen)));
    if (this.chosen >= 0) {
      this.list.children[this.chosen].scrollIntoView({ block: "nearest" });
      this.field.setAttribute("aria-activedescendant", `command-${this.chosen}`);
    } else this.field.removeAttribute("aria-activedescendant");
  }

  hideCommands() {
    this.list.hidden = true;
    byId("menu").setAttribute("aria-expanded", "false");
    this.choose(-1);
  }

  fillMore() {
    const items = [["photo", "photo"], ["sticker", "sticker"], ["voice", "voice"], ["editLast", "pen"], ["block", "block"]];
    this.more.replaceChildren(...items.map(([kind, icon]) => {
      const item = make("button", "", sign(icon), say(kind));
      item.type = "button";
      item.setAttribute("role", "menuitem");
      item.addEventListener("click", () => { this.closeMore(); this.pick(kind); });
      return item;
    }));
  }

  pick(kind) {
    if (kind === "photo") byId("picture").click();
    else if (kind === "editLast") this.editLast();
    else this.hands.attach(kind);
    if (kind !== "photo") this.field.focus();
  }

  pickPicture(input) {
    if (input.files.length) this.hands.attach("photo", input.files[0]);
    input.value = "";
  }

  toggleMore() {
    this.more.hidden = !this.more.hidden;
    byId("attach").setAttribute("aria-expanded", String(!this.more.hidden));
    if (!this.more.hidden) this.more.firstElementChild?.focus();
  }

  closeMore() {
    this.more.hidden = true;
    byId("attach").setAttribute("aria-expanded", "false");
  }

  keyInMore(event) {
    const items = [...this.more.children];
    const at = items.indexOf(document.activeElement);
    if (event.key === "Escape") { this.closeMore(); byId("attach").focus(); }
    if (event.key === "ArrowDown") items[(at + 1) % items.length].focus();
    if (event.key === "ArrowUp") items[(at - 1 + items.length) % items.length].focus();
  }

  clickedAway(event) {
    if (!event.target.closest("#attachments, #attach")) this.closeMore();
    if (!event.target.closest("#commands, #menu, #draft")) this.hideCommands();
  }

  editLast() {
    const message = this.hands.newest();
    if (!message) { this.hands.toast(say("nothingToEdit")); return; }
    this.edited = message;
    const banner = byId("editing");
    banner.hidden = false;
    banner.querySelector("b").textContent = say("editing");
    banner.querySelector("span").textContent = message.text;
    banner.querySelector("button").setAttribute("aria-label", say("cancel"));
    this.field.value = message.text;
    this.changed();
    this.field.focus();
  }

  stopEditing() {
    if (!this.edited) return;
    this.edited = null;
    byId("editing").hidden = true;
    this.field.value = "";
    this.changed();
  }
}

function sign(icon) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#i-${icon}`);
  svg.setAttribute("class", "sign");
  svg.append(use);
  return svg;
}
