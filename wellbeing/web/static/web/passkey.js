// Passkeys: ask the browser for what the page says, and send its answer with the form.
(function () {
  "use strict";
  function octets(text) {
    var plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, function (letter) { return letter.charCodeAt(0); });
  }
  function letters(buffer) {
    var plain = String.fromCharCode.apply(null, new Uint8Array(buffer));
    return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }
  function asked(options) {
    options.challenge = octets(options.challenge);
    if (options.user) { options.user.id = octets(options.user.id); }
    (options.allowCredentials || options.excludeCredentials || []).forEach(function (one) { one.id = octets(one.id); });
    return { publicKey: options };
  }
  function answered(key) {
    var given = { clientDataJSON: letters(key.response.clientDataJSON) };
    ["attestationObject", "authenticatorData", "signature", "userHandle"].forEach(function (name) {
      if (key.response[name]) { given[name] = letters(key.response[name]); }
    });
    return JSON.stringify({ id: key.id, rawId: letters(key.rawId), type: key.type, response: given });
  }
  document.querySelectorAll("form[data-passkey]").forEach(function (form) {
    var says = form.querySelector("[data-says]");
    form.querySelector("button[type=button]").addEventListener("click", function () {
      says.textContent = "";
      if (!window.PublicKeyCredential) { says.textContent = form.dataset.failed; return; }
      navigator.credentials[form.dataset.passkey](asked(JSON.parse(form.dataset.options))).then(function (key) {
        form.querySelector("[name=answer]").value = answered(key);
        form.submit();
      }).catch(function () { says.textContent = form.dataset.failed; });
    });
  });
}());
