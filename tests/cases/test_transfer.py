"""A file goes to another county: two people, nothing lost, nothing left behind, and no moment without its clocks."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, ProgrammingError, connection, transaction
from django.test import Client
from django.urls import reverse

from cases import actions
from cases.access import Purpose, open_case, reveal, reveal_results
from cases.clocks import ClockKind
from cases.concern import Sign
from cases.leave import CLOCKS, LeaveState, Move
from cases.models import (
    Case,
    Deadline,
    Entry,
    Leave,
    LeaveStep,
    Person,
    ScreeningFlag,
    ScreeningResult,
    Section,
    Stub,
    Transfer,
)
from cases.person_file import lines
from cases.queues import board, stubs, worklist
from cases.search import find
from cases.telling import How, Told, Whom
from cases.tick import import_waiting, tick
from cases.transfer import Basis, Scope
from referrals import actions as referrals
from referrals.models import Packet
from tests.cases.leave_stage import leave_of, on_leave, take, weighed
from tests.cases.school_stage import report
from tests.cases.test_import_screening import SAMPLE, run
from tests.cases.transfer_stage import POINTS, PUTUO, WHY, as_superuser, ask, fault, words_of
from tests.stage import (
    YELLOW,
    actor,
    call,
    clocks,
    closed_by_two,
    desk,
    fresh,
    managed,
    ready,
    referred,
    staged,
)
from wellbeing.access.actor import Actor, identity
from wellbeing.audit.verify import verify
from wellbeing.errors import Forbidden, Invalid, WrongState
from wellbeing.outbox.models import Notice
from wellbeing.people.models import Desk, Role, User
from wellbeing.vault import keys
from wellbeing.vault.envelope import SealError
from wellbeing.vault.models import DataKeyRow
from wellbeing.workdays import now

MACHINE = Actor.machine("test")


def moved(case: Case, by: str = "ye") -> Case:
    ask(case)
    actions.accept_transfer(actor=actor(by), case=case)
    return fresh(case)


def at_her_new_school(case: Case) -> None:
    """The county that took the file over names a manager where she goes now."""
    manager, school = User.objects.get(username="wu"), desk("bailang", Role.SCHOOL_COUNSELLOR)
    actions.assign_manager(actor=actor("ye"), case=fresh(case), manager=manager, desk=school)


def keys_by_division(url: str, case: Case) -> dict[str, int]:
    sql = (
        "SELECT v.division, count(*) FROM vault_datakey d JOIN vault_divisionkey v ON v.id = d.division_key_id"
        " WHERE d.owner_id IN (%s, %s) GROUP BY 1"
    )
    return dict(as_superuser(url, sql, case.pk, case.person_id))


# -- what is moved ------------------------------------------------------------------------------------------------


def test_every_word_is_the_same_before_and_after(db: None) -> None:
    case = managed()
    ask(case)
    before = words_of("zhou", case)
    actions.accept_transfer(actor=actor("ye"), case=case)
    after = words_of("ye", fresh(case))
    assert after == before
    assert len(before) > 6 and "小渔" in str(before) and WHY["note"] in str(before)


def test_screening_results_go_with_the_person_and_her_old_school_forgets_her_number(db: None) -> None:
    run(SAMPLE, limit=60)
    with identity(MACHINE):
        case = Case.objects.filter(channel="screening").order_by("tier").first()
    assert case is not None
    actions.acknowledge(actor=actor("zhou"), case=case)
    ask(fresh(case), basis=Basis.CONSENT, who="母亲,11月26日电话")
    before = words_of("zhou", case)
    actions.accept_transfer(actor=actor("ye"), case=case)
    assert words_of("ye", fresh(case)) == before and before["results"]
    with identity(actor("chen")):
        assert not Person.objects.filter(pk=case.person_id).exists()
        assert not ScreeningResult.objects.filter(person_id=case.person_id).exists()
    with identity(MACHINE):
        person = Person.objects.get(pk=case.person_id)
    assert (person.division_id, person.desk_id, person.student_index) == (PUTUO, None, None)


def test_history_over_terms_goes_on_where_the_student_goes(db: None) -> None:
    number = "G330902201001011234"
    found = staged(f"{number},000000002", "S2,000000000")
    actions.confirm_screening(actor=actor("chen"), batch_id=found.batch.pk)
    import_waiting(30)
    with identity(MACHINE):
        case = Case.objects.get()
    actions.acknowledge(actor=actor("zhou"), case=case)
    ask(fresh(case))
    actions.accept_transfer(actor=actor("ye"), case=case)
    with identity(MACHINE):
        assert ScreeningFlag.objects.get().desk == desk("putuo-centre", Role.COUNTY_TRIAGE)
    at_her_new_school(case)
    for by, school, more in (
        ("wu", "bailang", "000000002"),
        ("wu", "bailang", "000000003"),
        ("chen", "xinghe", "000000000"),
    ):
        again = staged(f"{number},{more}", by=by, school=school)
        actions.confirm_screening(actor=actor(by), batch_id=again.batch.pk)
        assert import_waiting(30) == 1
    ye = actor("ye")
    with identity(ye):
        assert [words["total"] for _code, _at, words in reveal_results(ye, fresh(case))] == [2, 3]  # the same line once
    with identity(actor("wu")):  # her new school has her on its list
        assert ScreeningFlag.objects.get(desk__in=actor("wu").desks).case == fresh(case)
    with identity(MACHINE):
        assert Person.objects.count() == 3  # her old division knows nobody of that number any more


def test_no_key_of_the_old_division_is_left(committed: SimpleNamespace) -> None:
    case = managed()
    assert keys_by_division(committed.superuser_url, case).keys() == {"330902"}
    case = moved(case)
    assert keys_by_division(committed.superuser_url, case) == {PUTUO: 2}
    case.division_id = "330902"  # what is sealed opens at no other place
    with identity(actor("ye")), pytest.raises(SealError):
        reveal(actor("ye"), case, Section.values, Purpose.CARE)


def test_everything_sealed_of_a_case_is_on_the_list() -> None:
    """A new sealed column must be moved too: add it to cases/moving.py, then here."""
    from django.apps import apps
    from django.db import models

    sealed = {
        f"{model.__name__}.{field.name}"
        for model in apps.get_app_config("cases").get_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.BinaryField)
    }
    hashes = {
        "Call.caller_index",
        "Person.student_index",
        "ScreeningResult.row_key",
        "AnswerTry.address",
        "Restriction.mark",
        "CaseUserObjectPermission.seal",
        "CaseGroupObjectPermission.seal",
    }
    hashes |= {"CampaignStudent.student_index", "CampaignStudent.code_index"}
    unused = {"CaseUserObjectPermission.reason", "CaseGroupObjectPermission.reason"}
    own_key = {"AttachmentRecord.piece"}  # the file's key is in what is sealed of it: tests/cases/test_attach.py
    # Under a key of its own that stays with the school: a file that waits, and the roll of a campaign.
    own_key |= {"ScreeningBatch.sealed", "ScreeningPart.sealed", "CampaignStudent.sealed"}
    # Under keys of their own that stay where they were: a sheet before its case, a shift's note, an opening's reason.
    own_key |= {"Draft.sealed", "ShiftNote.sealed", "BreakGlass.reason"}
    own_key |= {"CallerNumber.sealed", "Review.sealed", "Debriefing.sealed"}
    # Of who asks for records and what was answered; of a file for one receiver; of a month's ballot box.
    own_key |= {"RecordRequest.sealed", "RecordAnswer.sealed", "RecordAnswer.note", "Export.sealed", "Ballot.sealed"}
    assert sealed - hashes - unused - own_key == {
        "Person.sealed",
        "Case.cover",
        "Entry.sealed",
        "Attachment.sealed",
        "ScreeningResult.sealed",
    }


def test_clocks_go_on_with_the_same_times_at_the_new_desk(db: None) -> None:
    case = call()  # red, not acknowledged
    with identity(MACHINE):
        before = {c.kind: (c.started_at, c.due_at, c.next_at) for c in Deadline.objects.filter(case=case)}
    ask(case, by="zhou")
    actions.accept_transfer(actor=actor("ye"), case=case)
    with identity(MACHINE):
        running = list(Deadline.objects.filter(case=case, state="running").select_related("desk"))
        assert {c.kind: (c.started_at, c.due_at, c.next_at) for c in running} == before
        at = {c.kind: c.desk.organisation.code for c in running}
    assert at.pop("callback") == "hotline" and set(at.values()) == {"putuo-centre"}
    assert fresh(case).status == "opened"
    actions.acknowledge(actor=actor("ye"), case=fresh(case))
    assert clocks(case)["acknowledge"] == "met"


def test_a_leave_goes_on_at_the_new_county_and_then_at_the_new_school(db: None) -> None:
    case = on_leave()
    with identity(MACHINE):
        before = dict(Deadline.objects.filter(case=case, ended_at=None).values_list("kind", "due_at"))
    ask(case, basis=Basis.CONSENT, who="母亲,11月26日电话")
    actions.accept_transfer(actor=actor("ye"), case=case)
    assert leave_of(case).desk == desk("putuo-centre", Role.COUNTY_TRIAGE)
    assert leave_clocks(case) == {desk("putuo-centre", Role.COUNTY_TRIAGE).pk}
    take(fresh(case), Move.SUBMIT, by="ye")
    manager, school = User.objects.get(username="wu"), desk("bailang", Role.SCHOOL_COUNSELLOR)
    actions.assign_manager(actor=actor("ye"), case=fresh(case), manager=manager, desk=school)
    assert leave_of(case).desk == school and leave_clocks(case) == {school.pk}
    with identity(MACHINE):
        contact = Deadline.objects.get(case=case, ended_at=None, kind="leave_contact")
    assert contact.due_at == before["leave_contact"]
    take(fresh(case), Move.REVIEW, by="wu")
    with identity(actor("wu")):
        steps = list(LeaveStep.objects.filter(case=case).values_list("action", flat=True).order_by("at"))
    assert steps == ["begin", "assess", "talk", "apply", "submit", "review"]
    with identity(actor("chen")):
        assert not LeaveStep.objects.filter(case=case).exists()


def test_an_appeal_to_a_county_moves_and_one_to_the_city_stays(db: None) -> None:
    for refused_by, decides in (("chen", desk("putuo-centre", Role.COUNTY_TRIAGE)), ("zhou", city())):
        case = weighed()
        take(case, "refuse", by=refused_by)
        take(case, "appeal_return")
        ask(case, basis=Basis.CONSENT, who="母亲,11月26日电话")
        actions.accept_transfer(actor=actor("ye"), case=case)
        assert leave_of(case).appeal_desk == decides
        with identity(MACHINE):
            assert Deadline.objects.get(case=case, ended_at=None, kind="appeal").desk == decides
        take(fresh(case), "uphold", by="ye" if refused_by == "chen" else "he")


def test_a_leave_changes_its_school_only_while_its_file_moves(db: None) -> None:
    case, other = on_leave(), desk("bailang", Role.SCHOOL_COUNSELLOR)
    with identity(actor("zhou")), pytest.raises(DatabaseError, match="only with its file"), transaction.atomic():
        Leave.objects.filter(case=case).update(desk=other)
    assert leave_of(case).desk == desk("xinghe", Role.SCHOOL_COUNSELLOR)


def leave_clocks(case: Case) -> set[int]:
    """The desks at which the clocks of the leave run."""
    with identity(MACHINE):
        kinds = [*CLOCKS[LeaveState.ON_LEAVE], ClockKind.LEAVE_STEP]
        return set(Deadline.objects.filter(case=case, ended_at=None, kind__in=kinds).values_list("desk_id", flat=True))


def city() -> Desk:
    return desk("city-centre", Role.CITY_DUTY)


def test_a_clock_that_had_gone_up_climbs_the_new_ladder_from_its_foot(db: None, wait: Any) -> None:
    case = call()
    ask(case, by="zhou")
    wait(minutes=16)
    tick()
    actions.accept_transfer(actor=actor("ye"), case=case)
    with identity(MACHINE):
        clock = Deadline.objects.get(case=case, kind="acknowledge", state="running")
    assert (clock.level, clock.next_at, clock.next_act) == (0, clock.due_at, "escalate")
    tick()
    with identity(actor("he")):
        assert case.reference in {row.case.reference for row in board(actor("he")).rows}
    assert case.reference not in {row.case.reference for row in board(actor("zhou")).rows}


def test_a_paused_clock_stays_paused(db: None) -> None:
    case = managed()
    actions.pause_clock(actor=actor("zhou"), case=case, kind=ClockKind.FIRST_MEETING, why="weather", because="台风")
    with identity(MACHINE):
        before = Deadline.objects.get(case=case, kind="first_meeting", state="paused")
    moved(case)
    with identity(MACHINE):
        after = Deadline.objects.get(case=case, kind="first_meeting", state="paused")
    assert (after.paused_at, after.next_at, after.next_act) == (before.paused_at, before.next_at, before.next_act)


# -- who sees what ------------------------------------------------------------------------------------------------


def test_old_desks_find_nothing_and_keep_a_stub(db: None) -> None:
    case = moved(managed())
    for name in ("chen", "zhou", "luo"):
        who = actor(name)
        with identity(who):
            assert worklist(who) == [] and find(who, case.reference) == [] and find(who, "小渔") == []
            assert board(who).rows == [] and Entry.objects.count() == 0 and DataKeyRow.objects.count() == 0
            with pytest.raises(Forbidden):
                open_case(who, case.reference)
            kept = stubs(who)
        assert [(s.reference, s.tier, s.end, str(s.to_desk.organisation.code)) for s in kept] == [
            (case.reference, "red", "transferred", "putuo-centre")
        ]
        client = Client(HTTP_HOST="127.0.0.1")
        client.force_login(User.objects.get(username=name))
        assert client.get(reverse("case", args=[case.reference])).status_code == 404
        assert case.reference not in client.get(reverse("case_list")).content.decode()
        assert case.reference in client.get(reverse("ended_cases")).content.decode()
    for name in ("ye", "wu", "gao", "he", "fang", "shen", "sun", "mallory"):
        with identity(actor(name)):
            assert Stub.objects.count() == 0, name
    with identity(MACHINE):
        assert Stub.objects.count() == 0


def test_what_a_hospital_reported_stays_with_nobody_who_lost_the_file(db: None) -> None:
    case, zhou, fang = managed(), actor("zhou"), actor("fang")
    referral = referred(case)
    referrals.receive(actor=fang, referral=fresh(referral))
    referrals.book(actor=fang, referral=fresh(referral), at=now() + timedelta(hours=5))
    report = {"seen": "已见", "conclusion": "抑郁发作", "advice": "休息"}
    referrals.record_feedback(actor=fang, referral=fresh(referral), attended=True, words=report)
    referrals.redirect(actor=zhou, referral=fresh(referral))
    referrals.withdraw(actor=zhou, referral=fresh(referral))
    page, client = reverse("referral", args=[referral.reference]), Client(HTTP_HOST="127.0.0.1")
    client.force_login(User.objects.get(username="zhou"))
    assert "抑郁发作" in client.get(page).content.decode(), "whoever sent it reads why it ended"
    moved(case)
    assert client.get(page).status_code == 404
    with identity(zhou):
        assert Packet.objects.count() == 0


def test_who_reported_stays_with_the_desk_that_it_was_reported_to(db: None) -> None:
    case = report("小渔", Sign.ACT)
    actions.acknowledge(actor=actor("zhou"), case=case)
    pages = [reverse(name, args=[case.reference]) for name in ("case", "case_file", "person_file")]

    def named(who: str) -> list[bool]:
        client = Client(HTTP_HOST="127.0.0.1")
        client.force_login(User.objects.get(username=who))
        return ["丁蓉" in client.get(page).content.decode() for page in pages]

    assert (named("chen"), named("zhou")) == ([True] * 3, [False] * 3)
    ask(fresh(case), by="zhou", division="330902")
    actions.accept_transfer(actor=actor("luo"), case=fresh(case))  # the county's own from now on
    assert named("zhou") == [False] * 3
    manager, school = User.objects.get(username="chen"), desk("xinghe", Role.SCHOOL_COUNSELLOR)
    actions.assign_manager(actor=actor("zhou"), case=fresh(case), manager=manager, desk=school)
    later = report("小渔", Sign.MOOD)
    actions.merge_concern(actor=actor("chen"), case=later, into=case.reference)
    assert named("zhou") == [False] * 3, "nor by a concern that is merged into it"
    assert named("chen")[1:] == [True] * 2
    moved(fresh(case))
    assert named("ye") == [False] * 3, "another county does not learn which teacher it was"


def test_the_city_keeps_what_serves_every_county(db: None) -> None:
    """The hotline that took the call goes on calling back, whatever county the person lives in."""
    case = moved(managed())
    lin = actor("lin")
    with identity(lin):
        assert [c.reference for c in worklist(lin)] == [case.reference] and stubs(lin) == []
        assert "小渔" in str(reveal(lin, case, Section.values, Purpose.CARE))
    assert case.owner_desk.organisation.code == "hotline" and case.manager is None


def test_until_it_answers_the_receiving_desk_sees_the_question_and_nothing_else(db: None) -> None:
    case = managed()
    ask(case)
    ye = actor("ye")
    with identity(ye):
        assert [row.clock_kind for row in board(ye).rows] == ["transfer"]
        with pytest.raises(Forbidden):
            reveal(ye, case, Section.values, Purpose.CARE)
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(User.objects.get(username="ye"))
    page = client.get(reverse("case", args=[case.reference])).content.decode()
    assert WHY["because"] in page and WHY["note"] in page and reverse("accept_transfer", args=[case.reference]) in page
    assert client.get(reverse("case_file", args=[case.reference])).status_code == 404
    for verb, more in (("raise_tier", {"to": "red"}), ("close_case", {"reason": "improved"})):
        with pytest.raises(Forbidden):
            getattr(actions, verb)(actor=ye, case=case, **more)
    client.force_login(User.objects.get(username="zhou"))
    page = client.get(reverse("case", args=[case.reference])).content.decode()
    assert "普陀区心理辅导中心" in page and WHY["note"] not in page
    assert reverse("accept_transfer", args=[case.reference]) not in page


def within_reach(who: str, case: Case) -> tuple[set[Any], int]:
    """What the wall alone lets through of a file: its entries, and how many results."""
    with identity(actor(who)):
        assert Case.objects.filter(pk=case.pk).exists()
        entries = set(Entry.objects.filter(case=case).values_list("pk", flat=True))
        return entries, ScreeningResult.objects.filter(person_id=case.person_id).count()


def test_the_wall_itself_shows_the_desk_that_is_asked_one_entry_of_the_file(db: None) -> None:
    """Also where a view forgets its filter: no other entry, no result; the whole file after its yes."""
    run(SAMPLE, limit=60)
    with identity(MACHINE):
        screened = Case.objects.filter(channel="screening").order_by("tier").first()
    assert screened is not None
    actions.acknowledge(actor=actor("zhou"), case=screened)
    for case in (managed(), fresh(screened)):
        question = ask(case, basis=Basis.CONSENT, who="母亲,11月26日电话")
        entries, results = within_reach("zhou", case)
        assert len(entries) > 1 and results == (case.channel == "screening")
        assert within_reach("ye", case) == ({question.entry_id}, 0)
        actions.accept_transfer(actor=actor("ye"), case=case)
        after = within_reach("ye", case)
        assert after[0] >= entries and after[1] == results


def test_closing_leaves_a_stub_with_every_desk_and_person_that_held_it(db: None) -> None:
    case = managed(YELLOW)
    actions.tell(actor=actor("zhou"), case=case, whom=Whom.GUARDIAN, told=Told.TOLD, how=How.PHONE, words={})
    actions.close_case(actor=actor("zhou"), case=case, reason="graduated")
    for name in ("chen", "luo", "lin"):
        with identity(actor(name)):
            assert [(s.reference, s.end, s.to_desk) for s in stubs(actor(name))] == [(case.reference, "closed", None)]
    with identity(actor("gao")):  # the same desk as Lin, whose grant was her own
        assert stubs(actor("gao")) == []


def test_the_page_of_stubs_goes_on_by_keyset(db: None) -> None:
    chen = actor("chen")
    with identity(MACHINE):
        Stub.objects.bulk_create(
            Stub(
                desk_id=chen.desks[0], reference=f"ZS-2222-{n:04}", tier="blue", since=now(), until=now(), end="closed"
            )
            for n in range(60)
        )
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(User.objects.get(username="chen"))
    seen, address = [], reverse("ended_cases")
    for _page in range(3):
        text = client.get(address).content.decode()
        seen += [part[:12] for part in text.split('<span class="reference">')[1:]]
        address = text.split('class="btn" href="')[1].split('"')[0] if "before=" in text else address
    assert sorted(seen) == [f"ZS-2222-{n:04}" for n in range(60)]
    assert client.get(reverse("ended_cases") + "?before=nonsense").status_code == 200
    assert "cards" not in client.get(reverse("ended_cases"), HTTP_HX_REQUEST="true").content.decode()


# -- two people, and what keeps a file ----------------------------------------------------------------------------


def test_within_one_county_nothing_is_sealed_anew_and_a_second_person_answers(db: None) -> None:
    case = managed()
    with identity(MACHINE):
        cover = bytes(Case.objects.get(pk=case.pk).cover)
    ask(case, by="zhou", division="330902")
    with pytest.raises(Forbidden):
        actions.accept_transfer(actor=actor("zhou"), case=case)
    actions.accept_transfer(actor=actor("luo"), case=case)
    case = fresh(case)
    assert (bytes(case.cover), case.division_id, case.manager) == (cover, "330902", None)
    with identity(actor("chen")):
        assert worklist(actor("chen")) == [] and len(stubs(actor("chen"))) == 1
    assert "小渔" in str(words_of("zhou", case))
    assert stubs(actor("zhou")) == []


def test_sent_back_it_stays_and_the_asker_reads_why(db: None) -> None:
    case = managed()
    ask(case)
    before = words_of("zhou", case)
    with pytest.raises(Invalid):
        actions.refuse_transfer(actor=actor("ye"), case=case, because=" ")
    actions.refuse_transfer(actor=actor("ye"), case=case, because="学籍还在定海")
    ye = actor("ye")
    with identity(ye):
        assert worklist(ye) == [] and board(ye).rows == [] and stubs(ye) == []
    after = words_of("chen", case)
    assert "学籍还在定海" in str(after) and set(words_of("zhou", case)) > set(before)
    assert clocks(case)["transfer"] == "met" and fresh(case).manager == User.objects.get(username="chen")
    for verb in (actions.accept_transfer, actions.refuse_transfer):
        with pytest.raises(Forbidden):
            verb(actor=ye, case=case, **({"because": "x"} if verb is actions.refuse_transfer else {}))
    ask(case)  # and may be asked again


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"basis": Basis.CONSENT, "words": {"because": "搬家"}}, "who"),
        ({"words": {"because": " "}}, "because"),
        ({"division": "330900"}, "division"),
        ({"division": "999999"}, "division"),
    ],
)
def test_asking_names_what_is_missing(db: None, given: dict[str, Any], field: str) -> None:
    case = managed()
    with pytest.raises(Invalid) as refused:
        actions.ask_transfer(
            **{
                "actor": actor("chen"),
                "case": case,
                "division": PUTUO,
                "scope": Scope.WHOLE,
                "basis": Basis.SAFETY,
                "words": WHY,
                **given,
            }
        )
    assert refused.value.field == field


def test_without_danger_a_file_moves_only_with_consent(db: None) -> None:
    case = managed(YELLOW)
    with pytest.raises(Invalid) as refused:
        ask(case)
    assert refused.value.field == "basis"
    ask(case, basis=Basis.CONSENT, who="父亲,当面")
    with pytest.raises(Invalid):  # once is enough
        ask(case, basis=Basis.CONSENT, who="父亲,当面")
    with pytest.raises(Invalid):
        actions.close_case(actor=actor("zhou"), case=case, reason="graduated")


def test_a_referral_keeps_the_file_and_is_never_broken(db: None) -> None:
    case = managed()
    ask(case)
    referral = referred(case)
    with pytest.raises(Invalid) as refused:
        actions.accept_transfer(actor=actor("ye"), case=case)
    assert refused.value.field == "confirm"
    referrals.withdraw(actor=actor("zhou"), referral=referral)
    actions.accept_transfer(actor=actor("ye"), case=case)
    assert fresh(case).division_id == PUTUO
    second = referred(managed())
    with pytest.raises(Invalid):
        ask(fresh(second.case))


def test_another_open_file_of_the_person_keeps_it(db: None) -> None:
    case, other = managed(), call()
    with connection.cursor() as cursor, identity(MACHINE):
        cursor.execute("UPDATE cases_case SET person_id = %s WHERE id = %s", [case.person_id, other.pk])
    with pytest.raises(Invalid) as refused:
        ask(case)
    assert other.reference not in str(refused.value.message)


def test_a_raised_tier_hurries_the_answer(db: None, wait: Any) -> None:
    case = managed(YELLOW)
    ask(case, basis=Basis.CONSENT, who="父亲,当面")
    actions.raise_tier(actor=actor("zhou"), case=case, to="red")
    with identity(MACHINE):
        clock = Deadline.objects.get(case=case, kind="transfer", state="running")
        assert clock.due_at <= now() + timedelta(minutes=15)
    wait(minutes=16)
    tick()
    with identity(MACHINE):
        clock.refresh_from_db()
    assert clock.level >= 1  # the old county first: it is still responsible


def test_at_green_the_question_has_a_clock_too(db: None, wait: Any) -> None:
    case = managed(YELLOW)
    for tier, days in (("blue", 29), ("green", 1)):
        wait(days=days)
        actions.lower_tier(actor=actor("chen"), case=ready(case, by="chen"), to=tier, because="平稳")
    ask(fresh(case), basis=Basis.CONSENT, who="父亲,当面")
    for _level in range(3):
        wait(days=15)
        tick()
    with identity(MACHINE):
        assert Deadline.objects.get(case=case, kind="transfer").level == 3


# -- faults -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["RAISE EXCEPTION 'fault'", "PERFORM pg_terminate_backend(pg_backend_pid())"])
def test_a_fault_anywhere_leaves_the_old_state_and_the_same_key_does_it_after(
    committed: SimpleNamespace, how: str
) -> None:
    ye, url = actor("ye"), committed.superuser_url
    for done, point in enumerate(POINTS):
        case, key = managed(), uuid4()
        ask(case)
        before, state = words_of("zhou", case), clocks(case)
        with fault(url, point, POINTS[point], how), pytest.raises(DatabaseError):
            actions.accept_transfer(actor=ye, case=case, key=key)
        assert words_of("zhou", fresh(case)) == before and clocks(case) == state, point
        assert keys_by_division(url, case).keys() == {"330902"}, point
        assert as_superuser(url, "SELECT count(*) FROM cases_stub") == [(2 * done,)], point
        for _again in range(2):  # the second time the answer is repeated
            assert actions.accept_transfer(actor=ye, case=case, key=key).division_id == PUTUO, point
        assert words_of("ye", fresh(case)) == before, point
        assert as_superuser(url, "SELECT count(*) FROM cases_stub") == [(2 * done + 2,)], point
    with identity(Actor.machine("verify")):
        assert verify().faults == []


def test_of_many_answers_at_once_one_counts(committed: SimpleNamespace) -> None:
    case = managed()
    ask(case)
    ye, start, answers = actor("ye"), threading.Barrier(8), []

    def answer(verb: Any, more: dict[str, Any]) -> None:
        start.wait()
        try:
            verb(actor=ye, case=case, **more)
            answers.append(verb.__name__)
        except (WrongState, Forbidden):
            pass
        finally:
            connection.close()

    threads = [
        threading.Thread(target=answer, args=pair)
        for pair in [(actions.accept_transfer, {}), (actions.refuse_transfer, {"because": "不在本区"})] * 4
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 1
    assert fresh(case).division_id == (PUTUO if answers == ["accept_transfer"] else "330902")


def test_a_hundred_entries_move_in_a_few_times_of_reading_them(db: None) -> None:
    from time import process_time

    case = managed()
    for _n in range(100):
        actions.follow_up(actor=actor("chen"), case=case, words={"how": "met", "note": "说到海边的下午" * 40})
    ask(case)
    begun = process_time()
    before = words_of("zhou", case)
    reading, begun = process_time() - begun, process_time()
    actions.accept_transfer(actor=actor("ye"), case=case)
    moving = process_time() - begun
    assert words_of("ye", fresh(case)) == before
    assert moving < 20 * reading, (moving, reading)


# -- the wall -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["zhou", "chen", "ye"])
def test_no_other_code_path_changes_an_entry(db: None, who: str) -> None:
    """Whoever holds the case: an entry cannot be written anew, and never anything of it but the envelope."""
    case = managed()
    ask(case)
    with identity(actor(who)):
        assert Entry.objects.filter(case=case).update(sealed=b"") == 0
        assert Person.objects.update(sealed=b"") == 0
    actions.accept_transfer(actor=actor("ye"), case=case)
    with identity(actor(who)), pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        Entry.objects.filter(case=case).update(kind="call")


def test_after_the_transaction_the_wall_is_shut(committed: SimpleNamespace) -> None:
    case = moved(managed())
    with identity(actor("ye")):
        assert Entry.objects.filter(case=case).exists()
        assert Entry.objects.filter(case=case).update(sealed=b"") == 0
        assert Transfer.objects.update(moved_in=1) == 0


def test_the_asker_cannot_answer_in_sql_either(db: None) -> None:
    case = managed()
    ask(case, by="zhou", division="330902")
    with identity(actor("zhou")):
        assert Transfer.objects.filter(case=case).update(state="accepted", answered_by_id=actor("zhou").id) == 0
    with identity(actor("luo")), pytest.raises(ProgrammingError), transaction.atomic():
        Transfer.objects.filter(case=case).update(answered_by_id=actor("luo").id, moved_in=7)


def test_keys_are_not_destroyed_when_an_envelope_does_not_open(db: None) -> None:
    case = managed()
    with identity(actor("zhou")), pytest.raises(SealError), transaction.atomic():
        from cases.access import cover_place

        *kept, last = bytes(case.cover)
        keys.reseal("case", case.pk, PUTUO, [(cover_place(case), bytes([*kept, last ^ 1]))])
    assert "小渔" in str(words_of("zhou", case))


def test_an_older_file_of_hers_that_is_opened_again_warns_the_county_to_which_the_newer_one_went(db: None) -> None:
    older = screened("S1,222222220", date(2026, 9, 1))
    settle(older)
    actions.close_case(actor=actor("chen"), case=fresh(older), reason="no_concern")
    newer = screened("S1,222222210", date(2026, 10, 1))
    assert newer.person_id == older.person_id and newer.pk != older.pk
    settle(newer)
    ask(fresh(newer), basis=Basis.CONSENT, who="母亲")
    actions.accept_transfer(actor=actor("ye"), case=newer)
    actions.reopen_case(actor=actor("chen"), reference=older.reference, to="red", because="同学说她在海边")
    assert (fresh(newer).tier, clocks(newer)["acknowledge"], clocks(older)["acknowledge"]) == (
        "red",
        "running",
        "running",
    )
    with identity(MACHINE):
        assert Notice.objects.filter(kind="danger_elsewhere", target=f"case:{newer.reference}").exists()


def test_an_older_file_opened_again_in_its_old_county_reads_nothing_of_the_new_one(committed: SimpleNamespace) -> None:
    number = "G330902201001011234"
    older = screened(f"{number},222222220", date(2026, 9, 1))
    settle(older)
    actions.close_case(actor=actor("chen"), case=fresh(older), reason="no_concern")
    newer = screened(f"{number},222222210", date(2026, 10, 1))
    assert newer.person_id == older.person_id
    settle(newer)
    ask(fresh(newer), basis=Basis.CONSENT, who="母亲")
    actions.accept_transfer(actor=actor("ye"), case=newer)
    at_her_new_school(newer)
    # answered before she moved, and brought by her new school after it
    batch = staged(f"{number},000000003", by="wu", school="bailang", day=date(2026, 10, 2)).batch
    actions.confirm_screening(actor=actor("wu"), batch_id=batch.pk)
    import_waiting(60)
    actions.reopen_case(actor=actor("chen"), reference=older.reference, to="red", because="同学说她在海边")

    def totals(who: str, case: Case) -> list[Any]:
        reader = actor(who)
        with identity(reader):
            return [words["total"] for _code, _at, words in reveal_results(reader, fresh(case))]

    for who in ("chen", "zhou"):
        assert totals(who, older) == [16, 15], who
        assert within_reach(who, older)[1] == 2, "the wall alone"
        with identity(actor(who)):
            shown = [one.source for one in lines(actor(who), fresh(older), kind="screenings")]
        assert shown.count("result") == 2, who
    assert totals("ye", newer) == [16, 15, 3]
    # nothing of it is lost where the older file follows her: who seals it anew reaches all of it
    settle(fresh(newer), by="ye")
    closed_by_two(fresh(newer), "graduated", by="ye", second="he")
    moved(fresh(older))
    assert totals("ye", older) == [16, 15, 3]


def screened(answers: str, day: date) -> Case:
    """The newest case of a student whose answers called for a talk."""
    actions.confirm_screening(actor=actor("chen"), batch_id=staged(answers, day=day).batch.pk)
    import_waiting(60)
    with identity(MACHINE):
        found = Case.objects.filter(channel="screening").order_by("-opened_at", "-pk").first()
    assert found is not None
    return found


def settle(case: Case, by: str = "zhou") -> None:
    """Its warning is acknowledged and nothing of it is outstanding."""
    actions.acknowledge(actor=actor(by), case=case)
    ready(fresh(case), by=by)
