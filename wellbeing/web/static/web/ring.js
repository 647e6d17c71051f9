// The exchange's calls on the call desk: a click takes one onto the sheet as it stands; F7 the one that is spoken at her
// own seat, or the only one; where several are and none of them is hers, it goes to the first. What was typed of the number stays; nothing of it is in an address.
(function () {
  "use strict";

  var form = document.getElementById("sheet"), fault = document.getElementById("line-fault");
  if (!form || !fault) { return; }
  var field = function (name) { return form.elements.namedItem(name); };

  function mark() { // the call that this sheet holds needs no second taking
    document.querySelectorAll("[data-ring]").forEach(function (link) {
      link.hidden = link.dataset.ring === field("ring").value;
      link.closest("li").classList.toggle("is-here", link.hidden);
    });
    var near = reach();
    document.querySelectorAll("[data-take] kbd").forEach(function (one) { one.hidden = near.indexOf(one.closest("a")) < 0; });
  }
  function reach() { // what the key means
    var all = Array.from(document.querySelectorAll("[data-take]:not([hidden])"));
    var own = all.filter(function (link) { return "mine" in link.dataset; });
    return own.length ? own.slice(-1) : all; // a seat speaks with one: of an earlier one the end was lost
  }
  function put(said) {
    form.dataset.since = said.since;
    Object.keys(said).forEach(function (name) {
      var one = field(name);
      if (one && !(name === "caller_number" && one.value)) { one.value = said[name]; }
    });
    form.dispatchEvent(new CustomEvent("wellbeing:filled", { bubbles: true })); // the clock, the hint about the caller
    form.dispatchEvent(new CustomEvent("wellbeing:changed"));
    mark();
  }
  function take(link) {
    var sent = new URLSearchParams({ csrfmiddlewaretoken: field("csrfmiddlewaretoken").value });
    fault.hidden = true;
    link.dispatchEvent(new CustomEvent("wellbeing:works", { bubbles: true }));
    fetch(link.dataset.take, { method: "POST", body: sent, redirect: "manual", signal: AbortSignal.timeout(15000) }).then(function (answer) {
      return answer.status === 200 ? answer.json().then(put) : Promise.reject(answer.status);
    }).catch(function () { fault.hidden = false; }).then(function () {
      document.dispatchEvent(new CustomEvent("wellbeing:rests"));
    });
  }
  form.addEventListener("click", function (event) {
    var link = event.target.closest("[data-take]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) { return; } // a new tab opens a sheet of its own
    event.preventDefault();
    take(link);
  });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "F7" || event.ctrlKey || event.altKey || event.metaKey) { return; }
    event.preventDefault();
    var links = reach();
    if (links.length === 1) { take(links[0]); } else if (links.length) { links[0].focus(); }
  });
  document.addEventListener("htmx:afterSettle", mark);
  mark();
  window.addEventListener("load", function () { // a sheet that was opened from the exchange's page
    if (form.dataset.rung) { field("caller_number").dispatchEvent(new Event("change", { bubbles: true })); }
  });
})();
