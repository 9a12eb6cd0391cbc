// In charge of the few behaviours that HTML and htmx do not give: where the focus goes, relative times, the busy button,
// rows that stay under the hand, the bar of the lost connection.
// Does not know about any page: it works on data-* attributes and on a few ids that the templates write.
"use strict";

(() => {
  const MINUTE = 60_000;
  const RETRY_AFTER = 5_000;
  const byId = (id) => document.getElementById(id);

  /** Rewrites "12 min fa" as time goes by; the words, with "#" for the number, come from the catalogue (data-* of body). */
  function refreshTimes() {
    const words = document.body.dataset;
    for (const time of document.querySelectorAll("time[data-rel]")) {
      const minutes = Math.floor((Date.now() - Date.parse(time.dateTime)) / MINUTE);
      if (!Number.isFinite(minutes) || minutes >= 24 * 60) continue; // a day and more: the server's own text stays
      const text = minutes < 1 ? words.timeNow
        : minutes < 60 ? words.timeMinutes.replace("#", minutes)
        : words.timeHours.replace("#", Math.floor(minutes / 60));
      if (time.textContent !== text) time.textContent = text;
    }
  }

  /** A submitted form shows that it is at work, and is not sent twice by a double click. */
  function markBusy(event) {
    const form = event.target;
    if (form.method !== "post") return;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "yes";
    event.submitter?.setAttribute("aria-busy", "true");
  }

  /** Back from the browser's page cache a form may be sent again. */
  function unmarkBusy() {
    for (const form of document.querySelectorAll("form[data-sent]")) {
      delete form.dataset.sent;
      form.querySelector("[aria-busy]")?.removeAttribute("aria-busy");
    }
  }

  /** The rows that arrive keep the order of those on screen (ui.md 7.2); when theirs is another, a button offers it. */
  let reorder = false;
  function holdOrder(fragment) {
    const shown = document.querySelector("#elenco tbody");
    const fresh = fragment.querySelector("#elenco tbody");
    if (shown && fresh && !reorder) {
      const place = new Map([...shown.rows].map((row, index) => [row.id, index]));
      const held = [...fresh.rows].sort((a, b) => (place.get(a.id) ?? place.size) - (place.get(b.id) ?? place.size));
      byId("riordina").hidden = held.every((row, index) => row === fresh.rows[index]);
      fresh.append(...held);
    } else {
      byId("riordina").hidden = true;
    }
    reorder = false;
  }

  function askOrder(event) {
    if (!event.target.closest("#riordina button")) return;
    reorder = true;
    htmx.trigger("#diretta", "riordina");
    document.querySelector("#contenuto h1")?.focus(); // the button goes away: the focus must not be lost with it
  }

  function beforeSwap(event) {
    const { ctx, tasks } = event.detail;
    if (ctx.response?.raw?.redirected) { // the session is over, or the thing has moved: go there as a whole page
      event.preventDefault();
      const { url } = ctx.response.raw;
      if (new URL(url).pathname === "/accedi") sessionOver();
      else location.assign(url);
    } else if (event.target.id === "diretta") {
      tasks.filter((task) => task.fragment.querySelector("#elenco")).forEach((task) => holdOrder(task.fragment));
    }
  }

  function afterSwap(event) {
    refreshTimes();
    if (event.target.id === "diretta" && event.detail.ctx.response.raw.ok) showLost(false);
    // A page part that took the place of another is read from its heading, as after any navigation.
    if (event.detail.ctx?.target?.id === "contenuto") document.querySelector("#contenuto h1")?.focus();
  }

  /** What follows is session.js's to decide. */
  function sessionOver() {
    document.dispatchEvent(new CustomEvent("sportello:session-over"));
  }

  /** Logged in again without leaving the page: its rows and its stream come anew. */
  function resume() {
    for (const id of ["diretta", "eventi"]) if (byId(id)) htmx.trigger(byId(id), "riprova");
  }

  /** Shows or hides the bar; while it is shown, it says of when the figures on the page are. */
  function showLost(lost) {
    const bar = byId("connessione");
    if (!bar) return;
    bar.querySelector("[data-last]").textContent = document.querySelector("#aggiornato time").textContent;
    bar.hidden = !lost;
  }

  /** A stream that broke is retried by hx-sse itself; one that never opened, here. 401: the server asks to log in. */
  function onLost(event) {
    const status = event.detail.status ?? event.detail.ctx?.response?.status;
    if (status === 401) return sessionOver();
    if (event.target.id !== "eventi" && event.target.id !== "diretta") return;
    showLost(true);
    if (event.target.id === "eventi" && event.type !== "htmx:sse:error") {
      setTimeout(() => htmx.trigger(event.target, "riprova"), RETRY_AFTER);
    }
  }

  document.addEventListener("submit", markBusy);
  document.addEventListener("click", askOrder);
  window.addEventListener("pageshow", unmarkBusy);
  document.addEventListener("htmx:before:swap", beforeSwap);
  document.addEventListener("htmx:after:swap", afterSwap);
  document.addEventListener("htmx:sse:after:connection", () => showLost(false));
  document.addEventListener("htmx:sse:error", onLost);
  document.addEventListener("htmx:error", onLost);
  document.addEventListener("htmx:response:error", onLost);
  document.addEventListener("sportello:logged-in", resume);
  byId("errori")?.focus();
  refreshTimes();
  setInterval(refreshTimes, MINUTE);
})();
