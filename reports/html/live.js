// SPDX-License-Identifier: Apache-2.0
//
// The page of a run that goes on, as `--serve` shows it: every second or so the server says that
// there is more, and the page takes over the contents of a newer one. It waits with that while
// somebody reads values from a chart, has zoomed into one, or marks text.
"use strict";

(() => {
  const parts = ["h1", "header .about", "header .subtitle", "header nav", "main"];
  const place = (path) => path + location.search;  // the token, if there is one
  let busy = false;
  let wanted = false;
  let told = 0;  // versions: what the server has, and what is shown
  let shown = 0;

  const isRead = () =>
    String(getSelection()) !== "" ||
    mbench.charts().some(({ plot, data }) => {
      const [all, x] = [data[0], plot.scales.x];
      return plot.cursor.left >= 0 || x.min > all[0] || x.max < all[all.length - 1];
    });

  const takeOver = (text) => {
    const focus = document.activeElement?.id;
    const next = new DOMParser().parseFromString(text, "text/html");
    for (const part of parts) {
      const [from, to] = [next.querySelector(part), document.querySelector(part)];
      if (from && to) {
        to.className = from.className;
        to.replaceChildren(...from.childNodes);
      }
    }
    document.title = next.title;
    const data = next.getElementById("data");
    if (data) mbench.show(JSON.parse(data.textContent));
    if (focus) document.getElementById(focus)?.focus({ preventScroll: true });
  };

  const refresh = async (force) => {
    if (busy || (isRead() && !force)) { wanted = true; return; }
    busy = true;
    wanted = false;
    const version = told;
    try {
      const reply = await fetch(place("/"), { cache: "no-store" });
      if (reply.ok) { takeOver(await reply.text()); shown = version; }
    } catch { /* the server is gone; what was shown stays */ }
    busy = false;
    if (wanted) setTimeout(refresh, 500);
  };
  setInterval(() => { if (wanted) refresh(false); }, 1000);

  const events = new EventSource(place("/events"));
  events.addEventListener("more", (event) => { told = Number(event.data); refresh(false); });
  events.addEventListener("end", (event) => {
    events.close();
    told = Number(event.data);
    if (shown !== told) refresh(true);
  });
})();
