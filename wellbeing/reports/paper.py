"""The oversight pages as blocks of a printed sheet: what the page shows, in its order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from wellbeing.reports.oversight import Line, Tile
from wellbeing.reports.sheets import Block, Sheet


def of_subject(page: Mapping[str, Any]) -> Iterator[Block]:
    """A subject: what is open, the figures, the trend, the patterns, the divisions, the months."""
    if page["open_now"]:
        columns = ("red_open", "red_overdue", "orange_open", "orange_overdue")
        heads = (_("Red, open"), _("Red, overdue"), _("Orange, open"), _("Orange, overdue"))
        rows = [[line["name"], *(line[name] for name in columns)] for line in page["open_now"]]
        yield Block(_("Open now"), [_("Division"), *heads], rows)
    if page["chain"]:
        links = [[part["title"], line["label"], line["text"]] for part in page["chain"] for line in part["lines"]]
        yield Block(_("From education to resolution"), ["", _("Figure"), _("Twelve months")], links)
    heads = (_("Figure"), _("Since then, so far"), _("Last month"), _("Twelve months"))
    rows = [[row["label"], row["running"], row["month"], row["year"]] for row in page["rows"]]
    yield Block(_("Figures"), heads, rows)
    if any(point.value is not None for point in page["trend"]):
        title = _("Month by month: %(label)s") % {"label": page["chosen"]["label"]}
        yield Block(title, bars=[(p.label, p.value or 0, p.text.removeprefix("≈ ")) for p in page["trend"]])
    for one in page["patterns"]:
        yield Block(one["title"], bars=[(bar.label, bar.value, bar.text.removeprefix("≈ ")) for bar in one["bars"]])
    if page["topics"]:
        rows = [[one["label"], one["text"], one["share"]] for one in page["topics"]]
        yield Block(_("What the calls were about"), [_("Topic"), _("Calls"), _("Share of these calls")], rows)
    if page["divisions"]:
        table = page["divisions"]
        rows = [[row["name"], *row["cells"]] for row in table["rows"]] + [[_("The whole city"), *table["total"]]]
        yield Block(_("By county and district, twelve months"), [_("Division"), *table["heads"]], rows)


def of_overview(page: Mapping[str, Any]) -> Sheet:
    """The director's page: the plan, the divisions, the subjects."""

    def tiles(which: str) -> Iterator[tuple[Tile, Line]]:
        return ((tile, line) for tile in page[which] for line in tile.lines)

    def rows() -> Iterator[tuple[str, str, str, str]]:
        for which in ("plan", "tiles", "registers"):
            for tile, line in tiles(which):
                yield tile.title, _named(line), line.text, line.note

    def blocks() -> Iterator[Block]:
        heads = (_("Subject"), _("Figure"), _("Amount"), _("Remark"))
        plan = [(tile.title, line.label, line.text, line.note) for tile, line in tiles("plan")]
        yield Block(_("What the plan asks for"), heads, plan)
        columns = (_("Division"), _("Schools with a teacher"), "", _("Red, open"), _("Orange, open"))
        lines = [(one.name, one.number, one.word, one.more["red"], one.more["orange"]) for one in page["places"]]
        yield Block(_("By county and district"), columns, lines)
        for tile in (*page["tiles"], *page["registers"]):
            told = [(_named(line), line.text, line.note) for line in tile.lines]
            yield Block(tile.title, (_("Figure"), _("Amount"), _("Remark")), told)

    return Sheet(_("The city at a glance"), [_("Subject"), _("Figure"), _("Amount"), _("Remark")], rows, blocks)


def _named(line: Line) -> str:
    return f"{_(TIER[line.tier])} {line.label}" if line.tier else line.label


TIER = {"red": "Red", "orange": "Orange"}
