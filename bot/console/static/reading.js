// Conversations: keys to walk a list, and an address of a turn that stands on another page of its conversation.
"use strict";

const list = document.querySelector("[data-walk] tbody");
let at = -1;

function walk(step) {
  const rows = list.rows;
  if (at >= 0) rows[at].removeAttribute("aria-current");
  at = Math.min(Math.max(at + step, 0), rows.length - 1);
  rows[at].setAttribute("aria-current", "true");
  rows[at].querySelector(".words a").focus();
  rows[at].scrollIntoView({ block: "nearest" });
}

if (list) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea")) return;
    if (event.key === "j") walk(1);
    if (event.key === "k") walk(-1);
  });
}

const talk = document.querySelector("[data-talk]");
const turn = /^#turn-(\d+)$/.exec(location.hash);
if (talk && turn && !document.getElementById(turn[0].slice(1))) location.replace(`/turns/${turn[1]}`);
