// A form with the keyboard alone: the key beside an answer chooses it and goes on. Without it Tab and arrows do.
(function () {
  "use strict";

  var form = document.querySelector("form[data-paper]");
  if (!form) { return; }
  var lines = Array.from(form.querySelectorAll(".paper-line, .field"));
  var KEYS = "1234567890-=";

  // Answers that the page has not numbered itself are numbered in their order; "not asked" has no key.
  lines.forEach(function (line) {
    if (line.querySelector("label[data-key]")) { return; }
    Array.from(line.querySelectorAll("label.choice:not(.is-none)")).slice(0, KEYS.length).forEach(function (label, place) {
      label.dataset.key = KEYS[place];
    });
  });

  function enter(line) {
    var into = line ? line.querySelector("input:checked") || line.querySelector("input, select, textarea") : form.querySelector(".form-end button") || form.querySelector("button");
    if (into) { into.focus(); if (line) { line.scrollIntoView({ block: "nearest" }); } }
  }
  // As if the mouse had done it: whoever saves or reads the form listens to both.
  function told(input) {
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  form.addEventListener("keydown", function (event) {
    var line = event.target.closest(".paper-line, .field");
    if (!line || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) { return; }
    var place = lines.indexOf(line), kind = event.target.type;
    if (kind === "textarea") { return; }
    if (event.key === "Enter") {
      event.preventDefault();
      enter(lines[place + 1]);
      return;
    }
    if (kind !== "radio" && kind !== "checkbox") { return; }
    var label = Array.from(line.querySelectorAll("label[data-key]")).find(function (one) {
      return one.dataset.key === event.key;
    });
    if (label) {
      var input = label.querySelector("input");
      input.checked = kind === "radio" || !input.checked;
      told(input);
      if (kind === "radio") { enter(lines[place + 1]); } else { input.focus(); }
    } else if (event.key === "Backspace") {
      enter(lines[Math.max(0, place - 1)]);
    } else if (event.key === "Delete") {
      line.querySelectorAll("input:checked").forEach(function (one) { one.checked = false; told(one); });
    } else {
      return;
    }
    event.preventDefault();
  });
  if (!document.querySelector("#faults") && window.matchMedia("(pointer: fine)").matches) { enter(lines[0]); }
})();
