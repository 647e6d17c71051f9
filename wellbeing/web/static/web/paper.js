// Paper with the keyboard alone: the key beside an answer chooses it and goes on. Without it Tab and arrows do.
(function () {
  "use strict";

  var form = document.querySelector("form[data-paper]");
  if (!form) { return; }
  var lines = Array.from(form.querySelectorAll("fieldset.paper-line"));

  function enter(line) {
    var into = line ? line.querySelector("input:checked") || line.querySelector("input") : form.querySelector("button");
    if (into) { into.focus(); if (line) { line.scrollIntoView({ block: "nearest" }); } }
  }
  function told(input) { input.dispatchEvent(new Event("change", { bubbles: true })); }

  form.addEventListener("keydown", function (event) {
    var line = event.target.closest("fieldset.paper-line");
    if (!line || event.ctrlKey || event.altKey || event.metaKey) { return; }
    var place = lines.indexOf(line), typed = event.target.type !== "radio";
    if (typed) {
      if (event.key === "Enter") { event.preventDefault(); enter(lines[place + 1]); }
      return;
    }
    var label = Array.from(line.querySelectorAll("label[data-key]")).find(function (one) {
      return one.dataset.key === event.key;
    });
    if (label) {
      var input = label.querySelector("input");
      input.checked = true;
      told(input);
      enter(lines[place + 1]);
    } else if (event.key === "Backspace") {
      enter(lines[Math.max(0, place - 1)]);
    } else if (event.key === "Delete") {
      line.querySelectorAll("input:checked").forEach(function (one) { one.checked = false; told(one); });
    } else {
      return;
    }
    event.preventDefault();
  });
  if (!document.querySelector("#faults")) { enter(lines[0]); }
})();
