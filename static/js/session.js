// In charge of the session as an open page sees it: what was typed is never lost because it ended (ui.md 7.16).
// Before a form is sent it asks whether the session still lasts; when it does not, a dialog holds the log-in page's own form,
// and the form goes on its way afterwards. Two minutes before the end it says so (WCAG 2.2.1).
// Does not know about any page, nor how people log in: the form comes from the server.
"use strict";

(() => {
  const dialog = document.getElementById("sessione");
  if (!dialog) return; // nobody is logged in here
  const STATE = "/sessione";
  const BY_ITSELF = "/sessione?frammento=1"; // asked by the page, not by a hand: it does not prolong the session
  const WARNING = 120; // seconds
  const TOUCH = 240_000; // who types is there: said so at most every four minutes
  const warning = document.getElementById("scadenza");
  const offline = document.getElementById("senza-rete");
  const asked = new WeakSet(); // forms whose session was found open
  const asking = new WeakSet();
  let touched = Date.now();
  let timer;

  /** The session's state, or the log-in page when it is over. An answer that is neither leaves the decision to the server. */
  async function ask(path) {
    const answer = await fetch(path, { headers: { Accept: "application/json" } });
    if (answer.redirected) return { login: await answer.text() };
    return answer.ok ? answer.json() : {};
  }

  /** A new session has another token: every form of the page carries it. */
  function carry(state) {
    if (!state.csrf) return;
    for (const field of document.querySelectorAll("input[name=csrf]")) {
      if (!dialog.contains(field)) field.value = state.csrf;
    }
    watch(state.seconds);
  }

  /** The log-in page's form in the dialog; its ids get a name of their own, those of the page stay unique. */
  function draw(page) {
    const parts = [...new DOMParser().parseFromString(page, "text/html").querySelectorAll("#errori, form[action='/accedi']")];
    for (const part of parts) {
      for (const one of [part, ...part.querySelectorAll("[id], [for], [href^='#'], [aria-describedby], [aria-labelledby]")]) {
        if (one.id) one.id = `accesso-${one.id}`;
        if (one.htmlFor) one.htmlFor = `accesso-${one.htmlFor}`;
        if (one.hash) one.href = `#accesso-${one.hash.slice(1)}`;
        for (const name of ["aria-describedby", "aria-labelledby"]) {
          const ids = one.getAttribute(name);
          if (ids) one.setAttribute(name, ids.split(" ").map((id) => `accesso-${id}`).join(" "));
        }
      }
    }
    dialog.querySelector("[data-login]").replaceChildren(...parts);
    dialog.querySelector("#accesso-errori, #accesso-email")?.focus();
  }

  /** Lets the person log in again without leaving the page. True when that was done. */
  function logIn(page) {
    warning.hidden = true;
    if (!dialog.open) dialog.showModal();
    draw(page);
    return new Promise((done) => {
      const send = async (event) => {
        event.preventDefault();
        event.stopImmediatePropagation();
        const form = event.target;
        try {
          const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
          if (!answer.redirected) return draw(await answer.text());
          if (new URL(answer.url).pathname !== STATE) return location.assign(answer.url); // something else comes first
          carry(await answer.json());
          end(true);
        } catch {
          offline.hidden = false;
        }
      };
      const close = () => end(false);
      const end = (logged) => {
        dialog.removeEventListener("submit", send, true);
        dialog.removeEventListener("close", close);
        dialog.close();
        done(logged);
      };
      dialog.addEventListener("submit", send, true);
      dialog.addEventListener("close", close);
    });
  }

  /** Holds a form back until the session is known to last; then sends it by the same button. */
  async function beforeSubmit(event) {
    const { target: form, submitter } = event;
    if (form.getAttribute("method") !== "post" || dialog.contains(form) || asked.delete(form)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (asking.has(form)) return;
    asking.add(form);
    submitter?.setAttribute("aria-busy", "true");
    let goes = false;
    try {
      const state = await ask(STATE);
      carry(state);
      goes = !state.login || await logIn(state.login);
      offline.hidden = true;
    } catch {
      offline.hidden = false; // nothing was sent, nothing is lost
    }
    asking.delete(form);
    submitter?.removeAttribute("aria-busy");
    if (!goes) return submitter?.focus();
    asked.add(form);
    form.requestSubmit(submitter);
  }

  /** True when something was typed or chosen that a new page would lose. */
  function holdsWork() {
    return [...document.querySelectorAll("form[method=post] :is(input, textarea, select)")].some((field) =>
      field.type === "checkbox" || field.type === "radio" ? field.checked !== field.defaultChecked
      : field.options ? [...field.options].some((one) => one.selected !== one.defaultSelected) && field.selectedIndex > 0
      : field.type !== "hidden" && field.value !== field.defaultValue);
  }

  /** The session is over while nobody sent anything: to the log-in page, or where work would be lost, the dialog. */
  async function over(page) {
    if (!holdsWork()) return location.assign(`/accedi?torna=${encodeURIComponent(location.pathname + location.search)}`);
    if (dialog.open || !await logIn(page ?? (await ask(BY_ITSELF)).login)) return;
    document.dispatchEvent(new CustomEvent("sportello:logged-in"));
  }

  /** Looks again shortly before the end: other windows of the same person may have prolonged it. */
  function watch(seconds) {
    clearTimeout(timer);
    warning.hidden = !(seconds <= WARNING);
    const wait = seconds > WARNING ? seconds - WARNING : seconds + 1;
    timer = setTimeout(look, Math.min(wait * 1000, 0x7fffffff));
  }

  async function look() {
    try {
      const state = await ask(BY_ITSELF);
      if (state.login) return over(state.login);
      carry(state);
      if (!state.csrf) timer = setTimeout(look, 30_000);
    } catch {
      timer = setTimeout(look, 30_000);
    }
  }

  async function touch() {
    if (Date.now() - touched < TOUCH) return;
    touched = Date.now();
    try { carry(await ask(STATE)); } catch { /* the next key tries again, in its time */ }
  }

  document.addEventListener("submit", beforeSubmit, true);
  document.addEventListener("input", touch);
  document.addEventListener("sportello:session-over", () => over());
  warning.querySelector("button").addEventListener("click", async () => {
    touched = 0;
    await touch();
    document.querySelector("#contenuto h1")?.focus(); // the button is gone: the focus must not be lost with it
  });
  watch(Number(document.body.dataset.session));
})();
