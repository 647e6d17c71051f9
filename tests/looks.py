"""What a page is asked of its looks, beside what axe asks: each a function for a browser that gives the faults it finds.

`FOCUS` wants a keyboard to have been used on the page; `PRINTED` the width and the medium of a sheet of paper. `MET` finds
no faults: it spares `AXE` what it was asked before.
"""

from __future__ import annotations

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

# Of an element, its mark (::after, ::before) and those of what stands beside it: what a focus may change.
_SEEN = """
const seen = (one) => {
  const sides = ["Top", "Right", "Bottom", "Left"].map((side) => "border" + side + "Color");
  const of = (node, mark) => {
    const style = getComputedStyle(node, mark);
    const outline = style.outlineStyle === "none" ? "" : style.outlineWidth + style.outlineColor;
    return [outline, style.boxShadow, ...sides.map((side) => style[side])].join();
  };
  const beside = one.nextElementSibling;
  return [of(one), of(one.parentElement), ...(beside ? [of(beside), of(beside, "::after")] : [])].join("|");
};
const shown = (one) => one.checkVisibility({ visibilityProperty: true }) && one.getClientRects().length > 0;
const named = (one) => one.nodeName.toLowerCase() + (one.id ? "#" + one.id : "")
  + [...one.classList].map((name) => "." + name).join("");
"""

# One of each kind (tag, type and class) that the keyboard reaches: it looks another way when the focus is on it.
FOCUS = f"""() => {{ {_SEEN}
  const ways = "a[href], button, input, select, textarea, summary, [tabindex='0']", met = new Set(), found = [];
  for (const one of document.querySelectorAll(ways)) {{
    const kind = [one.nodeName, one.type || "", ...one.classList, ...one.parentElement.classList].join();
    if (met.has(kind) || one.disabled || one.tabIndex < 0 || !shown(one)) {{ continue; }}
    met.add(kind);
    document.activeElement.blur();
    const before = seen(one);
    one.focus({{ preventScroll: true, focusVisible: true }});
    if (document.activeElement !== one) {{ continue; }}
    if (seen(one) === before) {{ found.push(named(one) + " shows no focus"); }}
  }}
  document.activeElement.blur();
  return found;
}}"""

# For whoever asked for less motion: nothing runs or would run for longer than a blink.
MOTION = f"""() => {{ {_SEEN}
  const long = (times) => times.split(",").some((time) => parseFloat(time) > 0.1);
  const found = new Set();
  for (const one of document.querySelectorAll("body *")) {{
    if (!shown(one)) {{ continue; }}
    for (const mark of [null, "::before", "::after"]) {{
      const style = getComputedStyle(one, mark);
      if (style.transitionProperty !== "none" && long(style.transitionDuration)) {{ found.add(named(one) + " glides"); }}
      if (style.animationName !== "none" && long(style.animationDuration)) {{ found.add(named(one) + " is animated"); }}
      if (style.scrollBehavior === "smooth") {{ found.add(named(one) + " scrolls by itself"); }}
    }}
  }}
  return [...found];
}}"""

# The colour of a tier, of a warning or of a good end has its word: in it, at the head of its column, or beside a drawing.
COLOURS = f"""() => {{ {_SEEN}
  const found = new Set(), word = /[a-z\\u4e00-\\u9fff]/i;
  for (const one of document.querySelectorAll(".is-red, .is-orange, .is-yellow, .is-blue, .is-green, .is-late, .has-late")) {{
    const drawing = one.closest("svg"), said = drawing ? drawing.querySelector("desc, title") : one;
    const text = drawing ? said && said.textContent : one.innerText + (one.getAttribute("aria-label") || "");
    if (shown(one) && !one.closest("[data-label]") && !word.test(text || "")) {{ found.add(named(one) + " says by its colour alone"); }}
    if (one.matches(".tier") && shown(one) && !one.querySelector("svg path, svg rect, svg circle")) {{ found.add(named(one) + " has no shape"); }}
  }}
  return [...found];
}}"""

# A moment stands as the component writes it: near ones by name, the whole of it on hover. Paper and lists to choose from
# have no hover, and the words of a record stay as they were written.
MOMENTS = f"""() => {{ {_SEEN}
  const still = "time, option, .choice, svg, textarea, template, code, .signed-paper, .letter, .paper-only, .entry dd";
  const found = [], walk = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  for (let text = walk.nextNode(); text; text = walk.nextNode()) {{
    const place = text.parentElement;
    if (!/\\d{{4}}-\\d\\d-\\d\\d[ T]\\d\\d:\\d\\d/.test(text.data) || place.closest(still)) {{ continue; }}
    if (shown(place)) {{ found.push(named(place) + " says " + text.data.trim().slice(0, 40)); }}
  }}
  document.querySelectorAll("main time").forEach((one) => {{ if (!one.title && shown(one)) {{ found.push(named(one) + " has no whole moment"); }} }});
  return found;
}}"""

# For a thumb: what stands alone is 44 px high at least; a way within a sentence is as high as its line.
TAPS = f"""() => {{ {_SEEN}
  const ways = "a[href], button, summary, select, textarea, input:not([type=hidden])", found = new Set();
  for (const one of document.querySelectorAll(ways)) {{
    if (!shown(one) || one.disabled || one.closest(".visually-hidden, .visually-hidden-focusable, .skip, svg")) {{ continue; }}
    const among = [...one.parentElement.childNodes].some((node) => node.nodeType === 3 && node.data.trim().length > 1);
    if (among && one.matches("a") && getComputedStyle(one).display === "inline") {{ continue; }}
    const met = one.matches("[type=checkbox], [type=radio]") && one.labels.length ? one.labels[0] : one;
    const high = met.getBoundingClientRect().height;
    if (high < 43.5) {{ found.add(named(one) + " in " + named(one.parentElement) + " is " + Math.round(high) + " px high"); }}
  }}
  return [...found];
}}"""

# On paper: no ways and no buttons, and nothing that the edge of the sheet cuts off.
PRINTED = f"""() => {{ {_SEEN}
  const found = new Set(), edge = document.documentElement.clientWidth;
  for (const one of document.querySelectorAll("nav, button, .btn, input[type=submit], .skip, .no-print")) {{
    if (shown(one)) {{ found.add(named(one) + " is printed"); }}
  }}
  for (const one of document.querySelectorAll("main *")) {{
    if (!shown(one) || one.closest("svg, .visually-hidden, .visually-hidden-focusable")) {{ continue; }}
    const style = getComputedStyle(one), box = one.getBoundingClientRect();
    if (style.position === "absolute" && box.width <= 1) {{ continue; }}
    if (box.right > edge + 1) {{ found.add(named(one) + " ends " + Math.round(box.right - edge) + " px beyond the sheet"); break; }}
    if (style.overflowX !== "visible" && one.scrollWidth > one.clientWidth + 1 && !/^(TEXTAREA|INPUT|SELECT)$/.test(one.nodeName)) {{ found.add(named(one) + " is cut off"); }}
  }}
  return [...found];
}}"""

# Axe weighs each text against all that lies under it, which is most of its time, and most of a page was on the page before.
# A text is known by how it looks (colour, size, weight) and by every ground that it stands on, up to the page's: axe
# passes over one that looks like one that it has weighed, on whichever page and at whichever width. One that it would
# not weigh (a single letter, what is there for the ear alone, a field) makes nothing known. Gives the looks that are new.
MET = """(known) => {
  const met = new Set(known), fresh = [], grounds = new Map();
  const painted = (style) => [style.backgroundColor, style.backgroundImage, style.opacity, style.filter].join();
  const ground = (one) => {
    if (!one) { return ""; }
    if (!grounds.has(one)) {
      const marks = ["::before", "::after"].map((mark) => getComputedStyle(one, mark)).filter((style) => style.content !== "none");
      const own = [getComputedStyle(one), ...marks].map(painted).join("+");
      grounds.set(one, (own === "rgba(0, 0, 0, 0),none,1,none" ? "" : own + "/") + ground(one.parentElement));
    }
    return grounds.get(one);
  };
  const said = (one) => [...one.childNodes].map((node) => node.nodeType === 3 ? node.data.trim() : "").join("");
  const weighed = (one) => {
    const box = one.getBoundingClientRect();
    return said(one).length > 1 && box.width > 4 && box.height > 4 && !one.closest(".visually-hidden, .skip")
      && one.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  };
  for (const one of document.body.querySelectorAll("*")) {
    if (!said(one) || one.matches("input, select, textarea, option")) { continue; }
    const style = getComputedStyle(one);
    const type = [style.color, style.fontSize, style.fontWeight, style.textShadow, style.webkitTextStrokeWidth].join();
    const look = [type, !!one.closest(":disabled, [aria-disabled=true]"), ground(one)].join("|");
    if (met.has(look)) { one.dataset.met = ""; } else if (weighed(one)) { met.add(look); fresh.push(look); }
  }
  axe.configure({ rules: [{ id: "color-contrast", selector: "*:not([data-met])" }] });
  return fresh;
}"""

# What axe finds on a page that holds its script, with the looks that are new: asked of `known` looks as MET says.
AXE = f"""async ([rules, known]) => {{
  const met = ({MET})(known), how = {{ ...rules, resultTypes: ["violations"], preload: false, elementRef: false }};
  return [met, (await axe.run(document, how)).violations.map((one) => one.id + " at " + one.nodes[0].target)];
}}"""


def axe_faults(page: Page) -> list[str]:
    """What axe finds on this page by all of its rules."""
    page.evaluate(AXE_SCRIPT)
    found: list[str] = page.evaluate(AXE, [{}, []])[1]
    return found
