"""The demo's request for records, which waits for a second person, and a closed case whose time is over."""

from __future__ import annotations

from datetime import timedelta

from cases import actions
from cases.models import Case, Entry, Leave, RecordRequest
from cases.record_requests import Pick, Redaction
from wellbeing.access.actor import Actor, identity
from wellbeing.demo.red_case import actor
from wellbeing.workdays import now

ASKED = {
    "asker_name": "示例法院 张法官",
    "document": "(2026)示例调字第1号",
    "about_name": "小澜",
    "basis": "民事诉讼法第七十条",
    "wanted": "与抚养权纠纷有关的咨询记录",
}
GREEN = {"caller_kind": "peer", "name": "小沙", "narrative": "想找人说说话"}


def load_records() -> None:
    """A court asks for the file of the demo's leave; Zhou has proposed, the city decides. Once."""
    with identity(Actor.machine("demo")):
        leave = Leave.objects.select_related("case").order_by("pk").first()
        if leave is None or RecordRequest.objects.exists():
            return
    zhou = actor("zhou")
    row = actions.receive_record_request(actor=zhou, asker="court", division="330902", words=ASKED)
    actions.check_asker(actor=zhou, reference=row.reference, how="letter")
    with identity(zhou):
        story = Entry.objects.filter(case=leave.case, section="narrative", kind="call").latest("at")
    marked = "三周不肯进教室,[[夜里睡不着]]"
    actions.propose_answer(
        actor=zhou,
        reference=row.reference,
        about=leave.case.reference,
        picks=[Pick(str(story.pk), "narrative", Redaction.BLACKENED, marked)],
        because="只与就学情况有关,其余与案件无关",
    )
    _over()


def _over() -> None:
    """A call of years ago that came to nothing: its dates are set back, for nobody of the cast had a post then."""
    case = actions.take_call(actor=actor("lin"), call=actions.CallSheet(words=GREEN, division="330902"))
    actions.close_case(actor=actor("lin"), case=case, reason="no_concern")
    with identity(Actor.machine("demo")):
        past = now() - timedelta(days=4 * 365)
        Case.objects.filter(pk=case.pk).update(opened_at=past, closed_at=past)
