// The call desk: the running call's clock, the risk questions one key away, what a grave answer changes at once.
// Keys from anywhere: F2 risk questions, F4 the call begins or ends, F8 silent, F9 harassing, Ctrl+Enter log it: a grave one while the call
// runs stays on the sheet (web/draft.js), and the next time hands on what is new.
(function () {
  "use strict";

  var form = document.getElementById("sheet");
  if (!form) { return; }
  var RANK = ["red", "orange", "yellow"];
  var timer = document.getElementById("timer"), since = 0, ended = 0;
  var stamp = document.querySelector('meta[name="server-time"]');
  var offset = stamp && Number(stamp.content) ? Number(stamp.content) - Date.now() : 0;
  var field = function (name) { return form.elements.namedItem(name); };

  function changed() { form.dispatchEvent(new CustomEvent("wellbeing:changed")); }

  // -- the running call --
  function local(moment) { // as the field takes it, in the city's time
    return new Date(moment + 8 * 3600e3).toISOString().slice(0, 16);
  }
  function tick() {
    timer.dataset.state = since ? (ended ? "ended" : "running") : "idle";
    var seconds = since ? Math.max(0, Math.floor(((ended || Date.now() + offset) - since) / 1000)) : 0;
    var two = function (number) { return (number < 10 ? "0" : "") + number; };
    var text = (seconds >= 3600 ? Math.floor(seconds / 3600) + ":" : "") + two(Math.floor(seconds / 60) % 60) + ":" + two(seconds % 60);
    var face = timer.querySelector("output");
    if (face.textContent !== text) { face.textContent = text; }
    timer.querySelectorAll("[data-when]").forEach(function (one) { one.hidden = one.dataset.when !== timer.dataset.state; });
    keys();
  }
  function turn() {
    if (since && !ended) {
      ended = Date.now() + offset;
      field("length_min").value = Math.max(1, Math.round((ended - since) / 60000));
    } else {
      since = Date.now() + offset;
      ended = 0;
      field("started_at").value = local(since);
      field("length_min").value = "";
    }
    changed();
    tick();
  }
  function resume() { // of a draft: by what stands in it, which knows no seconds; of the exchange's call: to the second
    var from = Date.parse(field("started_at").value + "+08:00"), minutes = Number(field("length_min").value);
    var exact = Number(form.dataset.since);
    if (!from) { return; }
    if (exact && local(exact) === field("started_at").value) { from = exact; }
    since = from;
    ended = minutes ? from + minutes * 60000 : 0;
    tick();
  }
  timer.querySelector("button").addEventListener("click", turn);
  window.setInterval(tick, 1000);

  // -- logged, and the call goes on --
  function stays() { return timer.dataset.state === "running" && (!!form.dataset.logged || /^(red|orange)$/.test(gravest())); }
  function keys() {
    document.querySelectorAll("[data-ctrl]").forEach(function (one) { one.hidden = (one.dataset.ctrl === "stay") !== stays(); });
    document.querySelectorAll("[data-sheet]:not([data-at])").forEach(function (one) { one.hidden = (one.dataset.sheet === "logged") !== !!form.dataset.logged; });
    document.querySelectorAll("[data-sheet][data-at]").forEach(function (one) { if (form.dataset.logged) { one.hidden = true; } });
    form.querySelector("[data-stay]").disabled = timer.dataset.state !== "running"; // it keeps its place: hidden, it would move the sheet
    var panel = document.getElementById("logged"), told = field("division").value;
    panel.querySelector("[data-elsewhere]").hidden = !form.dataset.logged || !told || told === panel.dataset.division;
  }
  form.addEventListener("wellbeing:logged", function (event) {
    var panel = document.getElementById("logged"), found = event.detail, link = panel.querySelector("a");
    form.dataset.logged = "1";
    link.textContent = found.reference;
    link.href = found.url;
    panel.dataset.division = found.division;
    panel.querySelectorAll("[data-tier-is]").forEach(function (one) { one.hidden = one.dataset.tierIs !== found.tier; });
    panel.querySelector("[data-logged-at]").hidden = false;
    panel.querySelector("[data-logged-at] b").textContent = local(Date.now() + offset).slice(11);
    panel.hidden = false;
    keys();
  });

  // -- a grave answer --
  var alarms = {};
  form.dataset.alarms.split(" ").filter(Boolean).forEach(function (one) {
    var parts = one.split(":");
    alarms[parts[0]] = parts[1];
  });
  function gravest() {
    var found = Array.from(form.querySelectorAll("#risk input:checked")).map(function (one) {
      return alarms[one.name + "=" + one.value];
    });
    var proposed = document.getElementById("proposal");
    RANK.forEach(function (tier) { if (proposed && proposed.classList.contains("is-" + tier)) { found.push(tier); } });
    return RANK.find(function (tier) { return found.indexOf(tier) >= 0; }) || "";
  }
  function alarm() {
    var tier = gravest(), panel = document.getElementById("alarm"), desk = document.querySelector(".call-desk");
    if (panel.dataset.tier === tier) { return; }
    panel.dataset.tier = tier;
    panel.hidden = !tier;
    desk.dataset.tier = tier;
    panel.querySelectorAll("[data-at]").forEach(function (one) { one.hidden = one.dataset.at.split(" ").indexOf(tier) < 0; });
    keys();
  }
  function kind() {
    var chosen = form.querySelector("[name=call_kind]:checked"), code = chosen ? chosen.value : "";
    document.querySelectorAll("[data-kind-help]").forEach(function (one) { one.hidden = one.dataset.kindHelp !== code; });
  }
  function mark(code) {
    var input = form.querySelector('[name=call_kind][value="' + code + '"]');
    input.checked = !input.checked;
    input.dispatchEvent(new Event("change", { bubbles: true }));
    changed();
    kind();
  }
  form.addEventListener("change", function () { alarm(); kind(); });
  document.addEventListener("htmx:afterSettle", alarm);
  form.addEventListener("wellbeing:filled", function () {
    resume();
    alarm();
    kind();
    field("caller_number").dispatchEvent(new Event("change", { bubbles: true }));
  });

  // -- on a small screen the keys and the alarm stay at its head, and what is gone to comes to stand below them (call.css);
  // on a wide one nothing does, and nothing is measured before the page answers --
  var bar = document.querySelector(".call-now"), panel = document.getElementById("alarm"), room = document.documentElement.style;
  var small = window.matchMedia("(max-width: 1199.98px)");
  function high() {
    var stays = function (one) { return getComputedStyle(one).position === "sticky" ? one.offsetHeight : 0; };
    room.setProperty("--bar", stays(bar) + "px");
    room.setProperty("--over", stays(bar) + stays(panel) + "px");
  }
  var heights = new ResizeObserver(high);
  function watch() {
    [bar, panel].forEach(function (one) { if (small.matches) { heights.observe(one); } else { heights.unobserve(one); } });
  }
  small.addEventListener("change", watch);
  watch();

  // -- on a narrow one the alarm, and what was logged, stand above the sheet (call.css): the keyboard meets them there too --
  var narrow = window.matchMedia("(max-width: 991.98px)"), logged = document.getElementById("logged");
  function place() {
    if (!narrow.matches) { document.querySelector(".call-helps").prepend(logged, panel); return; }
    bar.after(panel);
    document.querySelector(".call-rings").after(logged);
  }
  narrow.addEventListener("change", place);
  if (narrow.matches) { place(); }

  // -- keys --
  function risk() {
    var first = form.querySelector("#risk .field"), chosen = first.querySelector("input:checked") || first.querySelector("input");
    document.getElementById("risk").scrollIntoView({ block: "start" });
    chosen.focus({ preventScroll: true });
  }
  var KEYS = { F2: risk, F4: turn, F8: function () { mark("silent"); }, F9: function () { mark("harassing"); } };
  document.addEventListener("keydown", function (event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit(stays() ? form.querySelector("[data-stay]") : undefined);
      return;
    }
    var act = !event.ctrlKey && !event.altKey && !event.metaKey && KEYS[event.key];
    if (act) { event.preventDefault(); act(); }
  });
  document.querySelectorAll("[data-press]").forEach(function (button) {
    button.addEventListener("click", function () { KEYS[button.dataset.press](); });
  });

  var loaded = Date.now() + offset; // whoever types without having pressed the key took the call when the page came
  form.addEventListener("input", function () { if (!since) { since = loaded; tick(); } });
  if (form.dataset.begun) { resume(); }
  tick();
  alarm();
  kind();
})();
