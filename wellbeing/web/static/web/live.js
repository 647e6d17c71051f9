// What moves without a reload: ticking clocks, the signal of new notices, a stale preview. Pages work without it.
(function () {
  "use strict";

  var meta = function (name) {
    var found = document.querySelector('meta[name="' + name + '"]');
    return found ? found.content : "";
  };
  var words = JSON.parse(meta("clock-words") || "{}");
  // The server's moment minus ours: the visitor's clock may be wrong, and the city's may be moved for a drill.
  var offset = Number(meta("server-time")) ? Number(meta("server-time")) - Date.now() : 0;

  function fill(pattern, values) {
    return pattern.replace(/\{(\w+)\}/g, function (_all, name) { return values[name]; });
  }

  // A kept form that was sent again after signing in: the press counts, only its token was old.
  document.querySelectorAll("form[data-go]").forEach(function (form) { leave(); form.submit(); });

  // The same units and limits as wellbeing/moments.py.
  function span(seconds) {
    var d = Math.floor(seconds / 86400), h = Math.floor((seconds % 86400) / 3600), m = Math.floor((seconds % 3600) / 60);
    if (d) { return fill(words.days, { d: d, h: h }); }
    if (h) { return fill(words.hours, { h: h, m: m }); }
    if (seconds >= 600) { return fill(words.minutes, { m: m }); }
    var s = seconds % 60;
    return fill(words.seconds, { m: m, s: (s < 10 ? "0" : "") + s });
  }

  function tick() {
    var now = Math.floor((Date.now() + offset) / 1000);
    document.querySelectorAll("time[data-due]").forEach(function (clock) {
      var seconds = Number(clock.dataset.due) - now;
      var text = fill(seconds >= 0 ? words.left : words.late, { time: span(Math.abs(seconds)) });
      if (clock.textContent !== text) { clock.textContent = text; }
      clock.classList.toggle("is-late", seconds < 0);
    });
  }

  function resync(root) {
    var stamp = root.querySelector && (root.matches("[data-now]") ? root : root.querySelector("[data-now]"));
    if (stamp) { offset = Number(stamp.dataset.now) - Date.now(); }
  }

  // -- the signal: the title counts what waits, a red one sounds where the visitor switched sound on --
  // What was known on the page before is known here: what came between the two is new, and is heard.
  var title = document.title, known = JSON.parse(sessionStorage.getItem("notices") || "null"), sound = null;
  var switcher = document.getElementById("sound-switch");

  function soundOn() { return localStorage.getItem("sound") === "on"; }
  function showSound() {
    if (!switcher) { return; }
    switcher.hidden = false;
    switcher.setAttribute("aria-pressed", String(soundOn()));
    switcher.textContent = soundOn() ? switcher.dataset.on : switcher.dataset.off;
  }
  function chime() {
    if (!soundOn()) { return; }
    sound = sound || new (window.AudioContext || window.webkitAudioContext)();
    sound.resume().then(function () {
      [0, 0.35, 0.7].forEach(function (delay, turn) {
        var tone = sound.createOscillator(), gain = sound.createGain(), at = sound.currentTime + delay;
        tone.frequency.value = turn === 1 ? 660 : 880;
        gain.gain.setValueAtTime(0.0001, at);
        gain.gain.exponentialRampToValueAtTime(0.25, at + 0.02);
        gain.gain.exponentialRampToValueAtTime(0.0001, at + 0.3);
        tone.connect(gain).connect(sound.destination);
        tone.start(at);
        tone.stop(at + 0.32);
      });
    });
  }
  function signal() {
    var box = document.getElementById("inbox-list");
    if (!box) { return; }
    var ids = Array.prototype.map.call(box.querySelectorAll("[data-notice]"), function (one) { return one.dataset.notice; });
    var fresh = known === null ? [] : ids.filter(function (id) { return known.indexOf(id) < 0; });
    document.title = (ids.length ? "(" + ids.length + ") " : "") + title;
    if (fresh.length) {
      say(box.dataset.say);
      if (box.querySelector('[data-tier="red"]')) { chime(); }
      document.dispatchEvent(new CustomEvent("wellbeing:notices", { detail: { count: ids.length, fresh: fresh.length } }));
    }
    known = ids;
    sessionStorage.setItem("notices", JSON.stringify(ids));
  }

  // -- and where none arrives any more, whatever the reason, every page says so --
  var lost = document.getElementById("notices-stale"), heard = Date.now(), DEAF = 30000, WAKES = 10000;

  document.addEventListener("htmx:afterRequest", function (event) {
    var answer = event.detail.target && event.detail.target.id === "inbox-body" && event.detail.successful && event.detail.xhr;
    if (answer && !answer.getResponseHeader("HX-Redirect")) { heard = Date.now(); }
  });
  document.addEventListener("visibilitychange", function () { heard = Math.max(heard, Date.now() - DEAF + WAKES); }); // a hidden page asks seldom
  if (lost) { window.setInterval(function () { lost.hidden = Date.now() - heard < DEAF; }, 1000); }
  function say(text) {
    var mouth = document.getElementById("live-words");
    if (mouth && text && mouth.textContent !== text) { mouth.textContent = text; }
  }

  if (switcher) {
    switcher.addEventListener("click", function () {
      localStorage.setItem("sound", soundOn() ? "off" : "on");
      showSound();
      chime();
    });
    // Read when somebody looks: what a browser keeps has to be fetched from another process, and the page waits for it.
    document.getElementById("inbox").addEventListener("click", showSound, { once: true });
  }

  // -- a preview no longer shows what would be sent once its form changed --
  document.querySelectorAll("form[data-preview]").forEach(function (form) {
    form.addEventListener("input", function () {
      var preview = document.getElementById(form.dataset.preview), send = form.elements.namedItem("send");
      if (preview) { preview.classList.add("is-stale"); }
      if (send) { send.hidden = true; }
    });
  });

  // -- where the address names a place (as after the way past the head), a browser takes the focus there and not to what
  // asks for it: what was refused, or what is to be read before it goes, would not be found without a pointer --
  window.addEventListener("pageshow", function (event) {
    var first = location.hash && !event.persisted && document.querySelector("main [autofocus]");
    if (first) { first.focus(); }
  });

  // -- a second click on a sending form does nothing; the key in it makes even that harmless, so that one which was stopped
  // on its way, or has waited for a minute, may be sent again. Without a line a form stays where it is, with what was typed:
  // the browser's own page would take its place, and come back empty --
  var RESEND = 60000;

  function sendable() { document.querySelectorAll("form[data-sent]").forEach(function (form) { delete form.dataset.sent; }); }
  document.addEventListener("submit", function (event) {
    if (Date.now() - Number(event.target.dataset.sent || 0) < RESEND) { event.preventDefault(); return; }
    if (event.target.method === "post" && !event.defaultPrevented && !navigator.onLine) { event.preventDefault(); away("away"); return; }
    if (event.target.method === "post") { event.target.dataset.sent = Date.now(); }
    if (!event.defaultPrevented && !stays(event.target)) { leave(); work(event.target); }
  });
  function stay() {
    sendable();
    rest();
  }
  window.addEventListener("pageshow", function () { stay(); tick(); });

  // -- a session that has ended leads to the page of signing in, but never away from what somebody has typed, here or on
  // the page that this one answers, which gives it back: that is kept when it is sent (web/resend.html) --
  var typed = "answered" in document.body.dataset && Array.prototype.some.call(document.querySelectorAll("form[method=post] textarea"), function (one) {
    return one.value.trim();
  });

  document.addEventListener("input", function (event) {
    typed = typed || Boolean(event.target.form && event.target.form.method === "post");
  });
  document.addEventListener("htmx:beforeOnLoad", function (event) {
    if (typed && event.detail.xhr.getResponseHeader("HX-Redirect")) { event.preventDefault(); }
  });

  // -- whoever leaves words that nobody has yet is asked first. A sheet keeps itself (web/draft.js), and what was refused
  // stands only here --
  function unsent(form) {
    if (form.method !== "post" || form.dataset.draft || form.dataset.sent) { return false; }
    return Array.prototype.some.call(form.querySelectorAll("textarea"), function (one) {
      return one.value.trim() && (one.value !== one.defaultValue || document.getElementById("faults"));
    });
  }
  window.addEventListener("beforeunload", function (event) {
    if (!typed || !Array.prototype.some.call(document.forms, unsent)) { return; }
    event.preventDefault();
    window.setTimeout(stay, 0); // after the answer: who stays has sent nothing, and nothing is under way
  });

  // -- whatever takes more than a second says so; a form may say what it does in data-busy. What opens beside this page or
  // comes as a file (download, data-file) leaves it as it is: nothing would ever end what it says --
  var busy = document.getElementById("busy"), begun = 0, beat = 0;

  function stays(source) {
    return source.matches("[target='_blank'], [download], [data-file]");
  }
  function leads(event) { // the link that a plain click follows away from this page
    var link = event.target.closest("a[href]"), asks = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
    if (!link || event.defaultPrevented || event.button || asks || stays(link) || !/^https?:$/.test(link.protocol)) { return null; }
    return link.hash && link.href.split("#")[0] === location.href.split("#")[0] ? null : link;
  }
  // The way back to a page that answered a form (a search, a preview, a fault beside its field): a browser keeps none, and
  // would show a fault of its own. Once it is left, its place is its address: the form, empty where the words are a search's.
  function leave() {
    if ("answered" in document.body.dataset) { history.replaceState(history.state, "", location.href); }
  }
  function work(source) {
    var sent = source.method === "post";
    rest();
    begun = Date.now();
    beat = window.setInterval(function () {
      var seconds = Math.floor((Date.now() - begun) / 1000), line = busy.querySelector("p");
      if (busy.hidden) { line.textContent = source.dataset.busy || (sent ? line.dataset.text : line.dataset.opens); }
      busy.querySelector("progress").hidden = false;
      busy.hidden = false;
      busy.querySelector("output").textContent = seconds + " s";
    }, 1000);
  }
  function away(text) {
    var line = busy.querySelector("p");
    rest();
    busy.querySelector("progress").hidden = true;
    busy.querySelector("output").textContent = "";
    busy.hidden = false;
    line.textContent = line.dataset[text];
  }
  window.addEventListener("online", rest);
  function rest() {
    window.clearInterval(beat);
    if (busy) { busy.hidden = true; }
  }
  // Words that are shut open in the place that their link names: one listener for a page of them, where htmx would have
  // to get each ready before the page answers.
  function opens(event) {
    var link = leads(event), place = link && window.htmx && link.dataset.opens;
    if (!place) { return; }
    event.preventDefault();
    window.htmx.ajax("GET", link.href, { source: link, event: event, target: "#" + place, swap: "innerHTML" });
  }
  document.addEventListener("click", function (event) {
    opens(event);
    var link = leads(event);
    if (link && !navigator.onLine) { event.preventDefault(); away("shut"); } else if (link) { leave(); work(link); }
  });
  document.addEventListener("keydown", function (event) { if (event.key === "Escape") { sendable(); rest(); } }); // it stops a browser's way
  // What another script asks for.
  document.addEventListener("wellbeing:works", function (event) { work(event.target); });
  document.addEventListener("wellbeing:rests", rest);
  // A part of the page that somebody asked for, not one that renews itself.
  document.addEventListener("htmx:beforeRequest", function (event) {
    if (/^(click|submit)$/.test((event.detail.requestConfig.triggeringEvent || {}).type)) { work(event.detail.elt); }
  });
  document.addEventListener("htmx:afterRequest", function (event) {
    if (/^(click|submit)$/.test((event.detail.requestConfig.triggeringEvent || {}).type)) { rest(); }
  });

  ["htmx:sendError", "htmx:timeout"].forEach(function (kind) {
    document.addEventListener(kind, function (event) {
      if (/^(click|submit)$/.test((event.detail.requestConfig.triggeringEvent || {}).type)) { away("shut"); }
    });
  });

  // -- the board: by keyboard, right at once after the laptop slept, and honest when the connection is lost --
  var board = document.getElementById("board"), renewed = Date.now(), STALE = 20000;

  function move(step) {
    var links = Array.prototype.slice.call(document.querySelectorAll('#board a[id^="row-"]'));
    var row = document.activeElement && document.activeElement.closest("tr");
    var here = links.findIndex(function (link) { return row && row.contains(link); });
    var next = links[Math.min(links.length - 1, Math.max(0, here + step))];
    if (next) { next.focus(); }
  }
  function onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) { return; }
    var key = event.key.toLowerCase(), row = document.activeElement && document.activeElement.closest("tr");
    if (key === "j") { move(1); } else if (key === "k") { move(-1); }
    else if (key === "a") {
      var button = (row || document.getElementById("board")).querySelector('[id^="take-"]');
      if (button) { button.focus(); }
    } else if ("01234".indexOf(key) >= 0 && key.length === 1) {
      var tile = document.querySelectorAll(".tiles .tile")[Number(key)];
      if (tile) { tile.click(); }
    }
  }
  function wake() {
    if (board && document.visibilityState === "visible" && Date.now() - renewed > 5000 && window.htmx) {
      window.htmx.trigger("#board", "wake");
    }
  }
  function watch() {
    var note = document.getElementById("board-stale");
    if (note) { note.hidden = Date.now() - renewed < STALE; }
  }
  if (board) {
    document.addEventListener("keydown", onKey);
    document.addEventListener("visibilitychange", wake);
    window.addEventListener("focus", wake);
    window.addEventListener("online", wake);
    window.setInterval(watch, 1000);
  }

  // -- any other part that is renewed says so when it cannot be, or not soon: [data-stale-for] names it, and says in
  // [data-stale-at] of when it is. data-empties: what stands there is of something else by then, and goes at once. What
  // would not ask again by itself has data-again, and is told to by the event "again" --
  var SOON = 4000, AGAIN = 3000, loaded = Date.now() + offset, parts = {};

  function part(event) {
    var id = event.detail.target && event.detail.target.id, note = id && document.querySelector('[data-stale-for="' + id + '"]');
    if (!note) { return null; }
    parts[id] = parts[id] || { note: note, id: id, at: loaded, timer: 0, again: 0 };
    return parts[id];
  }
  function stale(one) {
    var at = one.note.querySelector("[data-stale-at]");
    if (at) { at.textContent = new Date(one.at + 8 * 3600e3).toISOString().slice(11, 16); } // the city's time
    one.note.hidden = false;
  }
  function failed(one, asker) {
    stale(one);
    window.clearTimeout(one.again);
    if (!asker.hasAttribute("data-again")) { return; }
    one.again = window.setTimeout(function () { window.htmx.trigger(asker, "again"); }, AGAIN);
  }
  document.addEventListener("htmx:beforeRequest", function (event) {
    var one = part(event);
    if (!one) { return; }
    window.clearTimeout(one.again);
    if (one.note.hasAttribute("data-empties")) { document.getElementById(one.id).replaceChildren(); }
    one.timer = one.timer || window.setTimeout(function () { one.timer = 0; stale(one); }, SOON);
  });
  ["htmx:afterRequest", "htmx:sendError", "htmx:timeout"].forEach(function (kind) {
    document.addEventListener(kind, function (event) {
      var one = part(event), answered = kind === "htmx:afterRequest";
      if (!one || (answered && !event.detail.xhr.status)) { return; } // no answer: a newer question took its place, or says so itself
      window.clearTimeout(one.timer);
      one.timer = 0;
      if (!answered || !event.detail.successful) { failed(one, event.detail.requestConfig.elt); return; }
      one.at = Date.now() + offset;
      one.note.hidden = true;
    });
  });

  // A file above the limit is said to be so before it travels; the server judges again.
  document.addEventListener("change", function (event) {
    var limit = Number(event.target.dataset && event.target.dataset.limit), file = limit && event.target.files[0];
    if (!limit) { return; }
    event.target.setCustomValidity(file && file.size > limit ? event.target.dataset.tooLarge : "");
    event.target.reportValidity();
  });
  // On paper nothing can be opened: what is folded away is printed open.
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("main details.more:not([open])").forEach(function (one) { one.open = true; one.dataset.paper = ""; });
  });
  window.addEventListener("afterprint", function () {
    document.querySelectorAll("details[data-paper]").forEach(function (one) { one.open = false; delete one.dataset.paper; });
  });
  document.addEventListener("htmx:afterSettle", function (event) {
    if (event.target.id === "board") { renewed = Date.now(); watch(); }
    resync(event.target);
    tick();
    signal();
  });
  // Waking from sleep or coming back to the tab: right at once, not at the next second.
  document.addEventListener("visibilitychange", tick);
  window.addEventListener("focus", tick);
  window.setInterval(tick, 1000);
  tick();
  signal();
})();
