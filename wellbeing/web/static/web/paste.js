// A field that takes so many characters and no more: a browser cuts what is pasted, dropped or composed beyond that and
// says nothing. Here what did not fit is said, and stands beneath the field to be copied. Nothing of it is sent.
(function () {
  "use strict";
  var room = 0;

  function limited(event) {
    var field = event.target, tag = field && field.tagName;
    return (tag === "TEXTAREA" || tag === "INPUT") && field.maxLength > 0 && !field.readOnly ? field : null;
  }
  function left(field) {
    return Math.max(0, field.maxLength - field.value.length + field.selectionEnd - field.selectionStart);
  }
  function keep(field, rest) {
    var note = field.nextElementSibling;
    if (!note || note.className !== "too-long") {
      note = document.getElementById("too-long").content.firstElementChild.cloneNode(true);
      field.after(note);
      var says = note.querySelector("[data-of]");
      note.querySelector("textarea").setAttribute("aria-label", says.dataset.of.replace("{most}", field.maxLength));
      note.querySelector("button").addEventListener("click", function () {
        note.remove();
        field.focus();
      });
      says.textContent = says.dataset.of.replace("{most}", field.maxLength);
    }
    note.querySelector("textarea").value += rest;
  }

  document.addEventListener("beforeinput", function (event) {
    var field = limited(event), text = event.data;
    if (!field || event.isComposing || !text || event.inputType === "insertCompositionText") return;
    text = text.replace(/\r\n?/g, "\n");
    if (text.length > left(field)) keep(field, text.slice(left(field)));
  });
  document.addEventListener("compositionstart", function (event) {
    var field = limited(event);
    if (field) room = left(field);
  });
  document.addEventListener("compositionend", function (event) {
    var field = limited(event);
    if (field && event.data && event.data.length > room) keep(field, event.data.slice(room));
  });
})();
