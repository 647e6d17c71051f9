"""What happened, as the page of a case shows it."""

from __future__ import annotations

from django.urls import reverse

from cases.views import LATELY
from tests.stage import actor, call, signed_in
from wellbeing.access.actor import identity
from wellbeing.access.permissions import P
from wellbeing.audit.trail import trail


def test_what_happened_goes_on_behind_a_mark_and_leaves_nothing_out(db: None) -> None:
    """A long case is read page by page: each page continues where the last one ended, with and without scripts."""
    case, lin = call(), signed_in("lin")
    address = reverse("case", args=[case.reference])
    for _time in range(30):  # each opening is an event
        lin.get(reverse("case_file", args=[case.reference]))
    with identity(actor("lin")):
        known = len(trail(case.pk, 1000, without=[P.CLOCK_KEEP]))
    page = lin.get(address)
    rows, mark = list(page.context["timeline"]), page.context["next_mark"]
    assert len(rows) == LATELY
    while mark:
        rest = lin.get(address, {"after": mark}, HTTP_HX_REQUEST="true")
        assert rest.templates[0].name == "cases/_trail.html"
        assert lin.get(address, {"after": mark}).context["timeline"][0] == rest.context["timeline"][0]
        rows, mark = [*rows, *rest.context["timeline"]], rest.context["next_mark"]
    assert len(rows) == known > 2 * LATELY
    assert [row["seq"] for row in rows] == sorted((row["seq"] for row in rows), reverse=True)
    assert lin.get(address, {"after": "٩" * 40}).status_code == 200
