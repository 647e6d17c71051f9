"""What the verbs of a referral do and refuse."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cases import actions as cases
from cases.models import Deadline
from referrals import actions
from referrals.access import reveal_packets
from referrals.models import ConsentOutcome, Packet, Purpose
from referrals.packet import TEMPLATES, seal_packet
from tests.stage import YELLOW, acknowledged, actor, desk, fresh, managed, referred
from wellbeing.access.actor import Actor, identity
from wellbeing.errors import Forbidden, Invalid, WrongState
from wellbeing.people.models import Role, User
from wellbeing.vault.models import DataKeyRow
from wellbeing.workdays import now

MACHINE = Actor.machine("test")
REPORT = {"seen": "yes", "conclusion": "门诊随访", "advice": "减半作业"}


def test_the_hospital_reads_the_packets_fields_and_nothing_else(db: None) -> None:
    referral = referred()
    fang = actor("fang")
    with identity(fang):
        (opened,) = reveal_packets(fang, referral)
    assert opened.packet.purpose == Purpose.HOSPITAL
    assert set(opened.words) <= {field.code for field in TEMPLATES[Purpose.HOSPITAL]}
    assert opened.words["name"] == "小渔"
    assert "灯塔下面很安静" not in str(opened.words)


def test_a_field_that_the_template_does_not_carry_cannot_go(db: None) -> None:
    referral = referred()
    with identity(actor("zhou")), pytest.raises(KeyError, match="narrative"):
        seal_packet(
            referral=referral,
            purpose=Purpose.HOSPITAL,
            words={"narrative": "x"},
            author_id=1,
            from_desk=referral.from_desk_id,
            to_desk=referral.to_desk_id,
            at=now(),
            expires_at=now(),
        )


def test_a_refusal_stops_yellow_and_never_red(db: None) -> None:
    given = {"destination": desk("haiyun-hospital", Role.HOSPITAL_LIAISON), "consent": "refused", "words": {}}
    with pytest.raises(Invalid) as refused:
        actions.open_channel(actor=actor("zhou"), case=acknowledged(YELLOW), **given)
    assert refused.value.field == "consent"
    sent = actions.open_channel(actor=actor("zhou"), case=acknowledged(), **given)
    assert (sent.state, sent.consent) == ("sent", ConsentOutcome.REFUSED)


def test_the_journey_to_the_school(db: None) -> None:
    referral = referred(managed(YELLOW))
    fang, zhou, chen = actor("fang"), actor("zhou"), actor("chen")
    case = referral.case
    cases.follow_up(actor=chen, case=case, words={"how": "met"})  # before she was seen: closes no loop
    with pytest.raises(WrongState):
        actions.book(actor=fang, referral=referral, at=now() + timedelta(hours=1))
    actions.receive(actor=fang, referral=referral)
    with pytest.raises(WrongState):
        actions.receive(actor=fang, referral=referral)
    with pytest.raises(Invalid):
        actions.book(actor=fang, referral=referral, at=now() - timedelta(hours=1))
    actions.book(actor=fang, referral=referral, at=now() + timedelta(hours=1))
    with identity(MACHINE):
        kinds = dict(Deadline.objects.filter(case=referral.case_id).values_list("kind", "state"))
    assert (kinds["appointment"], kinds["feedback"], kinds["channel"]) == ("met", "running", "running")
    actions.record_feedback(actor=fang, referral=referral, attended=True, words=REPORT)
    with identity(zhou):
        read = {one.packet.purpose: one.words for one in reveal_packets(zhou, referral)}
    assert read[Purpose.FEEDBACK]["conclusion"] == "门诊随访"
    with pytest.raises(Forbidden):
        actions.close_referral(actor=fang, referral=referral)
    actions.return_to_school(
        actor=zhou,
        referral=referral,
        desk=desk("xinghe", Role.SCHOOL_COUNSELLOR),
        manager=User.objects.get(username="chen"),
        words={"advice": "减半作业"},
    )
    with identity(chen):
        (plan,) = reveal_packets(chen, referral)
    assert plan.packet.purpose == Purpose.RETURN_PLAN
    assert "门诊随访" not in str(plan.words)
    with pytest.raises(Invalid, match="close"):
        actions.close_referral(actor=zhou, referral=referral)
    cases.follow_up(actor=chen, case=case, words={"how": "unreached"})
    with pytest.raises(Invalid, match="close"):  # nobody has seen how she is
        actions.close_referral(actor=zhou, referral=referral)
    cases.follow_up(actor=chen, case=case, words={"how": "met"})
    cases.raise_tier(actor=chen, case=case, to="orange")
    with pytest.raises(Invalid, match="close"):
        actions.close_referral(actor=zhou, referral=referral)
    cases.acknowledge(actor=zhou, case=case)
    assert actions.close_referral(actor=zhou, referral=referral).state == "closed"


def test_withdrawing_destroys_the_key_and_ends_the_receivers_grant(db: None) -> None:
    referral = referred()
    fang = actor("fang")
    actions.withdraw(actor=actor("zhou"), referral=referral)
    with identity(fang), pytest.raises(Forbidden):
        reveal_packets(fang, fresh(referral))
    with identity(actor("zhou")):
        packet = Packet.objects.get(referral=referral)
        assert not DataKeyRow.objects.filter(owner_id=packet.pk).exists()
    with pytest.raises(Forbidden):
        actions.receive(actor=fang, referral=referral)


def test_one_open_referral_per_destination(db: None) -> None:
    referral = referred()
    with pytest.raises(Invalid, match="destination"):
        referred(fresh(referral.case))


def test_an_expired_packet_opens_for_nobody(db: None) -> None:
    from django.db import connection

    referral = referred()
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.clock_offset', '31 days', true)")
    fang = actor("fang")
    with identity(fang), pytest.raises(Forbidden):
        reveal_packets(fang, referral)
