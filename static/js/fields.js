// In charge of the fields that an area asks for: those of the chosen one are shown. What was typed in the others stays, and is not
// looked at. Without it all of them are there, under the names of their areas.
"use strict";

(() => {
  const area = document.querySelector("[name=area]");
  const parts = document.querySelectorAll("[data-of-area]");
  if (!area || !parts.length) return;
  for (const help of document.querySelectorAll("[data-of-area-help]")) help.hidden = true;
  const show = () => { for (const part of parts) part.hidden = part.dataset.ofArea !== area.value; };
  area.addEventListener("change", show);
  window.addEventListener("pageshow", show); // back from the browser's page cache
  show();
})();
