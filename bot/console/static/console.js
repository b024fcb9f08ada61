// What every page shares. Pages are whole without it.
"use strict";

// A refused or failed request of htmx shows its page, instead of nothing at all.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status >= 400) { event.detail.shouldSwap = true; event.detail.isError = false; }
});

// Destructive buttons ask once more: data-confirm="..." on a form.
document.addEventListener("submit", (event) => {
  const question = event.target.dataset.confirm;
  if (question && !window.confirm(question)) event.preventDefault();
});
