// In charge of marking the rules of a new password that are kept, while somebody types (U02). The server has the last word.
// Does not know the words: they stand in the page.
"use strict";

(() => {
  const KEPT = {
    "too-short": (text) => [...text].length >= 12 && [...text].length <= 128,
    repeated: (text) => text !== "" && !/(.)\1\1/su.test(text),
  };
  for (const list of document.querySelectorAll("[data-rules-of]")) {
    const field = document.getElementById(list.dataset.rulesOf);
    field?.addEventListener("input", () => {
      for (const rule of list.querySelectorAll("[data-rule]")) {
        const kept = KEPT[rule.dataset.rule]?.(field.value) ?? false;
        rule.classList.toggle("kept", kept);
        let word = rule.querySelector("[data-word]");
        if (kept && !word) {
          word = document.createElement("span");
          word.dataset.word = "";
          word.textContent = ` (${list.dataset.kept})`;
          rule.append(word);
        } else if (!kept) {
          word?.remove();
        }
      }
    });
  }
})();
