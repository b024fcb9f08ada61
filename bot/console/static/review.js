// The review page by keyboard and mouse. It fills the form that the page holds; the form alone is enough without it.
// Spans count code points; strings here count UTF-16 units, so that every text is first cut into its code points.
"use strict";

(() => {
  const undoForm = document.getElementById("undo-form");
  const form = document.getElementById("label-form");
  document.addEventListener("keydown", onKey);
  if (!form) return;

  const message = document.getElementById("message");
  const points = Array.from(message.dataset.text);
  const words = cutWords(message.dataset.text, message.lang);
  const model = JSON.parse(document.getElementById("review").dataset.model);
  const other = document.getElementById("other");
  const typing = document.getElementById("type");
  const found = document.getElementById("found");
  const kinds = Object.fromEntries([...document.querySelectorAll("#slot-keys [data-key]")].map((button) => [button.dataset.key, button.dataset.slot]));
  const kindNames = Object.fromEntries([...document.querySelectorAll("#slot-keys [data-key]")].map((button) => [button.dataset.slot, button.dataset.name]));
  const options = [...other.options].slice(1).map((option) => ({ value: option.value, name: option.textContent }));
  const radios = [...form.querySelectorAll("input[name=intent]")];

  let slots = readRows();
  let also = [...form.querySelectorAll("select.also")].map((select) => select.value).filter(Boolean);
  let cursor = null; // {start, end} in code points: what letters mark
  let typingAlso = false;
  let lit = 0;

  document.documentElement.classList.add("scripted");
  for (const part of document.querySelectorAll(".js[hidden]")) if (part.id !== "picked") part.hidden = false;
  for (const part of form.querySelectorAll("select.also, #other")) part.tabIndex = -1;

  // --- words and spans ---------------------------------------------------------------------------

  function cutWords(text, language) {
    const cuts = [];
    const take = (piece, isWord) => { if (isWord) cuts.push({ start: length(text.slice(0, piece.index)), end: length(text.slice(0, piece.index + piece.segment.length)) }); };
    if (window.Intl && Intl.Segmenter) {
      for (const piece of new Intl.Segmenter(language, { granularity: "word" }).segment(text)) take(piece, piece.segment.trim() !== "");
    } else {
      for (const piece of text.matchAll(/[\p{L}\p{N}\p{M}]+|[^\s\p{L}\p{N}\p{M}]/gu)) take({ index: piece.index, segment: piece[0] }, true);
    }
    return cuts;
  }

  function length(text) { return Array.from(text).length; }

  function readRows() {
    return [...document.querySelectorAll(".slot-row")].map((row) => ({
      name: row.querySelector("[name=slot_name]").value,
      start: Number(row.querySelector("[name=slot_start]").value),
      end: Number(row.querySelector("[name=slot_end]").value),
      negated: row.querySelector("[name=slot_negated]").value === "yes",
    })).filter((slot) => slot.name && slot.end > slot.start).sort((one, two) => one.start - two.start);
  }

  function writeRows() {
    const box = document.getElementById("slot-rows");
    const rows = [...box.children];
    while (rows.length < slots.length) {
      rows.push(box.appendChild(rows[0].cloneNode(true)));
    }
    rows.forEach((row, place) => {
      const slot = slots[place];
      row.querySelector("[name=slot_name]").value = slot ? slot.name : "";
      row.querySelector("[name=slot_start]").value = slot ? slot.start : 0;
      row.querySelector("[name=slot_end]").value = slot ? slot.end : 0;
      row.querySelector("[name=slot_negated]").value = slot && slot.negated ? "yes" : "no";
      row.querySelector("span").textContent = slot ? points.slice(slot.start, slot.end).join("") : "";
    });
  }

  function draw() {
    const edges = new Set([0, points.length]);
    for (const span of cursor ? [...slots, cursor] : slots) { edges.add(span.start); edges.add(span.end); }
    const sorted = [...edges].sort((one, two) => one - two);
    const pieces = [];
    for (let at = 0; at + 1 < sorted.length; at += 1) {
      const [start, end] = [sorted[at], sorted[at + 1]];
      const slot = slots.find((each) => each.start <= start && end <= each.end);
      const piece = document.createElement("span");
      piece.textContent = points.slice(start, end).join("");
      if (slot) {
        piece.className = `slot slot-${slot.name}${slot.negated ? " negated" : ""}`;
        if (end === slot.end) piece.dataset.kind = kindNames[slot.name];
      }
      if (cursor && cursor.start <= start && end <= cursor.end) piece.classList.add("cursor");
      pieces.push(piece);
    }
    message.replaceChildren(...pieces);
    document.getElementById("slot-keys").classList.toggle("ready", cursor !== null);
    writeRows();
  }

  function mark(kind) {
    if (!cursor) return;
    const inside = slots.filter((slot) => overlaps(slot, cursor));
    if (kind === "remove") {
      slots = slots.filter((slot) => !inside.includes(slot));
    } else if (kind === "negated") {
      for (const slot of inside) slot.negated = !slot.negated;
    } else {
      const negated = inside.length === 1 && inside[0].negated;
      slots = slots.filter((slot) => !inside.includes(slot));
      slots.push({ name: kind, start: cursor.start, end: cursor.end, negated });
      slots.sort((one, two) => one.start - two.start);
    }
    draw();
  }

  function overlaps(one, two) { return one.start < two.end && two.start < one.end; }

  function step(forward, widen) {
    if (!words.length) return;
    if (!cursor) {
      cursor = { ...(forward ? words[0] : words[words.length - 1]) };
    } else if (widen) {
      if (forward) { const next = words.find((word) => word.end > cursor.end); if (next) cursor.end = next.end; }
      else { const last = [...words].reverse().find((word) => word.end < cursor.end && word.start >= cursor.start); if (last) cursor.end = last.end; }
    } else {
      const next = forward ? words.find((word) => word.start >= cursor.end) : [...words].reverse().find((word) => word.end <= cursor.start);
      if (next) cursor = { ...next };
    }
    draw();
  }

  function nudge(by) { // one sign more or less: words of Chinese are not always cut where a slot ends
    if (!cursor) return;
    const end = cursor.end + by;
    if (end > cursor.start && end <= points.length) { cursor.end = end; draw(); }
  }

  message.addEventListener("mouseup", () => {
    const chosen = window.getSelection();
    if (!chosen.rangeCount || chosen.isCollapsed || !message.contains(chosen.anchorNode) || !message.contains(chosen.focusNode)) return;
    const range = chosen.getRangeAt(0);
    const before = document.createRange();
    before.setStart(message, 0);
    before.setEnd(range.startContainer, range.startOffset);
    let start = length(before.toString());
    let end = start + length(range.toString());
    while (start < end && !points[start].trim()) start += 1;
    while (end > start && !points[end - 1].trim()) end -= 1;
    if (end > start) { cursor = { start, end }; chosen.removeAllRanges(); draw(); }
  });
  for (const button of document.querySelectorAll("#slot-keys button")) button.addEventListener("click", () => mark(button.dataset.slot));

  // --- intents -----------------------------------------------------------------------------------

  function chosenIntent() { return other.value || (radios.find((radio) => radio.checked) || {}).value || ""; }

  function choose(intent) {
    const radio = radios.find((each) => each.value === intent);
    for (const each of radios) each.checked = each === radio;
    other.value = radio ? "" : intent;
    also = also.filter((each) => each !== intent);
    tell();
  }

  function toggleAlso(intent) {
    if (!intent || intent === chosenIntent()) return;
    const most = form.querySelectorAll("select.also").length;
    also = also.includes(intent) ? also.filter((each) => each !== intent) : [...also, intent].slice(0, most);
    tell();
  }

  function nameOf(intent) { return (options.find((option) => option.value === intent) || {}).name || intent; }

  function tell() {
    [...form.querySelectorAll("select.also")].forEach((select, place) => { select.value = also[place] || ""; });
    for (const radio of radios) radio.closest(".choice").classList.toggle("further", also.includes(radio.value));
    const picked = document.getElementById("picked");
    picked.textContent = [nameOf(chosenIntent()), ...also.map(nameOf)].filter(Boolean).join(" + ");
    picked.hidden = !other.value && !also.length;
  }

  for (const radio of radios) radio.addEventListener("change", () => choose(radio.value));
  other.addEventListener("change", () => { if (other.value) choose(other.value); });

  function search() {
    const asked = typing.value.trim().toLowerCase();
    const fits = options.filter((option) => option.name.toLowerCase().includes(asked) || option.value.replaceAll("_", " ").includes(asked));
    fits.sort((one, two) => Number(!one.name.toLowerCase().startsWith(asked)) - Number(!two.name.toLowerCase().startsWith(asked)));
    lit = 0;
    found.replaceChildren(...fits.slice(0, 8).map((option, place) => {
      const line = document.createElement("li");
      line.role = "option";
      line.id = `found-${place}`;
      line.dataset.value = option.value;
      line.textContent = option.name;
      line.addEventListener("mousedown", (event) => { event.preventDefault(); take(option.value); });
      return line;
    }));
    light(0);
    found.hidden = !fits.length;
    typing.setAttribute("aria-expanded", String(fits.length > 0));
  }

  function light(by) {
    const lines = [...found.children];
    if (!lines.length) return;
    lit = (lit + by + lines.length) % lines.length;
    lines.forEach((line, place) => line.setAttribute("aria-selected", String(place === lit)));
    typing.setAttribute("aria-activedescendant", `found-${lit}`);
  }

  function take(intent) {
    if (typingAlso) toggleAlso(intent); else choose(intent);
    leaveTyping();
  }

  function openTyping(forAlso) { typingAlso = forAlso; typing.value = ""; typing.focus(); search(); }

  function leaveTyping() { found.hidden = true; typing.setAttribute("aria-expanded", "false"); typing.value = ""; typing.blur(); }

  typing.addEventListener("input", search);
  typing.addEventListener("focus", search);
  typing.addEventListener("blur", () => { found.hidden = true; typingAlso = false; });
  typing.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const line = found.children[lit];
    if (event.key === "ArrowDown" || event.key === "ArrowUp") { light(event.key === "ArrowDown" ? 1 : -1); event.preventDefault(); }
    else if (event.key === "Enter") { event.preventDefault(); if (line && !found.hidden) take(line.dataset.value); else leaveTyping(); }
    else if (event.key === "Escape") leaveTyping();
    else return;
    event.stopPropagation();
  });

  // --- keys --------------------------------------------------------------------------------------

  function press(act) { form.querySelector(`button[name=act][value=${act}]`).click(); }

  function focusOn(id) { const field = document.getElementById(id); if (field) field.focus(); }

  function reset() {
    slots = model.slots.map(([name, start, end, negated]) => ({ name, start, end, negated }));
    also = [...model.also];
    cursor = null;
    choose(model.intent);
    draw();
  }

  function onKey(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const field = event.target;
    if (document.querySelector("dialog[open]")) return;
    if (field.matches("input:not([type=radio]), select, textarea")) {
      if (event.key === "Escape") field.blur();
      return;
    }
    if (event.key === "u") { event.preventDefault(); undoForm.querySelector("button").click(); return; }
    if (!form || !keyed(event, field)) return;
    event.preventDefault();
  }

  function keyed(event, field) {
    const digit = /^Digit([1-9])$/.exec(event.code);
    if (digit && !(event.shiftKey && !radios[digit[1] - 1])) {
      const radio = radios[digit[1] - 1];
      if (radio && event.shiftKey) toggleAlso(radio.value); else if (radio) choose(radio.value);
      return true;
    }
    if (event.key === "Enter") {
      if (field.matches("a, button, summary")) return false;
      press("save");
      return true;
    }
    if (event.key === "ArrowRight" || event.key === "ArrowLeft") { step(event.key === "ArrowRight", event.shiftKey); return true; }
    if (cursor && kinds[event.key]) { mark(kinds[event.key]); return true; }
    const acts = {
      "]": () => nudge(1), "[": () => nudge(-1), "-": () => mark("negated"),
      x: () => mark("remove"), Backspace: () => mark("remove"), Delete: () => mark("remove"),
      Escape: () => { cursor = null; draw(); }, 0: reset,
      "/": () => openTyping(false), w: () => openTyping(false), "+": () => openTyping(true),
      d: () => press("discard"), l: () => press("later"), s: () => document.getElementById("similar").click(),
      n: () => focusOn("note"), t: () => focusOn("tag"),
      g: () => { const guide = document.getElementById("guide"); guide.open = !guide.open; },
      "?": () => document.getElementById("help").showModal(),
    };
    if (!acts[event.key]) return false;
    acts[event.key]();
    return true;
  }

  document.getElementById("help-open").addEventListener("click", () => document.getElementById("help").showModal());
  window.addEventListener("pageshow", () => { for (const button of form.querySelectorAll("button[name=act]")) button.disabled = false; });
  form.addEventListener("submit", () => { for (const button of form.querySelectorAll("button[name=act]")) setTimeout(() => { button.disabled = true; }); });
  document.addEventListener("keydown", (event) => {
    if (event.target.id === "note" && event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.target.form.requestSubmit();
  });
  // What was written is kept: letters are commands again, until a field is entered anew.
  document.addEventListener("htmx:afterSwap", () => { if (document.getElementById("beside")?.contains(document.activeElement)) document.activeElement.blur(); });
  for (const place of document.querySelectorAll("#slot-rows select, #slot-rows input")) place.addEventListener("change", () => { slots = readRows(); cursor = null; draw(); });
  tell();
  draw();
})();
