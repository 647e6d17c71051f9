// The token of a one-time link stands behind the "#" of its address, which no browser sends to a server: here it goes into
// the form, to be sent in the body, and out of the address bar and the browser's history. Without scripts it is pasted.
(function () {
  "use strict";
  var field = document.getElementById("token"), place = document.getElementById("token-field");

  function take() {
    var token = window.location.hash.slice(1);
    if (!/^[A-Za-z0-9_-]{32}$/.test(token)) { return; }
    field.value = token;
    place.hidden = true;
    window.history.replaceState(null, "", window.location.pathname);
  }
  place.hidden = field.value !== "";
  window.addEventListener("hashchange", take);
  take();
})();
