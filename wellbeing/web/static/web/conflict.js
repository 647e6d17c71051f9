// Two texts of one sheet: each field that differs with both, side by side; the person chooses, nothing is written over.
// The words of the panel stand in the page: <section data-conflict hidden> with a template for one line.
(function () {
  "use strict";

  function label(form, name) {
    var one = form.querySelector('[name="' + name + '"]'), group = one && one.closest("fieldset.field");
    var text = group ? group.querySelector("legend") : one && form.querySelector('label[for="' + one.id + '"]');
    return text ? text.textContent.trim() : name;
  }
  function said(form, name, value) {
    return [].concat(value || []).map(function (code) {
      var choice = Array.from(form.querySelectorAll('[name="' + name + '"]')).find(function (one) {
        return /radio|checkbox/.test(one.type) && one.value === code;
      });
      return choice ? choice.closest("label").textContent.trim() : code;
    }).join("、") || "—";
  }

  window.wellbeingConflict = function (form, names, mine, theirs, done) {
    var panel = document.querySelector("[data-conflict]"), body = panel.querySelector("tbody");
    body.textContent = "";
    names.forEach(function (name, place) {
      var line = panel.querySelector("template").content.cloneNode(true);
      line.querySelector("th").textContent = label(form, name);
      line.querySelectorAll("label").forEach(function (one, turn) {
        one.querySelector("input").name = "conflict-" + place;
        one.querySelector("span").textContent = said(form, name, turn ? theirs[name] : mine[name]);
      });
      body.append(line);
    });
    panel.hidden = false;
    panel.querySelector("input").focus();
    panel.querySelector("button").onclick = function () {
      var chosen = {};
      names.forEach(function (name, place) {
        var own = panel.querySelectorAll('[name="conflict-' + place + '"]')[0].checked;
        chosen[name] = own ? mine[name] : name in theirs ? theirs[name] : "";
      });
      panel.hidden = true;
      done(chosen);
    };
  };
})();
