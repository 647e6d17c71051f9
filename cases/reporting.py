"""What a written report (初报、续报、终报) takes from the record: codes and times, no name and no word that was said.

Names are off by default in what goes to the bureau (PRACTICE.md 2.4, Ledger); the author adds what has to be known.
"""

from datetime import datetime
from typing import Any

from cases.models import Case, Entry, EntryKind, Escalation, MandatoryReport, Telling, Warning


def record_of(case: Case) -> dict[str, Any]:
    """The record of a case as JSON: moments as ISO texts, everything else as codes, each list oldest first."""
    warning = Warning.objects.filter(case=case).order_by("-raised_at").first()
    plans = Entry.objects.filter(case=case, kind=EntryKind.SAFETY_PLAN).order_by("-at")
    return {
        "tier": case.tier,
        "tier_since": _iso(case.tier_since),
        "channel": case.channel,
        "division": case.division_id,
        "opened_at": _iso(case.opened_at),
        "raised_at": _iso(warning.raised_at) if warning else None,
        "acknowledged_at": _iso(warning.acknowledged_at) if warning else None,
        "escalations": [
            {"level": one.level, "at": _iso(one.at), "late_s": one.late_s}
            for one in Escalation.objects.filter(case=case).order_by("at")
        ],
        "tellings": [
            {"whom": one.whom, "told": one.told, "how": one.how, "at": _iso(one.at)}
            for one in Telling.objects.filter(case=case).order_by("at")
        ],
        "assessments": [
            {"at": _iso(one.at), "face_to_face": one.face_to_face, "proposed": one.proposed}
            for one in case.assessments.order_by("at")
        ],
        "mandatory": [
            {"authority": one.authority, "at": _iso(one.at), "receipt": one.receipt_at is not None}
            for one in MandatoryReport.objects.filter(case=case).order_by("at")
        ],
        "safety_plan_at": _iso(plans[0].at) if plans else None,
        "managed": case.manager_id is not None,
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
