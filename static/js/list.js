// In charge of hands on a list: which rows are ticked, and single keys as commands (ui.md 7.1, 7.7).
// Does not know what the rows are: it works on checkboxes of the form #massa and on links with data-open.
"use strict";

(() => {
  const byId = (id) => document.getElementById(id);
  const bulk = byId("massa");
  const boxes = () => [...document.querySelectorAll("input[name=scelta]")];
  let last = null;

  /** Shows the bar and says how many rows are ticked. */
  function tell() {
    if (!bulk) return;
    const count = boxes().filter((box) => box.checked).length;
    bulk.classList.toggle("open", count > 0 || Boolean(byId("tutte")?.checked));
    bulk.querySelector("[data-chosen]").textContent = count ? bulk.dataset.count.replace("#", count) : "";
    const page = byId("pagina");
    if (page) {
      page.checked = count > 0 && count === boxes().length;
      page.indeterminate = count > 0 && count < boxes().length;
    }
  }

  function onClick(event) {
    const box = event.target.closest("input[name=scelta]");
    if (box) {
      const all = boxes();
      if (event.shiftKey && last && all.includes(last)) {
        const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
        for (const one of all.slice(from, to + 1)) one.checked = box.checked;
      }
      last = box;
      tell();
    } else if (event.target.id === "pagina") {
      for (const one of boxes()) one.checked = event.target.checked;
      tell();
    } else if (event.target.id === "tutte") {
      tell();
    }
  }

  const rows = () => [...document.querySelectorAll("#elenco tbody tr")];
  const current = () => document.querySelector("#elenco tr.here") ?? document.activeElement?.closest?.("#elenco tbody tr");

  /** Moves the mark, and the focus with it, to a row. */
  function goTo(row) {
    for (const other of document.querySelectorAll("#elenco tr.here")) other.classList.remove("here");
    row.classList.add("here");
    row.querySelector("a[data-open]")?.focus();
    row.scrollIntoView({ block: "nearest" });
  }

  function step(by) {
    const all = rows();
    const at = all.indexOf(current());
    const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1)];
    if (next) goTo(next);
  }

  let afterG = 0;
  function onKey(event) {
    if (document.body.dataset.keys === "off" || event.ctrlKey || event.metaKey || event.altKey) return;
    const field = event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");
    if (field || document.querySelector("dialog[open]")) return;
    const follows = Date.now() - afterG < 1500;
    afterG = 0;
    const commands = {
      j: () => step(1),
      k: () => step(-1),
      x: () => current()?.querySelector("input[name=scelta]")?.click(),
      r: () => document.querySelector("#sintesi form[action='/caselle/aggiorna'] button")?.click(),
      "/": () => byId("q")?.focus(),
      "?": () => byId("tasti")?.showModal(),
      g: () => { afterG = Date.now(); },
    };
    const places = { c: "/caselle", a: document.querySelector("header nav a[href='/registro']") ? "/registro" : "/profilo" };
    const command = follows && places[event.key] ? () => location.assign(places[event.key]) : commands[event.key];
    if (!command) return;
    event.preventDefault();
    command();
  }

  /** What is open or ticked stays so in the rows that arrive. */
  function keep(event) {
    if (event.target.id !== "diretta") return;
    for (const { fragment } of event.detail.tasks) {
      for (const shown of document.querySelectorAll("details[id][open]")) {
        const fresh = fragment.querySelector(`#${CSS.escape(shown.id)}`);
        if (!fresh) continue;
        fresh.open = true;
        const [from, to] = [shown, fresh].map((one) => one.querySelector("input[type=password]"));
        if (from && to) to.setAttribute("value", from.value);
      }
      const here = document.querySelector("#elenco tr.here");
      if (here) fragment.querySelector(`#${CSS.escape(here.id)}`)?.classList.add("here");
    }
  }

  document.addEventListener("click", onClick);
  document.addEventListener("keydown", onKey);
  document.addEventListener("htmx:before:swap", keep);
  document.addEventListener("htmx:after:swap", tell);
  window.addEventListener("pageshow", tell);
  tell();
})();
