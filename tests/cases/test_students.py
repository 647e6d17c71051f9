"""A number that is the same in every school opens nothing of another's: each has its own row, and those who have the
file are told where the student was seen."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from cases import actions
from cases.access import open_case, reveal_results
from cases.campaign_access import reveal_roll, school_batches
from cases.instruments import PAPERS
from cases.models import Case, Person, ScreeningFlag, ScreeningResult
from cases.search import find
from cases.tick import import_waiting
from cases.transfer import Basis, Scope
from tests.stage import TODAY, actor, desk, fresh, staged
from wellbeing.access.actor import Actor, identity
from wellbeing.access.machines import ANSWERS
from wellbeing.access.models import Hold
from wellbeing.outbox.models import Notice
from wellbeing.people import set_up
from wellbeing.people.models import Organisation, Role, User
from wellbeing.people.set_up import account, appoint
from wellbeing.workdays import now

NATIONAL = "G330902201201010012"
MACHINE = Actor.machine("test")
SCHOOLS = {"chen": "xinghe", "yu": "wangchao"}


def new_colleague() -> None:
    """Yu is the counsellor of Wangchao's school, in the county of Chen's."""
    with identity(MACHINE):
        appoint(account("yu", "于舟(新)", "x"), desk("wangchao", Role.SCHOOL_COUNSELLOR), starts_on=now().date())


def screened(answers: str, by: str, number: str = NATIONAL) -> Any:
    """A file of one line, taken."""
    made = staged(*f"{number},{answers}".split(), by=by, school=SCHOOLS[by])
    actions.confirm_screening(actor=actor(by), batch_id=made.batch.pk)
    import_waiting(5)
    return made


def cases_of(who: str) -> list[Case]:
    with identity(actor(who)):
        return list(Case.objects.order_by("opened_at", "pk"))


def told() -> set[int | None]:
    with identity(MACHINE):
        rows = Notice.objects.filter(kind="found_at_school")
        assert not rows.filter(user__isnull=False).exists()
        return set(rows.values_list("desk_id", flat=True))


def looked_at(case: Case) -> None:
    """The school's crisis lead has the cover of it, and the city's duty reads it for some hours."""
    with identity(MACHINE):
        lead = set_up.desk(Organisation.objects.get(code="xinghe"), Role.SCHOOL_CRISIS_LEAD)
    until = now() + timedelta(days=9)
    actions.grant_access(actor=actor("chen"), case=case, to=lead, hold=Hold.SEE, until=until, because="协同")
    why = {"why": "danger", "because": "夜间来电说她今晚要出事，需要查看安全计划与可以联系的人"}
    actions.break_glass(actor=actor("he"), reference=case.reference, **why)


def test_a_screening_at_another_school_opens_no_case_and_whoever_has_it_is_told(db: None) -> None:
    new_colleague()
    screened("222222221", "chen")
    (hers,) = cases_of("chen")
    assert told() == set()
    looked_at(hers)
    second = screened("222222222", "yu")
    assert second.figures["matched"] == 0, "nor does the preview say that she is known"
    assert cases_of("chen") == [hers] and fresh(hers).tier == hers.tier
    (own,) = cases_of("yu")
    assert own.person_id != hers.person_id and own.tier == "orange" and own.owner_desk_id == actor("yu").desks[0]
    assert told() == {actor("chen").desks[0], actor("zhou").desks[0]}, "who works on it, and nobody who looks at it"
    yu = actor("yu")
    with identity(yu):
        assert len(reveal_results(yu, open_case(yu, own.reference))) == 1
        assert not Person.objects.filter(pk=hers.person_id).exists()
        assert [case for case, _name in find(yu, NATIONAL)] == [own]
    zhou = actor("zhou")
    with identity(zhou):
        assert {case for case, _name in find(zhou, NATIONAL)} == {hers, own}, "the county finds both"


def test_of_each_later_file_whoever_has_the_case_is_told_anew(db: None) -> None:
    """What the next screening says may be graver than what they have looked at."""
    new_colleague()
    screened("222222221", "chen")
    for answers in ("222222221", "222222223"):
        screened(answers, "yu")
    with identity(MACHINE):
        rows = Notice.objects.filter(kind="found_at_school", desk_id=actor("chen").desks[0])
        assert rows.count() == 2


def test_she_stays_one_student_in_each_school(db: None) -> None:
    new_colleague()
    for answers in ("222222221", "222222222"):
        for by in ("chen", "yu"):
            screened(answers, by)
    for by in ("chen", "yu"):  # the same line beside another student's
        screened(f"222222222\n{NATIONAL[:-1]}9,000000000", by)
    with identity(MACHINE):
        assert Case.objects.count() == 2 and set(Case.objects.values_list("tier", flat=True)) == {"orange"}
        assert Person.objects.count() == 4 and ScreeningResult.objects.count() == 6


def test_a_file_that_was_handed_over_goes_on_in_the_new_school_and_ends_in_the_old_one(db: None) -> None:
    new_colleague()
    screened("222222221", "chen")
    (case,) = cases_of("chen")
    actions.acknowledge(actor=actor("zhou"), case=case)
    words = {"because": "转学", "who": "母亲，十一月二日同意", "new_school": "望潮"}
    actions.ask_transfer(
        actor=actor("chen"), case=fresh(case), division="330902", scope=Scope.WHOLE, basis=Basis.CONSENT, words=words
    )
    actions.accept_transfer(actor=actor("zhou"), case=fresh(case))
    actions.assign_manager(
        actor=actor("zhou"),
        case=fresh(case),
        manager=User.objects.get(username="yu"),
        desk=desk("wangchao", Role.SCHOOL_COUNSELLOR),
    )
    screened("222222222", "yu")
    assert cases_of("yu") == [case] and fresh(case).tier == "orange" and told() == set()
    screened("222222223", "chen")
    (again,) = cases_of("chen")
    assert again.person_id != case.person_id, "the old school reads nothing of what is kept in the new one"


def test_a_number_of_the_school_is_free_again_where_its_old_owner_has_gone(db: None) -> None:
    new_colleague()
    screened("222222221", "chen", number="7")
    (case,) = cases_of("chen")
    with identity(MACHINE):
        school = desk("wangchao", Role.SCHOOL_COUNSELLOR)
        Case.objects.filter(pk=case.pk).update(owner_desk=school)
        table = Case.objects.get(pk=case.pk).casegroupobjectpermission_set
        table.filter(group_id=actor("chen").desks[0]).delete()
    screened("222222222", "chen", number="7")
    (other,) = cases_of("chen")
    with identity(MACHINE):
        assert other.person_id != case.person_id
        assert ScreeningFlag.objects.filter(case=other).count() == 1
    assert told() == set(), "whoever has that file now has nothing to do with the new owner of the number"
    screened("222222222\n8,000000000", "chen", number="7")
    assert cases_of("chen") == [other], "and the same line again is nothing"
    with identity(MACHINE):
        assert ScreeningResult.objects.filter(person=other.person_id).count() == 1


def on_rolls(*schools: str) -> dict[str, Any]:
    """Her number on the rolls of both schools in one campaign of the county, each brought by its own counsellor: her
    line of each."""
    at = {code: Organisation.objects.get(code=code).pk for code in schools}
    given = {"title": "普测", "codes": ["phq9"], "first": now().date(), "last": now().date()}
    made = actions.plan_campaign(actor=actor("zhou"), schools=list(at.values()), **given)
    found = {}
    for who in SCHOOLS:
        person = actor(who)
        with identity(person):
            (batch,) = school_batches(made)
            lines = [(1, ("学号", "姓名", "年级", "班级")), (2, (NATIONAL, "示例", "八年级", "1班"))]
            for added in (1, 0):
                brought = actions.enrol_students(actor=person, batch_id=batch.pk, lines=lines)
                assert brought.added == added, "whether she is on another roll is not to be seen, nor does it hinder"
            ((one, words),) = reveal_roll(person, batch)
        found[who] = (one, words["code"], made)
    return found


def test_a_number_on_another_schools_roll_is_a_student_of_its_own_here(db: None) -> None:
    new_colleague()
    rolls = on_rolls("xinghe", "wangchao")
    (old, _code, campaign), (new, code, _campaign) = rolls["chen"], rolls["yu"]
    actions.record_opt_out(actor=actor("chen"), student_id=old.pk, takes_part=False)
    answers = {question.code: 0 for question in PAPERS["phq9"].questions} | {"better_off_dead": 3}
    actions.give_answers(actor=ANSWERS, code=code, answers={"phq9": answers})
    (case,) = cases_of("yu")
    assert case.tier == "orange", "what the old school was told silences nobody at the new one"
    assert fresh(new).answered_at and not fresh(old).answered_at
    actions.record_opt_out(actor=actor("chen"), student_id=old.pk, takes_part=True)
    made = staged(f"{NATIONAL},000000001", by="yu", school="wangchao", campaign=campaign)
    actions.confirm_screening(actor=actor("yu"), batch_id=made.batch.pk)
    import_waiting(5)
    assert not fresh(old).answered_at, "nor is her code spent by a file of the new school"


def test_a_name_that_another_county_has_too_is_the_school_of_the_file(db: None) -> None:
    """Every county has a central school: the one that brought the file means its own, also when its rows are taken."""
    new_colleague()
    with identity(MACHINE):
        Organisation.objects.filter(code__in=("wangchao", "bailang")).update(name="中心学校", name_en="")
    head, row = ["student_no", "school", *(f"q{n}" for n in range(1, 10))], "222222223"
    lines = [(1, head), (2, ["7", "中心学校", *row])]
    given: dict[str, Any] = {"digest": "1" * 64, "instruments": "phq9=q1-q9", "day": TODAY}
    made = actions.stage_screening(actor=actor("zhou"), lines=lines, **given)
    actions.confirm_screening(actor=actor("zhou"), batch_id=made.batch.pk)
    import_waiting(5)
    (case,) = cases_of("yu")
    assert case.tier == "orange" and fresh(made.batch).state == "finished" and not cases_of("wu")
