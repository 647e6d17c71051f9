// What could not be sent yet waits in this browser, encrypted (AES-256-GCM). The key comes with a page of a signed-in
// session and is never stored; without it what lies here is noise. Signing out clears it (Clear-Site-Data).
(function () {
  "use strict";

  var NAME = "drafts", database = null, key = null, secret = null;

  function open() {
    database = database || new Promise(function (done, failed) {
      var asked = indexedDB.open("wellbeing", 1);
      asked.onupgradeneeded = function () { asked.result.createObjectStore(NAME); };
      asked.onsuccess = function () { done(asked.result); };
      asked.onerror = function () { failed(asked.error); };
    });
    return database;
  }
  function run(mode, act, hard) {
    return open().then(function (db) {
      return new Promise(function (done, failed) {
        var kind = { durability: hard ? "strict" : "relaxed" }; // on the disk, or with the system
        var work = db.transaction(NAME, mode, kind), asked = act(work.objectStore(NAME));
        work.oncomplete = function () { done(asked.result); };
        work.onerror = work.onabort = function () { failed(work.error); };
      });
    });
  }
  function imported() {
    key = key || crypto.subtle.importKey("raw", secret, "AES-GCM", false, ["encrypt", "decrypt"]);
    return key;
  }
  function place(id) { return new TextEncoder().encode("wellbeing draft " + id); }

  window.wellbeingBox = {
    // Plain HTTP anywhere but on this machine has no WebCrypto: nothing is kept then, and the page says so.
    able: Boolean(window.crypto && crypto.subtle && window.indexedDB),
    unlock: function (text) {
      secret = Uint8Array.from(atob(text), function (one) { return one.charCodeAt(0); });
      key = null;
    },
    // Where it is `hard` a machine that loses power has it, else a browser that is killed.
    put: function (id, value, hard) {
      var iv = crypto.getRandomValues(new Uint8Array(12));
      return imported().then(function (known) {
        var text = new TextEncoder().encode(JSON.stringify(value));
        return crypto.subtle.encrypt({ name: "AES-GCM", iv: iv, additionalData: place(id) }, known, text);
      }).then(function (sealed) {
        return run("readwrite", function (store) { return store.put({ iv: iv, sealed: sealed }, id); }, hard);
      });
    },
    // Null when there is none, or when it is another account's.
    get: function (id) {
      return run("readonly", function (store) { return store.get(id); }).then(function (row) {
        if (!row) { return null; }
        return imported().then(function (known) {
          return crypto.subtle.decrypt({ name: "AES-GCM", iv: row.iv, additionalData: place(id) }, known, row.sealed);
        }).then(function (text) { return JSON.parse(new TextDecoder().decode(text)); }, function () { return null; });
      });
    },
    ids: function () { return run("readonly", function (store) { return store.getAllKeys(); }); },
    drop: function (id) { return run("readwrite", function (store) { return store.delete(id); }); }
  };
})();
