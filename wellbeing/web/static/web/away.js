// A page does not outlive its session, with or without a connection: once the server has not been heard and nobody has
// touched the page for as long as a session may be idle, it is cleared (ASVS 14.3.1). A sheet lies encrypted in this
// browser already (web/draft.js); what was typed elsewhere and not sent stays, alone, with whoever typed it.
(function () {
  "use strict";

  var over = document.getElementById("session-over"), typed = [], since = Date.now(), watch = 0;
  if (!over) { return; }

  function alive() { since = Date.now(); }
  function keeps(form) { return !(form.dataset.draft && window.wellbeingBox && window.wellbeingBox.able); }

  function look() {
    if (Date.now() - since < Number(over.dataset.idle) * 1000) { return; }
    window.clearInterval(watch);
    var kept = typed.filter(function (form) { return form.isConnected && keeps(form); });
    document.title = over.dataset.title;
    document.body.replaceChildren(over.content.cloneNode(true));
    document.getElementById("content").append.apply(document.getElementById("content"), kept);
  }

  document.addEventListener("input", function (event) {
    var form = event.target.form;
    if (form && form.method === "post" && typed.indexOf(form) < 0) { typed.push(form); }
  });
  ["pointerdown", "keydown", "input"].forEach(function (kind) { document.addEventListener(kind, alive, true); });
  // The answer of an ended session only says where to sign in.
  document.addEventListener("htmx:afterRequest", function (event) {
    if (event.detail.successful && !event.detail.xhr.getResponseHeader("HX-Redirect")) { alive(); }
  });
  // Before anything can be seen again after the machine slept.
  document.addEventListener("visibilitychange", look);
  window.addEventListener("focus", look, true);
  watch = window.setInterval(look, 1000);
})();
