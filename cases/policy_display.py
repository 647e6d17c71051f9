"""The policy in words: times, codes, tables of what is in force, differences, and the counts of a preview."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import get_language, gettext_noop, ngettext
from django.utils.translation import gettext as _

from cases.clocks import key_period
from cases.models import PolicyVersion
from cases.policy import TIERS, Policy
from cases.policy_change import Change, changes
from cases.policy_fields import CODE_TEXT, LABELS, Shape, groups, shape
from cases.policy_preview import PARTS, Preview
from wellbeing.suppression import SMALL, at_least, shown, shown_sum
from wellbeing.workdays import calendar_known

UNIT_TEXT = {
    "minutes": gettext_noop("minutes"),
    "hours": gettext_noop("hours"),
    "days": gettext_noop("days"),
    "workdays": gettext_noop("working days"),
    "months": gettext_noop("months"),
}
TIER_TEXT = {
    "red": gettext_noop("Red"),
    "orange": gettext_noop("Orange"),
    "yellow": gettext_noop("Yellow"),
    "blue": gettext_noop("Blue"),
}


def label(name: str) -> str:
    """What a field is called."""
    return _(LABELS[name]) if name in LABELS else name


def code_text(code: str) -> str:
    """What a level, channel, clock or tier is called."""
    words = CODE_TEXT.get(code) or TIER_TEXT.get(code)
    return _(words) if words else code


def span_text(span: Mapping[str, int]) -> str:
    """A time: 15 minutes, 3 working days."""
    unit, n = next(iter(span.items()))
    if unit == "minutes":
        return ngettext("%(n)s minute", "%(n)s minutes", n) % {"n": n}
    if unit == "hours":
        return ngettext("%(n)s hour", "%(n)s hours", n) % {"n": n}
    if unit == "days":
        return ngettext("%(n)s day", "%(n)s days", n) % {"n": n}
    if unit == "workdays":
        return ngettext("%(n)s working day", "%(n)s working days", n) % {"n": n}
    return ngettext("%(n)s month", "%(n)s months", n) % {"n": n}


def season(at: datetime, policy: Policy) -> dict[str, Any]:
    """What of the calendar bears on the clocks now: the key period, and a year within a month ahead whose official
    holidays are not in the system (templates/cases/_season.html)."""
    period = key_period(at, policy)
    ahead = (at.year, (at + timedelta(days=31)).year)
    return {
        "period": period_name(period) if period else "",
        "unknown_year": next((str(year) for year in ahead if not calendar_known(year)), ""),
    }


def period_name(period: Mapping[str, Any]) -> str:
    """The name of a key period in the language of the page."""
    english = (get_language() or "").startswith("en")
    return str((english and period.get("name_en")) or period["name"])


def value_text(name: str, value: Any) -> str:
    """One value in words; of a table, the value of one tier."""
    form = shape(name)
    if value is None:
        return "–"
    if form == Shape.SPANS:
        return span_text(value)
    if form == Shape.SWITCH:
        return _("Yes") if value else _("No")
    if form == Shape.SERIES:
        return "、".join(span_text(span) for span in value)
    if form == Shape.ORDER:
        return " → ".join(code_text(code) for code in value)
    if form == Shape.CHOICE:
        return "、".join(code_text(code) for code in value) or "–"
    if form == Shape.PERIODS:
        return "、".join(f"{period_name(one)} {one['first']}–{one['last']}" for one in value) or "–"
    return str(value)


def tables(policy: Policy) -> list[dict[str, Any]]:
    """The whole policy, group by group: rows by tier first, then single values, then the key periods."""
    made = []
    for title, names in groups():
        group: dict[str, Any] = {"title": _(title), "rows": [], "values": [], "periods": []}
        for name in names:
            value = getattr(policy, name)
            if shape(name) in (Shape.SPANS, Shape.HOURS):
                cells = [{"tier": tier, "text": value_text(name, value.get(tier))} for tier in TIERS]
                group["rows"].append({"label": label(name), "cells": cells})
            elif shape(name) == Shape.PERIODS:
                group["periods"] = [
                    {"name": period_name(one), "first": one["first"], "last": one["last"]} for one in value
                ]
            else:
                tiers = value if shape(name) == Shape.CHOICE and set(value) <= set(TIERS) else ()
                group["values"].append({"label": label(name), "text": value_text(name, value), "tiers": tiers})
        made.append(group)
    return made


def difference(found: Sequence[Change]) -> list[dict[str, str]]:
    """Changed values, before and after."""
    return [
        {
            "label": label(change.name),
            "tier": change.tier,
            "before": value_text(change.name, change.before),
            "after": value_text(change.name, change.after),
        }
        for change in found
    ]


def history(versions: Sequence[PolicyVersion], in_force: PolicyVersion, at: datetime) -> list[dict[str, Any]]:
    """Every version, the newest first: who made it, when and why, what it changed, and what became of it."""
    rows = []
    for place, version in enumerate(versions):
        newer, older = versions[:place], versions[place + 1 : place + 2]
        withdrawn = any(
            one.effective_from <= version.effective_from and one.made_at < version.effective_from for one in newer
        )
        waiting = version.effective_from > at
        state = "in_force" if version == in_force else "withdrawn" if withdrawn else "waiting" if waiting else "past"
        changed = changes(older[0].policy(), version.policy()) if older else ()
        rows.append({"version": version, "state": state, "changes": difference(changed), "first": not older})
    return rows


def counts(preview: Preview) -> dict[str, Any]:
    """A preview as a page may show it: counts under five hidden, and no sum that would give one away."""
    lines = preview.lines
    return {
        "sums": {part: shown_sum([getattr(line, part) for line in lines]) for part in PARTS},
        "lines": [
            {
                "label": code_text(line.kind),
                "tier": line.tier,
                "total": at_least(line.counts),
                **{part: shown(getattr(line, part)) for part in PARTS},
            }
            for line in lines
            if line.moved
        ],
        "unmoved": not any(line.moved for line in lines),
        "by_hand": shown(preview.by_hand),
        "lowered": [
            {"tier": tier, "made": shown(preview.lowered[tier]), "too_soon": shown(preview.too_soon.get(tier, 0))}
            for tier in TIERS
            if tier in preview.lowered
        ],
        "cut": preview.cut,
        "small": SMALL,
    }
