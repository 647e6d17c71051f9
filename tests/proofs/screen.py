"""A Chromium that is shown pages as they were answered, and says what in them came alive.

No server stands behind it: the answers are given by the proof, style sheets and scripts from where they lie. The policy
of the page (CSP) only reports, so what is shown is that nothing had to be stopped.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.contrib.staticfiles import finders
from playwright.sync_api import Browser, Dialog, Route
from playwright.sync_api import Page as Tab

HERE = "http://127.0.0.1"
POLICY = "Content-Security-Policy"
# Before anything of a page runs: what a text would call, and what the browser says of the page's own policy.
LISTEN = """
window.heard = [];
window.zq = (...given) => { window.heard.push("ran"); };
for (const name of ["alert", "confirm", "prompt", "print"]) { window[name] = () => { window.heard.push(name); }; }
document.addEventListener("securitypolicyviolation", (event) => {
  window.heard.push(`policy ${event.effectiveDirective} ${event.blockedURI}`);
});
"""
# What of a document is alive though nobody of ours has written it.
ALIVE = """(root) => {
  const found = [...(root.defaultView?.heard || [])];
  const runs = (kind) => ["", "module", "text/javascript"].includes(kind);
  const look = (part) => part.querySelectorAll("*").forEach((one) => {
    const name = one.localName;
    for (const given of one.attributes) {
      if (given.name === "zq") { found.push(`<${name} zq>`); }
      if (/^on/.test(given.name)) { found.push(`<${name} ${given.name}>`); }
      if (/^(data-)?hx-|^style$|^srcdoc$/.test(given.name) && given.value.includes("zq")) { found.push(`<${name} ${given.name}>`); }
      if (/^(xlink:href|href|src|action|formaction|data|ping|poster|background|srcset)$/.test(given.name)) {
        try {
          const to = new URL(given.value, "http://127.0.0.1/");
          const elsewhere = ["javascript:", "vbscript:"].includes(to.protocol) || to.host === "zq.invalid";
          if (elsewhere || (name !== "img" && /^data:(text.html|image.svg|.*zq)/.test(to.href))) { found.push(`<${name} ${given.name}> to ${to.protocol}`); }
        } catch { /* no address */ }
      }
    }
    if (name === "style" && one.textContent.includes("zq")) { found.push("<style>"); }
    if (name === "script" && runs(one.type) && one.textContent.includes("zq")) { found.push("<script>"); }
    if (name === "template") { one.content ? look(one.content) : found.push("<template> of a drawing"); }
    if (one.shadowRoot) { look(one.shadowRoot); }
  });
  look(root);
  return found;
}"""
FRAMES = f"""() => {{
  const alive = {ALIVE};
  return [...document.querySelectorAll("iframe.try")].map((one) => {{
    try {{
      one.contentDocument.querySelectorAll("button.try").forEach((button) => button.click());
      return alive(one.contentDocument).length;
    }} catch {{ return 1; }}
  }});
}}"""


@dataclass
class Screen:
    """One tab; `kept` are the answers for what a page itself asks for later, by address."""

    tab: Tab
    kept: dict[str, Any] = field(default_factory=dict)
    answer: Any = None
    at: str = ""
    said: list[str] = field(default_factory=list)

    def show(self, address: str, answer: Any) -> list[str]:
        """Open a page as it was answered; everything that came alive, was asked elsewhere, or went wrong."""
        self.at, self.answer = f"/{address.lstrip('/')}", answer
        self.said.clear()
        self.tab.goto(HERE + self.at)
        return [*self.tab.evaluate(f"() => ({ALIVE})(document)"), *self.said]

    def tried(self, documents: Sequence[str]) -> list[bool]:
        """Whether anything comes alive in each of these documents, all at once in frames."""
        frames = "".join(f'<iframe class="try" srcdoc="{escape(one)}"></iframe>' for one in documents)
        self.show("/try/", f"<!doctype html><title>try</title>{frames}")
        self.tab.evaluate("() => new Promise((done) => setTimeout(done, 100))")
        return [bool(count) for count in self.tab.evaluate(FRAMES)]

    def asked(self, dialog: Dialog) -> None:
        """A dialog is a sign, but for the one by which a page asks whoever leaves words that nobody has yet: she leaves."""
        if dialog.type == "beforeunload":
            dialog.accept()
        else:
            self.said.append(f"dialog {dialog.type}")
            dialog.dismiss()

    def fulfil(self, route: Route) -> None:
        address = urlsplit(route.request.url)
        if f"{address.scheme}://{address.netloc}" != HERE:
            self.said.append(f"asked {address.netloc}")
            return route.abort()
        if address.path.startswith("/static/"):
            path = finders.find(address.path.removeprefix("/static/"))
            if not path:
                return route.fulfill(status=404)
            kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
            return route.fulfill(body=Path(path).read_bytes(), content_type=kind)
        place = address.path + (f"?{address.query}" if address.query else "")
        mine = place == self.at and route.request.is_navigation_request()
        answer = self.answer if mine else self.kept.get(place)
        # a script that asks for a part gets one from the product, never the page that was kept here
        part = "hx-request" in route.request.headers
        if part and not isinstance(answer, str) and answer is not None and answer.content.startswith(b"<!doctype"):
            return route.fulfill(status=204)
        # a script that asks for figures, and not for a page, is told as by the product that there are none: it reads no
        # page as JSON
        if route.request.resource_type == "fetch" and not part and (answer is None or "json" not in _kind(answer)):
            return route.fulfill(status=404)
        if answer is None or isinstance(answer, str):
            return route.fulfill(body=answer or "", content_type="text/html; charset=utf-8")
        headers = {name: value for name, value in answer.items() if name not in (POLICY, "Content-Length")}
        if policy := answer.get(POLICY):
            headers[f"{POLICY}-Report-Only"] = policy
        return route.fulfill(status=answer.status_code, headers=headers, body=answer.content)


def _kind(answer: Any) -> str:
    return "" if isinstance(answer, str) else str(answer.get("Content-Type", ""))


@contextmanager
def screen(chromium: Browser) -> Iterator[Screen]:
    """A tab of its own, closed after the block."""
    context = chromium.new_context(locale="zh-CN", service_workers="block")
    context.set_default_timeout(60_000)
    context.add_init_script(LISTEN)
    made = Screen(context.new_page())
    context.route("**/*", made.fulfil)
    made.tab.on("pageerror", lambda error: made.said.append(f"error {error.message[:80]}"))
    made.tab.on("dialog", made.asked)
    try:
        yield made
    finally:
        context.close()
