// In charge of files to send along: dropped on the form, pasted into it or chosen, they gather in one list from which each can be
// taken out; while they are sent it is shown how far they are. Without it the field takes files, and the browser sends them.
// Does not know what they belong to.
"use strict";

(() => {
  const UNIT = 1_000_000;

  for (const input of document.querySelectorAll("input[type=file][data-files]")) {
    const form = input.form;
    const words = input.dataset;
    const chosen = new DataTransfer();
    const list = document.createElement("ul");
    list.className = "sp-files";
    list.setAttribute("aria-live", "polite");
    input.after(list);

    /** A button that takes a file out. */
    function remover(name, takeOut) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn btn-outline-primary btn-sm";
      button.textContent = words.remove;
      button.setAttribute("aria-label", `${words.remove}: ${name}`);
      button.addEventListener("click", () => {
        takeOut();
        input.focus();
      });
      return button;
    }

    // What was sent already with a form that came back may be left out too.
    for (const kept of input.parentElement.querySelectorAll("[data-kept]")) {
      kept.append(" ", remover(kept.dataset.kept, () => kept.remove()));
    }

    const size = (bytes) => (bytes < UNIT / 10 ? `${Math.max(1, Math.round(bytes / 1000))} kB`
      : `${(bytes / UNIT).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 })} MB`);

    function draw() {
      input.files = chosen.files;
      list.replaceChildren(...[...chosen.files].map((file, index) => {
        const line = document.createElement("li");
        line.className = "sp-wrap";
        const remove = remover(file.name, () => {
          chosen.items.remove(index);
          draw();
        });
        line.append(`${file.name} (${size(file.size)}) `, remove);
        return line;
      }));
    }

    function add(files) {
      for (const file of files) chosen.items.add(file);
      draw();
    }

    const brings = (data) => [...(data?.types ?? [])].includes("Files");
    input.addEventListener("change", () => {
      const known = new Set(chosen.files);
      add([...input.files].filter((file) => !known.has(file)));
    });
    form.addEventListener("dragover", (event) => {
      if (!brings(event.dataTransfer)) return;
      event.preventDefault();
      form.classList.add("sp-drop");
    });
    form.addEventListener("dragleave", (event) => {
      if (!form.contains(event.relatedTarget)) form.classList.remove("sp-drop");
    });
    form.addEventListener("drop", (event) => {
      if (!brings(event.dataTransfer)) return;
      event.preventDefault();
      form.classList.remove("sp-drop");
      add(event.dataTransfer.files);
    });
    form.addEventListener("paste", (event) => {
      // A table copied from a spreadsheet comes as text and as a picture: the text is meant.
      if (!event.clipboardData?.files.length || event.clipboardData.types.includes("text/plain")) return;
      event.preventDefault();
      add(event.clipboardData.files);
    });

    /** Sends the form and puts the answer in the page's place, as the browser would: only that it tells how far it is. */
    form.addEventListener("submit", (event) => {
      if (chosen.files.length === 0 || event.submitter?.hasAttribute("formaction")) return;
      event.preventDefault();
      if (form.dataset.sent) return;
      const bar = document.createElement("progress");
      bar.max = 1;
      bar.value = 0;
      bar.setAttribute("aria-label", words.sending);
      const told = document.createElement("p");
      told.setAttribute("role", "status");
      told.textContent = words.sending;
      list.after(bar, told);
      const request = new XMLHttpRequest();
      request.open("POST", form.action);
      request.upload.addEventListener("progress", (sent) => {
        if (sent.lengthComputable) bar.value = sent.loaded / sent.total;
      });
      request.addEventListener("load", () => {
        // A form that comes back has no address of its own: the page keeps its.
        if (request.responseURL !== form.action) history.pushState(null, "", request.responseURL);
        document.open();
        document.write(request.responseText);
        document.close();
        addEventListener("popstate", () => location.reload());
      });
      request.addEventListener("error", () => {
        bar.remove();
        told.textContent = words.failed;
        delete form.dataset.sent;
        form.querySelector("[aria-busy]")?.removeAttribute("aria-busy");
      });
      request.send(new FormData(form, event.submitter));
    });
  }
})();
