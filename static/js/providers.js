// In charge of filling in the servers of a new mailbox as soon as its address is left, when the provider is a known one.
// Without scripts the program does the same when the form is sent. Does not know the providers: they come in data-providers.
"use strict";

(() => {
  const byId = (id) => document.getElementById(id);
  const place = byId("gestore");
  // Without a place for another mailbox there is no form.
  if (!place) return;
  const providers = JSON.parse(place.dataset.providers);

  /** What a person has typed stays; what is empty, or comes from another known provider, follows the address. */
  function isFree(host, kind) {
    return host.value.trim() === "" || providers.some((one) => one[kind].host === host.value);
  }

  function fill(provider, kind) {
    const host = byId(`${kind}_host`);
    if (!isFree(host, kind)) return;
    host.value = provider ? provider[kind].host : "";
    if (!provider) return;
    byId(`${kind}_port`).value = provider[kind].port;
    byId(`${kind}_security`).value = provider[kind].security;
  }

  function tell(provider) {
    place.replaceChildren();
    if (!provider || byId("imap_host").value !== provider.imap.host) return;
    const note = byId("gestore-nota").content.cloneNode(true);
    const words = provider.has_user_id ? place.dataset.foundUserId : place.dataset.found;
    note.querySelector(".sp-note > div").textContent = words.replace("#", provider.name);
    place.append(note);
  }

  byId("address").addEventListener("change", (event) => {
    const domain = event.target.value.trim().toLowerCase().split("@").pop();
    const provider = providers.find((one) => one.domains.includes(domain));
    for (const kind of ["imap", "smtp"]) fill(provider, kind);
    tell(provider);
  });
})();
