// In charge of a request's page while it is open at the desk: says who is there (O02) and keeps what is typed (O05).
// Without it the button keeps the draft, and nobody is seen to be there. Does not know what a request is.
"use strict";

(() => {
  const there = document.getElementById("presenza");
  if (!there) return;
  const EVERY = 2_500; // a colleague's name appears within three seconds
  const KEPT_AFTER = 1_500;
  const csrf = () => document.querySelector("input[name=csrf]")?.value ?? "";
  let wrote = 0;

  function post(path, fields) {
    return fetch(path, { method: "POST", body: new URLSearchParams({ csrf: csrf(), ...fields }), redirect: "manual" });
  }

  async function say() {
    if (document.hidden) return;
    try {
      const answer = await post(`${there.dataset.path}/presenza?frammento=1`, { scrive: Date.now() - wrote < 8_000 ? "1" : "0" });
      if (!answer.ok) return;
      const { text } = await answer.json();
      if (there.textContent !== text) there.textContent = text;
    } catch { /* the bar of the lost connection says it */ }
  }

  for (const field of document.querySelectorAll("textarea[data-draft]")) {
    let timer;
    const told = document.getElementById(`${field.id}-bozza`);
    field.addEventListener("input", () => {
      wrote = Date.now();
      clearTimeout(timer);
      timer = setTimeout(async () => {
        try {
          const answer = await post(`${there.dataset.path}/bozza`, { kind: field.dataset.draft, body_text: field.value });
          if (told) told.hidden = !(answer.ok || answer.type === "opaqueredirect");
        } catch { /* it is tried again with the next letter */ }
      }, KEPT_AFTER);
    });
    field.form.addEventListener("submit", () => clearTimeout(timer));
  }

  // A reply that could still be taken back has left: the page shows it, unless something is being written.
  const leaving = [...document.querySelectorAll("[data-leaves-in]")].map((one) => Number(one.dataset.leavesIn));
  function isBegun() {
    const isTouched = (field) => field.type === "file" ? field.files.length > 0
      : field.tagName === "SELECT" ? [...field.options].some((option) => option.defaultSelected && !option.selected)
      : field.type !== "hidden" && field.value !== field.defaultValue;
    return document.querySelector("input[name=attachments]") !== null
      || [...document.querySelectorAll("main textarea, main input, main select")].some(isTouched);
  }
  // One that is late already leaves when it does: the page does not ask for itself again and again.
  if (leaving.length > 0 && Math.max(...leaving) > 0) {
    setTimeout(() => { if (there.isConnected && !isBegun()) location.replace(there.dataset.path); }, Math.max(...leaving) + 2_000);
  }

  say();
  const saying = setInterval(() => (there.isConnected ? say() : clearInterval(saying)), EVERY);
})();
