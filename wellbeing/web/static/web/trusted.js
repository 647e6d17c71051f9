// Trusted types: strings become HTML here or nowhere. What the server sends for a part of a page has been escaped there
// and holds no script, frame or handler; anything else that would become HTML, and every string that would become a
// script or the address of one, is refused by the browser. Loaded before every other script.
(function () {
  "use strict";
  if (!window.trustedTypes) { return; }
  var elements = /^(script|iframe|object|embed|base|meta|link|style)$/i;
  var names = /^(on\w+|srcdoc|(data-)?hx-on.*)$/i;
  // Where a string leads somewhere, or htmx would carry it out; elsewhere it is somebody's text.
  var leading = /^((xlink:)?href|src|action|formaction|data|poster|ping|background|srcset|to|from|values|(data-)?hx-.*)$/i;
  var leads = /^["']?[\s\u0000-\u001f]*j[\s]*a[\s]*v[\s]*a[\s]*s[\s]*c[\s]*r[\s]*i[\s]*p[\s]*t[\s]*:/i;

  // Tag by tag as a browser reads them: a text or a title that merely speaks of scripts stops no board from being renewed.
  function refused(text) {
    var tag = /<([a-z][^\s\/>]*)/gi;
    var attribute = /[\s\/]*([^\s\/>][^\s\/>=]*)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s>]*))?/y;
    for (var found = tag.exec(text); found; found = tag.exec(text)) {
      if (elements.test(found[1])) { return true; }
      attribute.lastIndex = tag.lastIndex;
      for (var one = attribute.exec(text); one; one = attribute.exec(text)) {
        if (names.test(one[1]) || (leading.test(one[1]) && leads.test(one[2] || ""))) { return true; }
        tag.lastIndex = attribute.lastIndex;
      }
    }
    return false;
  }
  window.trustedTypes.createPolicy("default", {
    createHTML: function (text) { return refused(text) ? null : text; },
  });
})();
