// Trusted types: strings become HTML here or nowhere. What the server sends for a part of a page has been escaped there
// and holds no script, frame or handler; anything else that would become HTML, and every string that would become a
// script or the address of one, is refused by the browser. Loaded before every other script.
(function () {
  "use strict";
  if (!window.trustedTypes) { return; }
  var refused = /<\s*(script|iframe|object|embed|base|meta|link|style)\b|<[^>]*\s(on\w+|srcdoc)\s*=|javascript:/i;
  window.trustedTypes.createPolicy("default", {
    createHTML: function (text) { return refused.test(text) ? null : text; },
  });
})();
