"""Receive a request for records (受理调取申请): who asks, about whom, on what basis. Nobody looks for a file here."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.models import PolicyVersion, RecordRequest
from cases.record_requests import ORDERS, Asker
from cases.records_access import seal_request
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid
from wellbeing.outbox.post import post
from wellbeing.people.desks import triage_desk
from wellbeing.people.models import Role
from wellbeing.workdays import now

NEEDED = ("asker_name", "about_name", "basis", "wanted")


@action(P.RECORDS_RECEIVE)
def receive_record_request(
    *, actor: Actor, asker: str, division: str, words: Mapping[str, Any]
) -> Outcome[RecordRequest]:
    """Seal the request (`words`: asker_name, document, reach, about_name, about_number, basis, wanted); the triage desk
    of the division examines it, and policy says by when it is answered.

    Invalid where one of the words is missing, and for an order without the number of its document.
    """
    said = {code: str(text).strip() for code, text in words.items() if str(text or "").strip()}
    missing = next((code for code in NEEDED if code not in said), None)
    if missing:
        raise Invalid(missing, _("This is needed to examine the request."))
    if asker in ORDERS and "document" not in said:
        raise Invalid("document", _("Write the number of the order or letter."))
    posts = [post for post in actor.posts if post.role in (Role.COUNTY_TRIAGE, Role.CITY_DUTY)]
    # Whoever serves two counties has it come to the one that it is about: of it the other's people read nothing.
    post_of = next((one for one in posts if one.role == Role.COUNTY_TRIAGE and one.division == division), posts[0])
    policy, at = PolicyVersion.current().policy(), now()
    days = policy.record_order_days if asker in ORDERS else policy.record_days
    made = RecordRequest(division=division, asker=Asker(asker), received_desk_id=post_of.desk_id, received_at=at)
    made.received_by_id, made.desk, made.due_at = actor.person, triage_desk(division), at + timedelta(days=days)
    seal_request(made, said)
    made.save(force_insert=True)
    if made.desk_id != made.received_desk_id:
        key = f"records:{made.pk}"
        post(kind="records_received", desk_id=made.desk_id, target="record_requests", dedupe_key=key)
    return Outcome(made, stream=made.pk, facts={"asker": Asker(asker), "desk": made.desk_id}, desk=post_of.desk_id)
