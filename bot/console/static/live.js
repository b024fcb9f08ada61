// Who waits: a badge and the title of every page, running clocks, and news of the talk that is open.
"use strict";

(() => {
  const title = document.title;
  const badge = document.querySelector("[data-waiting]");
  const open = document.querySelector("[data-news]");
  let stream = null;

  function show(count) {
    if (badge) { badge.textContent = count; badge.hidden = !count; badge.dataset.waiting = count; }
    document.title = count ? `(${count}) ${title}` : title;
  }

  async function ask() {
    if (document.visibilityState !== "visible" && stream) return;
    try {
      const answer = await fetch("/live/count", { redirect: "error" });
      if (answer.ok) show(Number(await answer.text()) || 0);
    } catch { /* signed out, or the console is away: the next look says more */ }
  }

  // A browser allows few open connections to one server: a stream only where it is looked at.
  function listen() {
    const wanted = open && document.visibilityState === "visible";
    if (wanted && !stream) {
      stream = new EventSource("/live/news");
      // The first one, too: something may have come between the page and the stream.
      stream.addEventListener("news", (event) => {
        show(JSON.parse(event.data).waiting);
        document.body.dispatchEvent(new Event("news"));
      });
    } else if (!wanted && stream) {
      stream.close();
      stream = null;
    }
  }

  function tick() {
    for (const clock of document.querySelectorAll("[data-since]")) {
      const seconds = Math.max(0, Math.floor((Date.now() - Date.parse(clock.dateTime)) / 1000));
      const parts = [Math.floor(seconds / 60) % 60, seconds % 60].map((part) => String(part).padStart(2, "0"));
      clock.textContent = [Math.floor(seconds / 3600), ...parts].join(":");
    }
  }

  function atTheEnd(talk) { return talk.scrollHeight - talk.scrollTop - talk.clientHeight < 60; }

  const talk = document.getElementById("talk");
  if (talk) {
    talk.scrollTop = talk.scrollHeight;
    let follow = true;
    document.addEventListener("htmx:beforeSwap", (event) => { if (event.target === talk) follow = atTheEnd(talk); });
    document.addEventListener("htmx:afterSwap", (event) => {
      if (event.target === talk && follow) talk.scrollTop = talk.scrollHeight;
      tick();
    });
  }
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.matches("[data-submit-keys]")) {
      event.target.form.requestSubmit();
    }
  });
  document.addEventListener("visibilitychange", () => { listen(); if (!open) ask(); });
  show(Number(badge?.dataset.waiting) || 0);
  listen();
  tick();
  setInterval(tick, 1000);
  if (!open) setInterval(ask, 20000);
})();
