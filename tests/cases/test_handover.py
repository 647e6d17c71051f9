"""A minimum hand-over: the fields of one template go, nothing else; the old file ends, and no call-back is lost."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, ProgrammingError, connection, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from cases import actions, handover
from cases.access import Purpose, open_case, reveal, reveal_covers
from cases.clocks import ClockKind
from cases.contact_access import stop_of
from cases.models import CallBackOutcome, Case, Deadline, Entry, Person, Section, Stub, Successor, Transfer, Warning
from cases.queues import board, stubs, worklist
from cases.telling import How, Told, Whom
from cases.transfer import Basis, Scope
from tests.cases.leave_stage import NOTICED
from tests.cases.test_call_back import going
from tests.cases.test_transfer import MACHINE
from tests.cases.transfer_stage import POINTS, PUTUO, as_superuser, fault, words_of
from tests.stage import RED, YELLOW, actor, clocks, desk, fresh, managed, policy, signed_in
from wellbeing.access.actor import identity
from wellbeing.audit.trail import trail
from wellbeing.audit.verify import verify
from wellbeing.errors import Forbidden, Invalid, WrongState
from wellbeing.outbox.models import Notice
from wellbeing.people import set_up
from wellbeing.people.desks import triage_desk
from wellbeing.people.models import Role, User
from wellbeing.vault.models import DataKeyRow
from wellbeing.workdays import now

WORDS = {
    "because": "全家搬到普陀",
    "who": "父亲,当面",
    "new_school": "白浪初级中学",
    "arrangement": "每周五午休谈话",
    "signs": "整日趴桌",
    "helps": "和同桌散步",
    "contacts": "星河中学陈老师",
}
SECRET = {**YELLOW, "narrative": "海边那件事", "protective": "奶奶", "caller_number": "13900000009", "stage": "junior"}


def ready(words: Any = SECRET) -> Case:
    """A case of Dinghai in which nothing is outstanding any more."""
    case = managed(words)
    actions.tell(actor=actor("zhou"), case=case, whom=Whom.GUARDIAN, told=Told.TOLD, how=How.PHONE, words={})
    return fresh(case)


def ask(case: Case, by: str = "chen", division: str = PUTUO, **more: Any) -> Transfer:
    made: Transfer = actions.ask_transfer(
        actor=actor(by),
        case=case,
        division=division,
        scope=Scope.MINIMUM,
        basis=Basis.CONSENT,
        words={**WORDS, **more},
    )
    return made


def handed(case: Case, by: str = "ye", who_asks: str = "chen", **more: Any) -> Case:
    ask(case, by=who_asks, **more)
    made: Case = actions.accept_transfer(actor=actor(by), case=case)
    return fresh(made)


def state(url: str, case: Case) -> list[Any]:
    """Everything a hand-over could change, as it stands."""
    return [
        *as_superuser(url, "SELECT status, tier, manager_id, closed_at FROM cases_case ORDER BY id"),
        *as_superuser(url, "SELECT kind, state, desk_id, due_at FROM cases_deadline ORDER BY id"),
        *as_superuser(url, "SELECT group_id, permission_id FROM cases_casegroupobjectpermission ORDER BY id"),
        *as_superuser(url, "SELECT count(*) FROM cases_person"),
        *as_superuser(url, "SELECT count(*) FROM vault.vault_datakey"),
        *as_superuser(url, "SELECT state FROM cases_transfer WHERE case_id = %s", case.pk),
    ]


# -- the template -------------------------------------------------------------------------------------------------


@given(st.dictionaries(st.one_of(st.sampled_from([*handover.CODES, *SECRET, "conclusion"]), st.text()), st.text()))
def test_whatever_a_file_holds_only_the_template_can_go(words: dict[str, str]) -> None:
    assert set(handover.template(words)) <= set(handover.CODES)
    assert all(handover.template(words).values())


def test_the_template_names_no_narrative_no_risk_answer_and_no_conclusion() -> None:
    from cases import sheet

    sections = {sheet.BY_CODE[code].section for code in handover.CODES if code in sheet.BY_CODE}
    assert sections == {"identity"} and not {"conclusion", "narrative", "risk", "contact", "school"} & {*handover.CODES}


def test_the_new_file_holds_exactly_the_template_and_nothing_leads_back(db: None) -> None:
    case = ready()
    new = handed(case, narrative="不该走的话", conclusion="诊断")
    seen = words_of("ye", new)
    assert seen.pop("cover") == {new.pk: "小禾"} and seen.pop("results") == []
    assert {code for words in seen.values() for code in words} <= set(handover.CODES)
    with identity(actor("ye")):
        (entry,) = Entry.objects.all()
        words = seen[entry.pk, Section.PLAN]
        assert words == {
            "name": "小禾",
            "stage": "junior",
            "tier": "yellow",
            **{code: WORDS[code] for code in handover.WRITTEN},
        }
        person = Person.objects.get()
        assert (new.division_id, person.division_id, person.student_index) == (PUTUO, PUTUO, None)
        assert person.pk != case.person_id and new.channel == "transfer"
        events = trail(new.pk)
    with identity(MACHINE):
        told = Notice.objects.filter(target=f"case:{new.reference}")
        assert {notice.kind for notice in told} == {"warning", "transfer_taken"}
    old = {str(case.pk), case.reference, str(case.person_id)}
    assert not [event for event in events if old & {str(value) for value in event.facts.values()}]
    page = signed_in("ye").get(reverse("case", args=[new.reference])).content.decode()
    file = signed_in("ye").get(reverse("case_file", args=[new.reference])).content.decode()
    assert WORDS["signs"] in file and not any(mark in page + file for mark in (*old, "海边", "13900000009", "不该走"))


def test_the_new_file_warns_like_any_other(db: None) -> None:
    new = handed(ready())
    with identity(MACHINE):
        kinds = set(Deadline.objects.filter(case=new, state="running").values_list("kind", flat=True))
        assert {"acknowledge", "first_meeting"} <= kinds
        assert Warning.objects.get(case=new).desk.organisation.code == "putuo-centre"
    actions.acknowledge(actor=actor("ye"), case=new)
    assert fresh(new).status == "acknowledged" and fresh(new).owner_desk_id in actor("ye").desks
    with identity(actor("ye")):
        assert [row.case.reference for row in board(actor("ye")).rows].count(new.reference) >= 1


# -- the old file -------------------------------------------------------------------------------------------------


def test_the_old_file_ends_and_its_desks_keep_a_stub(db: None) -> None:
    case = ready()
    new = handed(case)
    old = fresh(case)
    assert (old.status, old.close_reason, old.division_id) == ("closed", "transferred_out", "330902")
    assert set(clocks(case).values()) <= {"met", "void"} and clocks(case)["transfer"] == "met"
    with identity(MACHINE):
        assert not Warning.objects.filter(case=case, ended_at=None).exists()
    for name in ("chen", "zhou", "lin"):
        with identity(actor(name)):
            assert worklist(actor(name)) == [] and DataKeyRow.objects.count() == 0 and Entry.objects.count() == 0
            kept = [(stub.reference, stub.end, stub.to_desk.organisation.code) for stub in stubs(actor(name))]
        assert kept == [(case.reference, "transferred", "putuo-centre")]
        for reference in (case.reference, new.reference):
            assert signed_in(name).get(reverse("case", args=[reference])).status_code == 404


def test_the_new_desk_never_reaches_the_old_file_nor_its_keys(db: None) -> None:
    case = ready()
    new = handed(case)
    ye = actor("ye")
    with identity(ye):
        assert [one.pk for one in Case.objects.all()] == [new.pk] and Stub.objects.count() == 0
        assert set(DataKeyRow.objects.values_list("owner_id", flat=True)) == {new.pk, new.person_id}
        with pytest.raises(Forbidden):
            open_case(ye, case.reference)
        with pytest.raises(Forbidden):
            reveal(ye, case, Section.values, Purpose.CARE)
        assert reveal_covers(ye, [case]) == {}
    for route in ("case", "case_file", "accept_transfer"):
        assert signed_in("ye").get(reverse(route, args=[case.reference])).status_code == 404


def test_within_one_county_the_new_school_reads_the_template_only(db: None) -> None:
    case = ready()
    ask(case, by="zhou", division="330902")
    with pytest.raises(Forbidden):
        actions.accept_transfer(actor=actor("zhou"), case=case)
    new = actions.accept_transfer(actor=actor("luo"), case=case)
    school = desk("xinghe", Role.SCHOOL_COUNSELLOR)
    actions.acknowledge(actor=actor("zhou"), case=new)
    actions.assign_manager(
        actor=actor("zhou"), case=new, manager=User.objects.get(username="chen"), desk=school, because="转入"
    )
    found = words_of("chen", fresh(new))
    assert WORDS["signs"] in str(found) and "海边" not in str(found)
    with identity(actor("zhou")):
        assert [one.reference for one in worklist(actor("zhou"))] == [new.reference]


def test_a_teachers_school_stays_out_of_the_new_file_too(db: None) -> None:
    case = ready()
    with identity(MACHINE):
        Case.objects.filter(pk=case.pk).update(school_apart=True)
    ask(fresh(case), by="zhou")
    new = actions.accept_transfer(actor=actor("ye"), case=case)
    assert new.school_apart and "tell_principal" not in clocks(new)


# -- call-backs ---------------------------------------------------------------------------------------------------


def test_while_call_backs_run_the_old_file_stays_open_for_the_hotline_alone(db: None, wait: Any) -> None:
    case = ready({**RED, "callback_number": "13900000009"})
    with identity(MACHINE):
        before = Deadline.objects.get(case=case, kind=ClockKind.CALLBACK)
    new = handed(case)
    old, lin = fresh(case), actor("lin")
    assert old.status != "closed" and old.manager is None and new.tier == "red"
    with identity(MACHINE):
        (clock,) = Deadline.objects.filter(case=case, state="running")
    assert (clock.pk, clock.due_at, clock.desk_id) == (before.pk, before.due_at, before.desk_id)
    assert "callback" not in clocks(new)
    for name in ("chen", "zhou", "ye"):
        assert signed_in(name).get(reverse("case", args=[case.reference])).status_code == 404
    with identity(lin):
        assert [one.reference for one in worklist(lin)] == [case.reference] and stubs(lin) == []
        assert "13900000009" in str(reveal(lin, old, Section.values, Purpose.CARE))
    page = signed_in("lin").get(reverse("case", args=[case.reference])).content.decode()
    assert "普陀区心理辅导中心" in page and new.reference not in page
    wait(days=1)
    actions.call_back(actor=lin, case=old, outcome=CallBackOutcome.REACHED, words={"note": "在新学校了"})
    with identity(MACHINE):
        assert Deadline.objects.get(case=case, kind=ClockKind.CALLBACK, state="running").step == 1


def test_the_hotline_closes_what_was_left_to_it_but_not_what_is_warned_about_again(wait: Any) -> None:
    case = ready(RED)
    with pytest.raises(Invalid):
        actions.close_case(actor=actor("lin"), case=case, reason="transferred_out")
    wait(minutes=1)
    handed(case)
    actions.call_back(actor=actor("lin"), case=case, outcome=CallBackOutcome.DECLINED, words={})
    with pytest.raises(Invalid):  # at red never as improved
        actions.close_case(actor=actor("lin"), case=case, reason="improved")
    actions.close_case(actor=actor("lin"), case=case, reason="transferred_out")
    assert fresh(case).status == "closed"


def test_danger_on_a_call_back_warns_the_county_again(db: None) -> None:
    policy(callback_tiers=("red", "orange", "yellow"))
    case = ready()
    new = handed(case)
    actions.acknowledge(actor=actor("ye"), case=new)
    actions.raise_tier(actor=actor("lin"), case=fresh(case), to="red")
    there = fresh(new)  # and the county that has the person by now, in its own file
    assert (there.tier, there.status, clocks(new)["acknowledge"]) == ("red", "opened", "running")
    with identity(MACHINE):
        assert Warning.objects.filter(case=new, tier="red", ended_at=None).exists()
        assert Notice.objects.filter(kind="danger_elsewhere", target=f"case:{new.reference}").exists()
    page = signed_in("ye").get(reverse("case", args=[new.reference])).content.decode()
    file = signed_in("ye").get(reverse("case_file", args=[new.reference])).content.decode()
    assert "热线" in file and not any(mark in page + file for mark in (str(case.pk), case.reference))
    for name in ("lin", "zhou", "ye"):
        with identity(actor(name)):
            assert not Successor.objects.exists(), "machines alone know that both files are of one person"
    with identity(actor("zhou")):
        assert case.reference in {row.case.reference for row in board(actor("zhou")).rows}
    actions.acknowledge(actor=actor("zhou"), case=case)
    actions.tell(actor=actor("zhou"), case=case, whom=Whom.GUARDIAN, told=Told.TOLD, how=How.PHONE, words={})
    with pytest.raises(Invalid):
        actions.close_case(actor=actor("lin"), case=case, reason="transferred_out")
    assert "普陀区心理辅导中心" not in signed_in("lin").get(reverse("case", args=[case.reference])).content.decode()
    # Danger since then is in no file that went: two people close this one.
    assert actions.close_case(actor=actor("zhou"), case=case, reason="transferred_out").status != "closed"
    actions.confirm_lowering(actor=actor("luo"), case=fresh(case))
    assert (fresh(case).status, fresh(new).tier) == ("closed", "red")


# -- what needs the whole file, and faults ------------------------------------------------------------------------


def test_a_leave_needs_the_whole_file(db: None) -> None:
    case = ready()
    ask(case)
    on_leave(case)
    for verb in (lambda: actions.accept_transfer(actor=actor("ye"), case=case), lambda: ask(on_leave(ready()))):
        with pytest.raises(Invalid) as refused:
            verb()
        assert refused.value.field in ("confirm", "scope")
    assert fresh(case).division_id == "330902" and fresh(case).status != "closed"


def on_leave(case: Case) -> Case:
    school = desk("xinghe", Role.SCHOOL_COUNSELLOR)
    actions.begin_leave(actor=actor("chen"), case=case, desk=school, words=NOTICED)
    return fresh(case)


def test_what_is_outstanding_is_done_first(db: None) -> None:
    case = managed({**SECRET, "school": "星河中学"})  # the guardian was not told
    assert clocks(case)["tell_guardian"] == "running"
    with pytest.raises(Invalid) as refused:
        ask(case)
    assert refused.value.field == "scope"
    case = ready()
    ask(case)
    actions.raise_tier(actor=actor("zhou"), case=case, to="red")
    with pytest.raises(Invalid):  # nobody has acknowledged it yet
        actions.accept_transfer(actor=actor("ye"), case=case)


@pytest.mark.parametrize(
    ("words", "field"),
    [({"contacts": " "}, "contacts"), ({"note": "夜里"}, "note"), ({"because": ""}, "because"), ({"who": ""}, "who")],
)
def test_asking_names_what_is_missing(db: None, words: dict[str, str], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        ask(ready(), **words)
    assert refused.value.field == field


def test_sent_back_nothing_changed(db: None) -> None:
    case = ready()
    before = (fresh(case).status, clocks(case))
    ask(case)
    actions.refuse_transfer(actor=actor("ye"), case=case, because="学籍还在定海")
    assert (fresh(case).status, {k: v for k, v in clocks(case).items() if k != "transfer"}) == before
    with identity(MACHINE):
        assert Case.objects.count() == 1 and Person.objects.filter(division_id=PUTUO).count() == 0
    with identity(actor("ye")):
        assert worklist(actor("ye")) == [] and DataKeyRow.objects.count() == 0
    ask(case)


HANDOVER_POINTS = {
    "cases_case": "INSERT",
    "cases_entry": "INSERT",
    "cases_warning": "INSERT",
    **{point: verb for point, verb in POINTS.items() if point.startswith(("cases_stub", "cases_transfer"))},
    "cases_case ": "UPDATE",
    "cases_casegroupobjectpermission": "DELETE",
    "audit_event": "INSERT",
}


@pytest.mark.parametrize("how", ["RAISE EXCEPTION 'fault'", "PERFORM pg_terminate_backend(pg_backend_pid())"])
def test_a_fault_anywhere_leaves_the_old_state_and_the_same_key_does_it_once(
    committed: SimpleNamespace, how: str
) -> None:
    ye, url = actor("ye"), committed.superuser_url
    for done, point in enumerate(HANDOVER_POINTS, start=1):
        case, key = ready(), uuid4()
        ask(case)
        before = state(url, case)
        with fault(url, point, HANDOVER_POINTS[point], how), pytest.raises(DatabaseError):
            actions.accept_transfer(actor=ye, case=case, key=key)
        assert state(url, case) == before, point
        answers = {actions.accept_transfer(actor=ye, case=case, key=key).pk for _again in range(2)}
        assert len(answers) == 1 and case.pk not in answers, point
        assert as_superuser(url, "SELECT count(*) FROM cases_case") == [(2 * done,)], point
        with pytest.raises((Forbidden, WrongState)):
            actions.accept_transfer(actor=ye, case=case)
    with identity(MACHINE):
        assert verify().faults == []


# -- the wall and the pages ---------------------------------------------------------------------------------------


def test_a_minimum_cannot_be_made_a_whole_file_in_sql(db: None) -> None:
    case = ready()
    ask(case)
    with identity(actor("ye")), pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        Transfer.objects.update(scope="whole")
    with identity(actor("ye")), pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE cases_transfer SET state = 'accepted', answered_by_id = %s, moved_in = txid_current()",
            [actor("ye").id],
        )


def test_the_page_shows_what_will_be_read_before_it_goes_and_the_reader_reads_that(db: None) -> None:
    case = ready()
    actions.plan_safety(actor=actor("chen"), case=case, words={"signs": "不回消息", "coping": "画画"})
    chen, url = signed_in("chen"), reverse("ask_transfer", args=[case.reference])
    first = chen.get(url).content.decode()
    assert "不回消息" in first and "画画" in first and "海边" not in first
    key = str(uuid4())
    sent = {"key": key, "division": PUTUO, "scope": "minimum", "basis": "consent", **WORDS}
    shown = chen.post(url, {**sent, "look": "1"}).content.decode()
    seen = shown.split('name="seen" value="')[1].split('"')[0]
    letter = shown.split('id="preview"')[1].split("</section>")[0]
    assert "小禾" in letter and WORDS["helps"] in letter
    changed = chen.post(url, {**sent, "helps": "别的", "send": "1", "seen": seen})  # what was not shown does not go
    assert changed.status_code == 200 and "别的" in changed.content.decode()
    with identity(MACHINE):
        assert not Transfer.objects.exists()
    for _again in range(2):
        assert chen.post(url, {**sent, "send": "1", "seen": seen}).status_code == 302
    with identity(MACHINE):
        assert Transfer.objects.count() == 1
    facts = letter.split("<dl")[1].split("</dl>")[0].split(">", 1)[1]
    ye = signed_in("ye")
    page = ye.get(reverse("case", args=[case.reference])).content.decode()
    assert facts in page
    accept = {"key": str(uuid4())}
    answer = ye.post(reverse("accept_transfer", args=[case.reference]), accept)
    with identity(actor("ye")):
        (new,) = worklist(actor("ye"))
    assert answer.status_code == 302 and answer["Location"] == reverse("case", args=[new.reference])
    again = ye.post(reverse("accept_transfer", args=[case.reference]), accept)
    assert again.status_code == 302 and len(worklist_of("ye")) == 1


def worklist_of(name: str) -> list[Case]:
    with identity(actor(name)):
        return worklist(actor(name))


def test_in_danger_and_on_leave_the_whole_file_is_the_default(db: None) -> None:
    for case, default in ((ready(), "minimum"), (ready(RED), "whole"), (on_leave(ready()), "whole")):
        page = signed_in("chen").get(reverse("ask_transfer", args=[case.reference])).content.decode()
        (checked,) = [
            tag for tag in page.split("<input")[1:] if 'name="scope"' in tag and "checked" in tag.split(">")[0]
        ]
        assert f'value="{default}"' in checked
    assert 'value="minimum"' not in page


def test_danger_on_a_call_back_of_a_red_file_warns_the_county_again_though_it_rises_no_further(wait: Any) -> None:
    """It stands at red already, so nothing rises: both counties hear of it all the same, and a clock runs."""
    case = ready(RED)
    new = handed(case)
    actions.acknowledge(actor=actor("ye"), case=new)
    since = fresh(new).tier_since
    wait(hours=1)
    again = {"thoughts": "active", "plan": "yes", "when": "now"}
    actions.assess_risk(actor=actor("lin"), case=fresh(case), words={}, face_to_face=False)
    assert fresh(case).status != "opened" and fresh(new).tier_since == since, "no danger"
    actions.assess_risk(actor=actor("lin"), case=fresh(case), words=again, face_to_face=False)
    assert (fresh(case).status, clocks(case)["acknowledge"]) == ("opened", "running")
    with identity(MACHINE):
        assert Warning.objects.filter(case=case, tier="red", ended_at=None).exists()
        assert Notice.objects.filter(kind="danger_elsewhere", target=f"case:{new.reference}").exists()
    assert fresh(new).tier_since > since, "and there too it is lowered only after an assessment since then"
    with identity(actor("zhou")):
        assert case.reference in {row.case.reference for row in board(actor("zhou")).rows}


def test_what_is_new_in_a_red_sheet_whose_file_was_handed_over_meanwhile_warns_the_counties_again(db: None) -> None:
    """The sheet was logged early and goes on; its file went to Putuo at the minimum before the call was written up."""
    draft, case = going(RED)
    actions.acknowledge(actor=actor("zhou"), case=fresh(case))
    actions.tell(actor=actor("zhou"), case=fresh(case), whom=Whom.GUARDIAN, told=Told.TOLD, how=How.PHONE, words={})
    new = handed(fresh(case), who_asks="zhou")
    actions.acknowledge(actor=actor("ye"), case=new)

    def goes_on(words: Any) -> None:
        sheet = actions.CallSheet(words=words, division="330902")
        actions.continue_call(actor=actor("lin"), case=fresh(case), call=sheet, draft=draft)

    goes_on(RED)
    assert fresh(case).status != "opened", "nothing is new"
    goes_on({**RED, "narrative": "她说今晚去码头"})
    assert (fresh(case).status, clocks(case)["acknowledge"]) == ("opened", "running")
    with identity(MACHINE):
        assert Warning.objects.filter(case=case, tier="red", ended_at=None).exists()
        assert Notice.objects.filter(kind="danger_elsewhere", target=f"case:{new.reference}").exists()


def test_danger_for_which_the_old_file_is_opened_again_reaches_the_county_that_has_the_person(db: None) -> None:
    case = ready()
    new = handed(case)
    actions.acknowledge(actor=actor("ye"), case=new)
    actions.reopen_case(actor=actor("zhou"), reference=case.reference, to="red", because="同学说她在海边")
    assert (fresh(new).tier, clocks(new)["acknowledge"], clocks(case)["acknowledge"]) == ("red", "running", "running")
    with identity(MACHINE):
        assert Notice.objects.filter(kind="danger_elsewhere", target=f"case:{new.reference}").exists()
    file = signed_in("ye").get(reverse("case_file", args=[new.reference])).content.decode()
    assert "移交个案的单位" in file and case.reference not in file


def test_a_file_that_is_handed_over_a_second_time_warns_each_that_was_opened_from_it(db: None) -> None:
    """Back in Dinghai the old file is opened again, and goes to Putuo once more, whose first file has gone on to Daishan:
    danger is heard there and in both."""
    case = ready()
    first = handed(case)
    third = triage_desk("330921")
    with identity(MACHINE):
        set_up.appoint(User.objects.get(username="mallory"), third, starts_on=now().date())
    settle(first, "ye")
    ask(first, by="ye", division="330921")
    on = fresh(actions.accept_transfer(actor=actor("mallory"), case=first))
    actions.reopen_case(actor=actor("zhou"), reference=case.reference, to="yellow", because="又在定海住")
    settle(fresh(case), "zhou")
    ask(case, by="zhou")
    second = fresh(actions.accept_transfer(actor=actor("ye"), case=fresh(case)))
    assert (fresh(case).status, fresh(first).status, second.status) == ("closed", "closed", "opened")
    actions.reopen_case(actor=actor("zhou"), reference=case.reference, to="red", because="同学说她在海边")
    assert [fresh(one).tier for one in (second, on)] == ["red", "red"]
    assert clocks(on)["acknowledge"] == clocks(second)["acknowledge"] == "running"


def settle(case: Case, by: str) -> None:
    """Nothing of its warning is outstanding."""
    actions.acknowledge(actor=actor(by), case=case)
    actions.tell(actor=actor(by), case=fresh(case), whom=Whom.GUARDIAN, told=Told.TOLD, how=How.PHONE, words={})


def test_a_home_that_must_not_be_reached_is_shut_to_both_files_of_the_person(wait: Any) -> None:
    """The hotline still calls back out of the old file: what the new county has learnt since holds for it as well."""
    case = ready(RED)
    new = handed(case)
    wait(days=1)
    actions.stop_contact(actor=actor("ye"), case=new, because="父亲接电话")
    with pytest.raises(Invalid) as shut:
        actions.call_back(actor=actor("lin"), case=fresh(case), outcome=CallBackOutcome.REACHED, words={})
    assert "父亲" not in str(shut.value.message) and "叶帆" not in str(shut.value.message), "why is the other file's"
    other = ready(RED)
    there = handed(other)
    wait(minutes=1)
    assert stop_of(there.person_id) is None
    actions.stop_contact(actor=actor("lin"), case=fresh(other), because="父亲接电话")
    told = {"whom": Whom.GUARDIAN, "told": Told.TOLD, "how": How.PHONE, "words": {}}
    with pytest.raises(Invalid):
        actions.tell(actor=actor("ye"), case=fresh(there), **told)


def test_what_went_along_and_was_lifted_there_stays_lifted(wait: Any) -> None:
    case = ready()
    actions.stop_contact(actor=actor("zhou"), case=case, because="父亲接电话")
    new = handed(fresh(case))
    assert stop_of(new.person_id) is not None
    wait(minutes=1)
    with identity(MACHINE):
        set_up.appoint(User.objects.get(username="mallory"), triage_desk(PUTUO), starts_on=now().date())
    actions.acknowledge(actor=actor("ye"), case=new)
    actions.ask_contact(actor=actor("ye"), case=fresh(new), because="父亲已搬走")
    actions.allow_contact(actor=actor("mallory"), case=fresh(new), allow=True)
    assert stop_of(new.person_id) is None and stop_of(case.person_id) is not None
