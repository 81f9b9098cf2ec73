/* Asks an authenticator for what a form wants to know, and sends the form. Pages without such a form do not load this.

   <form data-passkey="login | confirm | create" data-options="(JSON of WebAuthn)" hidden>
     <input type="hidden" name="credential">
     <p data-says role="alert" data-cancelled="…" data-known="…" data-failed="…"></p>
   What stands in [data-no-passkeys] is shown where the browser knows no passkeys. */
(() => {
  "use strict";

  const form = document.querySelector("form[data-passkey]");
  if (!window.PublicKeyCredential || !navigator.credentials) {
    document.querySelectorAll("[data-no-passkeys]").forEach((note) => (note.hidden = false));
    return;
  }

  const purpose = form.dataset.passkey;
  const options = JSON.parse(form.dataset.options);
  const says = form.querySelector("[data-says]");
  const until = Date.now() + options.timeout;
  let waiting = null;
  let asked = false;

  const bytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));

  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer)))
      .replace(/\+/g, "-")
      .replace(/\//g, "_")
      .replace(/=+$/, "");

  const known = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

  function publicKey() {
    const wanted = { ...options, challenge: bytes(options.challenge) };
    if (purpose === "create") {
      wanted.user = { ...options.user, id: bytes(options.user.id) };
      wanted.excludeCredentials = known(options.excludeCredentials);
    } else {
      wanted.allowCredentials = known(options.allowCredentials);
    }
    return wanted;
  }

  function written(credential) {
    const from = credential.response;
    const response = { clientDataJSON: text(from.clientDataJSON) };
    if (purpose === "create") {
      response.attestationObject = text(from.attestationObject);
      response.transports = from.getTransports ? from.getTransports() : [];
    } else {
      response.authenticatorData = text(from.authenticatorData);
      response.signature = text(from.signature);
      if (from.userHandle) {
        response.userHandle = text(from.userHandle);
      }
    }
    return JSON.stringify({
      id: credential.id,
      rawId: text(credential.rawId),
      type: credential.type,
      response,
      clientExtensionResults: {},
    });
  }

  /* The box "stay signed in" stands in the form of the password, and counts for this one too. */
  function send(credential) {
    const box = document.querySelector('input[name="remember-me"]:checked');
    if (box) {
      form.append(box);
    }
    form.elements.credential.value = credential ? written(credential) : "";
    form.submit();
  }

  function say(error) {
    const reason = { NotAllowedError: "cancelled", InvalidStateError: "known" }[error.name];
    says.textContent = says.dataset[reason] || says.dataset.failed;
  }

  async function ask(mediation) {
    waiting?.abort();
    asked = !mediation;
    const mine = (waiting = new AbortController());
    const request = { publicKey: publicKey(), signal: mine.signal, ...mediation };
    try {
      const call = purpose === "create" ? "create" : "get";
      send(await navigator.credentials[call](request));
    } catch (error) {
      if (mine === waiting) {
        waiting = null;
        asked = false;
        if (!mediation && error.name !== "AbortError") {
          say(error);
          offer();
        }
      }
    }
  }

  /* Passkeys among what the browser suggests for the user name; not on the page that has just refused one. */
  async function offer() {
    const can = PublicKeyCredential.isConditionalMediationAvailable;
    const refused = location.pathname === new URL(form.action).pathname;
    if (purpose === "login" && can && !refused && (await can.call(PublicKeyCredential)) && !waiting) {
      ask({ mediation: "conditional" });
    }
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    says.textContent = "";
    if (Date.now() < until) {
      ask();
    } else {
      send(null);
    }
  });
  setTimeout(() => (asked ? send(null) : waiting?.abort()), options.timeout);
  form.hidden = false;
  offer();
})();
