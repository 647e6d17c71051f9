// A form whose every keystroke is safe: at once in this browser (box.js), within two seconds on the server. Any form
// with data-draft may use it: data-draft (id), -kind, -version, -user, -key, -save, -standing, -token, -here (its own
// address once it is saved). What it says stands in the page: [data-draft-says] with a child [data-say=…] per state.
(function () {
  "use strict";

  var form = document.querySelector("form[data-draft]");
  if (!form) { return; }
  var INTERVAL = 1500, RETRY = 2000, SLOW = 2000, REST = 400;
  var box = window.wellbeingBox, set = form.dataset, id = set.draft;
  var base = Number(set.version); // the version that the server has of what stands here
  var typed = 0, saved = 0; // changes made, and those that the server has answered for
  var wanted = 0, kept = 0, ready = false; // what this browser is to keep, what it keeps, whether it was looked at
  var firm = 0, rest = null; // what of that is on the disk itself; until typing rests
  var pending = null; // what was sent and not answered: sent again as it was, with its key
  var waiting = null, keeping = false, flying = null, stopped = "", logging = false;
  var heard = false; // a save under way was waited for before sending
  var staying = false; // to be logged while the call goes on: the page stays, and so does what is typed

  box.unlock(set.key);

  // -- what stands in the form --
  function fields() {
    return Array.from(form.elements).filter(function (one) {
      return one.name && !/^(csrfmiddlewaretoken|key|goes_on)$/.test(one.name) && !/^(submit|button|file|fieldset)$/.test(one.type);
    });
  }
  function words() {
    var found = {};
    fields().forEach(function (one) {
      if (one.type === "checkbox") {
        found[one.name] = found[one.name] || [];
        if (one.checked) { found[one.name].push(one.value); }
      } else if (one.type === "radio") {
        if (one.checked) { found[one.name] = one.value; }
      } else { found[one.name] = one.value; }
    });
    return found;
  }
  function fill(values) {
    fields().forEach(function (one) {
      if (!(one.name in values)) { return; }
      var value = values[one.name], chosen = [].concat(value);
      if (one.type === "checkbox" || one.type === "radio") { one.checked = chosen.indexOf(one.value) >= 0; }
      else { one.value = value; }
    });
    form.dispatchEvent(new CustomEvent("wellbeing:filled", { bubbles: true }));
  }

  // -- what the page says --
  function speak(place, state) {
    document.querySelectorAll(place).forEach(function (line) {
      line.dataset.state = state;
      line.querySelectorAll("[data-say]").forEach(function (one) { one.hidden = one.dataset.say !== state; });
    });
  }
  function show(state) {
    set.state = state;
    speak("[data-draft-says]", state);
  }

  // -- in this browser: each key at once, which outlives the browser; and when typing rests onto the disk, which
  // outlives the machine. A key that waited for the disk could be lost with the browser. --
  function keep() {
    wanted += 1;
    window.clearTimeout(rest);
    rest = window.setTimeout(function () { rest = null; write(); }, REST);
    write();
  }
  function write() {
    var needed = saved !== typed || pending || logging, hard = kept === wanted && rest === null;
    if (!box.able || !ready || keeping || (kept === wanted && !(hard && needed && firm !== kept))) { return; }
    var mark = wanted;
    keeping = true;
    box.put(id, { base: base, words: words(), pending: pending, kind: set.kind, logging: logging }, hard).then(function () {
      keeping = false;
      kept = mark;
      if (hard) { firm = mark; }
      if (saved === typed && !pending && !logging) { box.drop(id); } else { write(); }
    }, function () { keeping = false; });
  }

  // -- on the server --
  function plan(delay) {
    if (waiting === null && !stopped) { waiting = window.setTimeout(function () { waiting = null; save(); }, delay); }
  }
  function token() { return form.querySelector("[name=csrfmiddlewaretoken]").value; }
  function body() {
    var sent = new URLSearchParams();
    sent.set("csrfmiddlewaretoken", token());
    sent.set("draft", id);
    sent.set("kind", set.kind);
    sent.set("base", pending.base);
    sent.set("key", pending.key);
    sent.set("words", JSON.stringify(pending.words));
    return sent;
  }
  function save() {
    if (!flying && !stopped && (set.state === "signed-out" || set.state === "another")) { return renew(); }
    if (flying || stopped || (!pending && saved === typed)) { return flying || Promise.resolve(); }
    var mark = typed;
    if (!pending) { pending = { key: crypto.randomUUID(), base: base, words: words(), mark: mark }; }
    keep(); // with what is under way
    show("saving");
    var late = new AbortController(), timer = window.setTimeout(function () { late.abort(); }, 15000);
    flying = fetch(set.save, { method: "POST", body: body(), redirect: "manual", signal: late.signal })
      .then(answered, function () { show(cut()); plan(RETRY); })
      .then(function () { window.clearTimeout(timer); flying = null; if (!stopped && !pending) { settle(); } });
    return flying;
  }
  function answered(answer) {
    if (answer.status === 200) {
      base = pending.base + 1;
      saved = pending.mark;
      pending = null;
      show(saved === typed ? "saved" : "typing");
      if (set.here && location.pathname !== set.here) { history.replaceState(null, "", set.here); }
      return null;
    }
    if (answer.status === 409 || answer.status === 422) {
      return answer.json().then(function (stands) { return refused(stands); });
    }
    if (answer.status >= 500) { show(cut()); plan(RETRY); return null; }
    if (answer.status === 0 || answer.status === 403) { return renew(); } // to the page of signing in, or an old token
    return refused({ state: "invalid" });
  }
  function cut() { return !box.able ? "lost" : staying || logging ? "will-log" : "offline"; }
  function refused(stands) {
    pending = null;
    if (stands.state === "open") { return differ(stands); }
    stopped = stands.state;
    set.url = stands.url || "";
    show(stands.state);
    document.querySelectorAll("[data-draft-case]").forEach(function (one) { one.hidden = !set.url; one.href = set.url; });
    return null;
  }
  // Everything answered for: nothing is left to keep. More was typed meanwhile: the next one.
  function settle() {
    if (staying) { log(); }
    if (saved !== typed) { plan(INTERVAL); return; }
    if (box.able && !logging) { box.drop(id).then(function () { if (saved !== typed) { keep(); } }); }
    if (logging) { form.requestSubmit(); }
  }
  // The session ended: what is typed stays here, and goes on by itself when the same person has signed in again.
  function renew() {
    return fetch(set.token, { redirect: "manual" }).then(function (answer) {
      return answer.status === 200 ? answer.json() : null;
    }).then(function (fresh) {
      if (!fresh || String(fresh.user) !== set.user) { show(fresh ? "another" : "signed-out"); plan(RETRY); return; }
      document.querySelectorAll("[name=csrfmiddlewaretoken]").forEach(function (one) { one.value = fresh.token; });
      box.unlock(fresh.key);
      if (logging || staying) { typed += 1; } // what was sent off while signed out goes now, without a second press
      show(saved === typed ? "saved" : "typing");
      plan(0);
    }, function () { show("offline"); plan(RETRY); });
  }

  // What polls on this page must not lead away from it to the page of signing in.
  document.addEventListener("htmx:beforeOnLoad", function (event) {
    if (!event.detail.xhr.getResponseHeader("HX-Redirect")) { return; }
    event.preventDefault();
    if (!stopped && !flying) { show("signed-out"); plan(RETRY); }
  });

  // -- two devices: both texts, and the person decides --
  function differ(stands) {
    var mine = words(), theirs = stands.words || {};
    var names = Object.keys(mine).filter(function (name) {
      return String(mine[name] || "") !== String(name in theirs ? theirs[name] : "");
    });
    base = stands.version;
    if (!names.length) { saved = typed; show("saved"); return; }
    stopped = "conflict";
    show("conflict");
    window.wellbeingConflict(form, names, mine, theirs, function (chosen) {
      stopped = "";
      fill(chosen);
      touch();
      save();
    });
  }

  function touch() {
    typed += 1;
    keep();
    if (!stopped && !waiting) { plan(INTERVAL); }
    if (set.state === "saved" || !set.state) { show("typing"); }
  }
  form.addEventListener("input", touch);
  form.addEventListener("wellbeing:changed", touch);

  function hurry() {
    if (waiting !== null) { window.clearTimeout(waiting); waiting = null; }
    return save();
  }
  window.addEventListener("online", hurry);
  window.addEventListener("focus", function () { if (set.state !== "saved" && typed !== saved) { hurry(); } });
  document.addEventListener("visibilitychange", function () {
    if (document.visibilityState === "hidden") { hurry(); } else { look(); }
  });
  // Leaving: what was not sent yet goes along, as far as a browser takes it; the rest is kept.
  window.addEventListener("pagehide", function () {
    if (stopped || logging || (!pending && saved === typed)) { return; }
    if (!pending) { pending = { key: crypto.randomUUID(), base: base, words: words(), mark: typed }; }
    navigator.sendBeacon(set.save, body());
  });

  // Another tab or device may have gone on: where nothing waits here, show what stands there.
  function look(anew) {
    if (stopped || (!anew && (typed !== saved || !base))) { return; }
    fetch(set.standing + "?since=" + base, { redirect: "manual" }).then(function (answer) {
      return answer.status === 200 ? answer.json() : null;
    }).then(function (stands) {
      if (!stands) { return; }
      if (stands.state === "ended") { if (stands.url) { location.replace(stands.url); } else { refused(stands); } }
      else if (stands.words && typed === saved) { base = stands.version; fill(stands.words); }
    }, function () {});
  }
  window.addEventListener("pageshow", function (event) { logging = false; if (event.persisted) { look(true); } });

  // -- logging while the call goes on: the page stays as it is, whatever the line does --
  var beat = 0, anew = false; // while it is under way; pressed again meanwhile

  function log() {
    if (beat) { anew = true; return; }
    var sent = new URLSearchParams(new FormData(form)), late = new AbortController(), mark = typed, began = Date.now();
    var timer = window.setTimeout(function () { late.abort(); }, 15000);
    sent.set("goes_on", "1");
    staying = anew = false;
    speak("[data-sending]", "sending"); // at once: whoever waits for it holds a caller on the line
    beat = window.setInterval(function () {
      speak("[data-sending]", box.able ? "slow" : "slow-open");
      document.querySelectorAll("[data-sending] output").forEach(function (one) {
        one.textContent = Math.floor((Date.now() - began) / 1000) + " s";
      });
    }, SLOW);
    function over() {
      window.clearTimeout(timer);
      window.clearInterval(beat);
      beat = 0;
      speak("[data-sending]", "");
      if (anew && !staying && typed !== mark) { log(); }
    }
    function again() { staying = true; show(cut()); typed += 1; plan(RETRY); }
    fetch(form.action, { method: "POST", body: sent, headers: { Accept: "application/json" }, redirect: "manual", signal: late.signal })
      .then(function (answer) {
        if (answer.status === 200) {
          return answer.json().then(function (found) { form.dispatchEvent(new CustomEvent("wellbeing:logged", { detail: found })); });
        }
        if (answer.status === 0 || answer.status === 403) { staying = true; return renew(); }
        if (answer.status >= 500) { return again(); }
        return whole(); // refused: the page says why, beside the field
      }, again)
      .then(over, over);
  }
  function whole() {
    var mark = document.createElement("input");
    mark.type = "hidden"; mark.name = "goes_on"; mark.value = "1";
    form.append(mark);
    logging = true;
    form.submit();
  }

  // -- sending: at once while the line holds; else it waits here and goes by itself when the line is back --
  form.addEventListener("submit", function (event) {
    if (stopped === "conflict" || stopped === "ended") { event.preventDefault(); event.stopPropagation(); show(stopped); return; }
    var broken = /^(offline|will-log|signed-out)$/.test(set.state) || !navigator.onLine;
    if (event.submitter && event.submitter.hasAttribute("data-stay")) {
      event.preventDefault();
      event.stopPropagation();
      if (!broken) { log(); return; }
      staying = true;
      touch();
      show("will-log");
      hurry();
      return;
    }
    // A save under way is heard first, for a moment: the page that comes instead would not know of its version.
    if (!broken && flying && !heard) {
      event.preventDefault();
      event.stopPropagation();
      heard = true;
      Promise.race([flying, new Promise(function (done) { window.setTimeout(done, 1000); })]).then(function () {
        if (!logging) { form.requestSubmit(); }
        heard = false;
      });
      return;
    }
    logging = true;
    if (!broken) {
      if (waiting !== null) { window.clearTimeout(waiting); waiting = null; }
      keep();
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    touch();
    show("will-log");
    hurry();
  });
  document.addEventListener("submit", function (event) {
    if (event.target === form || saved === typed || event.defaultPrevented || !/sign-out/.test(event.target.action)) { return; }
    event.preventDefault(); // signing out clears this browser: first what was typed goes to the server
    event.stopImmediatePropagation();
    hurry().then(function () { if (set.state === "saved") { event.target.submit(); } });
  }, true);

  // -- coming back: what a crash, a closed tab or a lost line left in this browser --
  function back(row) {
    ready = true;
    if (set.bound) { touch(); return; } // a sending that was refused: what stands here is the newest
    if (!row) { write(); return; }
    if (typed) { differ({ version: base, words: row.words }); return; } // faster than the disk
    if (JSON.stringify(row.words) === JSON.stringify(words())) { box.drop(id); show("saved"); return; } // it had arrived
    pending = row.pending;
    if (pending) { pending.mark = 0; base = pending.base; } else if (row.base < base) { apart(row); return; }
    fill(row.words);
    touch();
    hurry();
  }
  function apart(row) { // the server went on meanwhile: both texts
    var theirs = words();
    fill(row.words);
    typed += 1;
    differ({ version: base, words: theirs });
  }
  // Other sheets that this browser still holds; one that became a case is put away, unless more was typed after that.
  function list(ids) {
    var shelf = document.querySelector("[data-draft-kept]");
    ids.filter(function (one) { return shelf && one !== id; }).forEach(function (one) {
      box.get(one).then(function (row) {
        if (!row || row.kind !== set.kind) { return null; }
        return fetch(set.standing.replace(id, one), { redirect: "manual" }).then(function (answer) {
          return answer.status === 200 ? answer.json() : { state: "open" };
        }).then(function (stands) {
          if (stands.state === "ended" && row.logging) { return box.drop(one); }
          var item = shelf.querySelector("template").content.cloneNode(true).firstElementChild;
          item.querySelector("a").href = shelf.dataset.draftKept.replace(id, one);
          item.querySelector("pre").textContent = Object.values(row.words).flat().filter(Boolean).join("\n");
          item.querySelector("button").hidden = stands.state !== "ended";
          item.querySelector("button").addEventListener("click", function () { box.drop(one); item.remove(); });
          shelf.querySelector("ul").append(item);
          shelf.hidden = false;
          return null;
        });
      });
    });
  }
  if (!box.able && set.bound) { touch(); }
  if (box.able) {
    box.get(id).then(back, function () { ready = true; });
    box.ids().then(list, function () {});
  }
})();
