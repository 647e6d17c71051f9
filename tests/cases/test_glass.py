"""Break-glass: told first, for hours, three a day, judged by somebody else, and shut while nobody has judged."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from cases import actions
from cases.access import Purpose, open_case, reveal
from cases.glass import Before, level, rests, reviewing
from cases.models import Case, CaseUserObjectPermission, Entry, SealedAsk, Section
from cases.sections import openings as section_openings
from cases.tick import escalate_unreviewed
from tests.cases.glass_stage import BECAUSE, opened
from tests.cases.school_stage import report
from tests.stage import GREEN, RED, actor, call, desk, fresh, signed_in
from wellbeing.access.actor import Actor, identity
from wellbeing.access.explained import lines
from wellbeing.access.grants import grant
from wellbeing.access.models import Hold, Origin
from wellbeing.access.permissions import P
from wellbeing.access.policy import explain, may
from wellbeing.audit.models import Event
from wellbeing.audit.tags import Tag
from wellbeing.errors import Forbidden, Invalid, Stale, WrongState
from wellbeing.outbox.models import Notice
from wellbeing.people.models import Desk, Post, Role, User
from wellbeing.workdays import now

AT = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
BACK = "0580-2999123"


def notices(kind: str) -> set[int | None]:
    with identity(Actor.machine("ticker")):
        return set(Notice.objects.filter(kind=kind).values_list("desk_id", flat=True))


def reads(name: str, reference: str) -> list[str]:
    """What the person reads in the file now; Forbidden where she may not."""
    with identity(actor(name)):
        file = reveal(actor(name), open_case(actor(name), reference), Section.values, Purpose.CARE)
        return [str(value) for entry in file.entries for value in entry.words.values()]


def test_when_the_right_rests() -> None:
    three = [Before(AT - n * HOUR, True, "justified") for n in range(3)]
    rules: dict[str, Any] = {"per_day": 3, "suspend": 72 * HOUR}
    assert rests(three, AT, **rules) == "often"
    assert rests(three[:2], AT, **rules) == ""
    assert rests(three, AT + 24 * HOUR, **rules) == ""
    assert rests([Before(AT - 71 * HOUR, False)], AT, **rules) == ""
    assert rests([Before(AT - 72 * HOUR, False)], AT, **rules) == "unreviewed"
    assert rests([Before(AT - HOUR, True, "not")], AT, **rules) == "refused"
    assert rests([Before(AT - 25 * HOUR, True, "not")], AT, **rules) == ""


def test_who_reviews_and_how_far_up_it_goes() -> None:
    assert reviewing({1: {7}, 2: {8}, 3: {9}}, mine={1}) == (2, 3)
    assert reviewing({1: {7}, 2: set(), 3: {9}}, mine=()) == (1, 3)  # a desk where nobody sits today is told of nothing
    assert reviewing({1: {7}, 2: {7}, 3: {9}}, mine=()) == (1, 3)  # one person at two desks is one
    assert reviewing({1: set(), 2: {7}, 3: {7}}, mine=()) == (2, 3)  # nobody else there: it is told and goes up
    assert reviewing({1: {7}, 2: {8}}, mine={2}) is None
    spans = [level(AT, AT + hours * HOUR, review=24 * HOUR) for hours in (0, 23.9, 24, 47, 48, 500)]
    assert spans == [0, 0, 1, 1, 2, 2]


@pytest.mark.django_db
def test_two_desks_know_before_a_word_is_read_and_four_hours_later_it_is_shut(wait: Any) -> None:
    case = call(by="gao")
    with pytest.raises(Forbidden):
        reads("lin", case.reference)
    for name, reference in (("ye", case.reference), ("lin", "ZS-2222-2222"), ("chen", case.reference)):
        with pytest.raises(Forbidden):  # another county's, one that does not exist, a role without the right
            actions.break_glass(actor=actor(name), reference=reference, why="danger", because=BECAUSE)
    with pytest.raises(Invalid):
        actions.break_glass(actor=actor("lin"), reference=case.reference, why="danger", because="急")
    glass = opened(case)
    assert notices("glass_broken") == {
        desk("city-centre", Role.CITY_DUTY).pk,
        desk("dinghai-centre", Role.COUNTY_TRIAGE).pk,
    }
    assert RED["narrative"] in reads("lin", case.reference)
    with pytest.raises(Forbidden):  # to read, never to work
        actions.raise_tier(actor=actor("lin"), case=fresh(case), to="red", because="x")
    with pytest.raises(Forbidden):  # nobody judges her own
        actions.review_glass(actor=actor("lin"), glass_id=glass.pk, verdict="justified")
    assert BECAUSE.encode() not in bytes(glass.reason)
    wait(hours=4.1)
    with pytest.raises(Forbidden):
        reads("lin", case.reference)


@pytest.mark.django_db
def test_what_the_opener_held_before_stays_when_the_opening_is_judged(wait: Any) -> None:
    case, lin = call(by="gao"), actor("lin")
    with identity(Actor.machine("test")):
        to, until = User.objects.get(pk=lin.id), now() + timedelta(days=9)
        grant(case, to=to, origin=Origin.GIVEN, expires_at=until, by=actor("gao"), holds=(Hold.SEE,))
    glass = opened(case)
    assert RED["narrative"] in reads("lin", case.reference)
    actions.review_glass(actor=actor("he"), glass_id=glass.pk, verdict="not")
    with identity(lin):
        assert [may(lin, one, fresh(case)) for one in (P.CASE_SEE, P.FILE_READ)] == [True, False]


@pytest.mark.django_db
def test_the_desks_told_have_people_and_who_has_the_file_is_told(wait: Any) -> None:
    """The case is a school's, and somebody sits at the city's desk and at the bureau's: two others are left."""
    case, city, bureau = report("小帆"), desk("city-centre", Role.CITY_DUTY), desk("bureau", Role.EDUCATION_ADMIN)
    county, supervisor = desk("dinghai-centre", Role.COUNTY_TRIAGE), desk("hotline", Role.HOTLINE_SUPERVISOR)
    lead = Desk.objects.get(organisation=fresh(case).owner_desk.organisation_id, role=Role.SCHOOL_CRISIS_LEAD)
    day, until = timedelta(days=1), now() + timedelta(days=9)

    def told(by: str) -> list[int]:
        glass = opened(case, by=by)
        with identity(Actor.machine("ticker")):
            kept = Notice.objects.filter(kind="glass_broken", dedupe_key__startswith=f"glass:{glass.pk}:")
            assert set(kept.values_list("desk_id", flat=True)) == {glass.first_desk_id, glass.second_desk_id}
        return [glass.first_desk_id, glass.second_desk_id]

    with identity(Actor.machine("test")):
        Post.objects.create(user_id=actor("he").id, desk=bureau, starts_on=now().date() - day)
        grant(case, to=lead, origin=Origin.GIVEN, expires_at=until, by=actor("chen"), holds=(Hold.SEE,))
    assert told("he") == [county.pk, supervisor.pk]
    assert lead.pk in notices("glass_here") and not notices("glass_here") & {county.pk, supervisor.pk}
    with identity(Actor.machine("ticker")):  # the grant that the opener has just got is no reason to tell her
        assert actor("he").id not in {one.user_id for one in Notice.objects.filter(kind="glass_here")}
    with identity(Actor.machine("test")):
        Post.objects.filter(desk=county).update(ends_on=now().date() - day)
    assert told("lin") == [city.pk, bureau.pk], "nobody sits at the county's desk today"


@pytest.mark.django_db
def test_unreviewed_it_goes_up_and_the_right_rests_until_somebody_has_judged(wait: Any) -> None:
    glass = opened()
    ups = Event.objects.filter(stream=glass.case_id, act=P.GLASS_ESCALATE)
    assert escalate_unreviewed() == 0, "within its day it has not gone up, and nothing says so"
    wait(hours=25)
    assert escalate_unreviewed() == 1 and escalate_unreviewed() == 0
    with identity(actor("jian")):
        assert ups.count() == 1
    bureau, security = desk("bureau", Role.EDUCATION_ADMIN).pk, desk("office", Role.SECURITY_ADMIN).pk
    assert notices("glass_late") == {bureau}
    wait(hours=48)
    escalate_unreviewed()
    assert notices("glass_late") == {bureau, security}
    with pytest.raises(Invalid) as shut:
        opened()
    assert shut.value.field == "reference"
    actions.review_glass(actor=actor("an"), glass_id=glass.pk, verdict="justified")
    with pytest.raises(WrongState):
        actions.review_glass(actor=actor("he"), glass_id=glass.pk, verdict="not")
    for _third in range(3):
        opened()
    with pytest.raises(Invalid):
        opened()


@pytest.mark.django_db
def test_on_its_pages_it_opens_once_and_shows_its_judges_why_and_no_word_of_the_file() -> None:
    def client(name: str) -> Client:
        found = Client()
        found.cookies["django_language"] = "en"
        found.force_login(User.objects.get(username=name))
        return found

    case = call(by="gao")
    page = client("lin")
    key = page.get(reverse("break_glass")).context["form"]["key"].value()
    spoken = case.reference.lower().replace("-", " ")  # as somebody typed it while another read it out
    form = {"key": key, "reference": spoken, "why": "danger", "because": "短"}
    answer = page.post(reverse("break_glass"), form)
    assert answer.status_code == 422 and "短" in answer.content.decode()
    for _again in range(2):  # a browser that sends twice opens once
        answer = page.post(reverse("break_glass"), {**form, "because": BECAUSE})
        assert answer.status_code == 302 and case.reference in answer["Location"]
    cover = page.get(answer["Location"]).content.decode()  # who was told, and until when: said where she arrives
    assert "Two desks were told: City youth centre" in cover and "You may read until" in cover
    mine = page.get(reverse("glass")).content.decode()
    assert f'href="{answer["Location"]}"' in mine and "waits for its review" in mine
    shown = client("he").get(reverse("glass")).content.decode()
    assert BECAUSE in shown and case.reference in shown and RED["name"] not in shown
    with identity(actor("he")):
        waiting = list(client("he").get(reverse("glass")).context["rows"])
    assert len(waiting) == 1 and now() < waiting[0]["glass"].until
    address = reverse("review_glass", args=[waiting[0]["glass"].pk])
    ask = actions.ask_sealed(actor=actor("lin"), glass_id=waiting[0]["glass"].pk, why="danger")
    for answer in ("confirm_sealed", "refuse_sealed"):  # what is judged stands where it is judged
        assert BECAUSE in client("he").get(reverse(answer, args=[ask.pk])).content.decode()
    judged = client("he").get(address)
    assert BECAUSE in judged.content.decode()
    form = {"key": judged.context["form"]["key"].value(), "verdict": "not"}
    assert client("he").post(address, form).status_code == 302
    assert notices("glass_doubted") == {desk("office", Role.SECURITY_ADMIN).pk}
    doubted = client("an").get(reverse("glass")).content.decode()  # who is told of it sees which one, and why
    assert case.reference in doubted and BECAUSE in doubted and RED["name"] not in doubted
    fair = opened(call(by="lin"), by="gao")
    actions.review_glass(actor=actor("he"), glass_id=fair.pk, verdict="justified")
    assert fair.reference not in client("an").get(reverse("glass")).content.decode()
    for name in ("ye", "shen"):
        assert client(name).get(reverse("glass")).context["rows"] == []


def asked(glass: Any, why: str = "danger") -> SealedAsk:
    made: SealedAsk = actions.ask_sealed(actor=actor("lin"), glass_id=glass.pk, why=why)
    return made


def sections(name: str, case: Case) -> frozenset[str]:
    with identity(actor(name)):
        return reveal(actor(name), open_case(actor(name), case.reference), Section.values, Purpose.CARE).sections


@pytest.mark.django_db
def test_the_sealed_section_opens_with_a_second_person_live_and_shuts_again(wait: Any) -> None:
    case = call(RED | {"callback_number": BACK}, by="gao")
    glass, sealed = opened(case), BACK
    assert Section.SEALED not in sections("lin", case) and sealed not in reads("lin", case.reference)
    with identity(actor("lin")):  # nor past the door: the wall shows no such row
        assert not Entry.objects.filter(case=case, section=Section.SEALED).exists()
    ask = asked(glass)
    for name in ("lin", "ye", "su", "chen", "shen", "mallory", "an"):  # herself, another county, whoever was not told
        with pytest.raises(Forbidden):
            actions.confirm_sealed(actor=actor(name), ask_id=ask.pk)
        with pytest.raises(Forbidden):
            actions.refuse_sealed(actor=actor(name), ask_id=ask.pk)
    with pytest.raises(Stale):
        actions.confirm_sealed(actor=replace(actor("he"), proved_at=None), ask_id=ask.pk)
    for name in ("zhou", "gao"):  # only of an opening of one's own
        with pytest.raises(Forbidden):
            actions.ask_sealed(actor=actor(name), glass_id=glass.pk, why="danger")
    with pytest.raises(Invalid):
        asked(glass)
    with identity(actor("lin")), connection.cursor() as cursor:  # nor does she confirm it herself, in SQL
        cursor.execute("UPDATE cases_sealedask SET confirmed_at = now(), confirmed_by_id = %s", [actor("he").id])
        assert cursor.rowcount == 0
    actions.confirm_sealed(actor=actor("he"), ask_id=ask.pk)
    for answer in (actions.confirm_sealed, actions.refuse_sealed):
        with pytest.raises(WrongState):
            answer(actor=actor("zhou"), ask_id=ask.pk)
    assert sealed in reads("lin", case.reference) and Section.SEALED in sections("lin", case)
    with pytest.raises(Forbidden):  # to her alone: the second person sees nothing of the file
        reads("he", case.reference)
    with identity(actor("lin")):
        verdict = explain(actor("lin"), P.SEALED_READ, case)
        said = [why.text for line in lines(actor("lin"), P.SEALED_READ, verdict) for why in line.because]
        names = [one.names for one in section_openings(actor("lin"), case) if one.section == Section.SEALED]
        readings = [one.body for one in Event.objects.filter(stream=case.pk, act=Tag.READ_FILE)]
    assert any(str(User.objects.get(username="he")) in why for why in said)
    assert str(User.objects.get(username="lin")) in names[0]
    second = [json.loads(bytes(body))["facts"].get("second") for body in readings]
    assert second.count(actor("he").id) == 2 and None in second  # both names stand in the reading's event
    wait(minutes=16)
    assert Section.SEALED not in sections("lin", case)
    late = asked(glass)
    wait(minutes=11)
    with pytest.raises(WrongState):
        actions.confirm_sealed(actor=actor("zhou"), ask_id=late.pk)
    actions.refuse_sealed(actor=actor("zhou"), ask_id=asked(glass).pk)
    with pytest.raises(Invalid):  # refused once, nobody looks for a second person until one agrees
        asked(glass)
    assert notices("sealed_asked") == {glass.first_desk_id, glass.second_desk_id}
    with identity(Actor.machine("ticker")):
        kinds = [n.kind for n in Notice.objects.filter(user_id=actor("lin").id, kind__startswith="sealed_")]
    assert sorted(kinds) == ["sealed_confirmed", "sealed_refused"]


@pytest.mark.django_db
def test_nobody_is_second_person_in_her_own_cause_and_an_answer_is_given_once_by_who_gives_it(wait: Any) -> None:
    case = call(RED | {"callback_number": BACK}, by="gao")
    ask = asked(opened(case))
    he = actor("he")
    forged = (
        "confirmed_at = app_now(), confirmed_by_id = %(zhou)s, refused_by_id = %(he)s",  # in a colleague's name
        "confirmed_at = app_now() + interval '9 days', confirmed_by_id = %(he)s",
        "confirmed_at = app_now(), confirmed_by_id = %(he)s, refused_by_id = %(zhou)s",
    )
    with identity(he), connection.cursor() as cursor:
        for change in forged:
            with pytest.raises(DatabaseError, match=r"answers once|signs for herself"), transaction.atomic():
                cursor.execute(f"UPDATE cases_sealedask SET {change}", {"he": he.id, "zhou": actor("zhou").id})
    glass = opened(case, by="he")  # two who have both broken it do not open it to each other
    for answer in (actions.confirm_sealed, actions.refuse_sealed):
        with pytest.raises(Forbidden):
            answer(actor=he, ask_id=ask.pk)
    assert reverse("confirm_sealed", args=[ask.pk]) not in signed_in("he").get(reverse("glass")).content.decode()
    with identity(he), connection.cursor() as cursor:
        cursor.execute("UPDATE cases_sealedask SET refused_at = app_now(), refused_by_id = %s", [he.id])
        assert cursor.rowcount == 0
    actions.refuse_sealed(actor=actor("zhou"), ask_id=ask.pk)
    with identity(actor("zhou")), connection.cursor() as cursor:  # what was refused is not confirmed after all
        with pytest.raises(DatabaseError, match=r"answers once|signs for herself"), transaction.atomic():
            cursor.execute(
                "UPDATE cases_sealedask SET refused_at = NULL, refused_by_id = NULL, confirmed_at = app_now(),"
                " confirmed_by_id = %s",
                [actor("zhou").id],
            )
    assert glass.until > now()


@pytest.mark.django_db
def test_it_ends_with_the_glass_and_a_verdict_against_it_shuts_both(wait: Any) -> None:
    case = call(RED | {"callback_number": BACK}, by="gao")
    glass = opened(case)
    wait(hours=3.9)
    ask = asked(glass)
    actions.confirm_sealed(actor=actor("zhou"), ask_id=ask.pk)
    assert fresh(ask).until == glass.until and Section.SEALED in sections("lin", case)
    wait(minutes=7)
    with pytest.raises(Forbidden):
        sections("lin", case)
    with pytest.raises(Forbidden):
        asked(glass)
    glass = opened(case)
    actions.confirm_sealed(actor=actor("zhou"), ask_id=asked(glass).pk)
    actions.review_glass(actor=actor("he"), glass_id=glass.pk, verdict="not")
    with pytest.raises(Forbidden):
        sections("lin", case)
    with pytest.raises(Forbidden):
        asked(glass)


def in_sql(name: str, change: str, row: Any) -> int:
    """How many rows somebody changes past the doors; none where the database refuses it."""
    who = actor(name)
    with identity(who), connection.cursor() as cursor:
        try:
            with transaction.atomic():
                cursor.execute(
                    f"UPDATE {type(row)._meta.db_table} SET {change} WHERE id = %(pk)s", {"me": who.id, "pk": row.pk}
                )
                return int(cursor.rowcount)
        except DatabaseError as refused:
            if getattr(refused.__cause__, "sqlstate", "") not in REFUSED:
                raise
            return 0


REFUSED = {"42501", "23514"}  # by a policy, a trigger or a grant; by a constraint
CONFIRMS = "confirmed_at = app_now(), confirmed_by_id = %(me)s"


@pytest.mark.django_db
def test_a_ring_of_second_persons_is_no_second_person(wait: Any) -> None:
    """He stood second for Zhou, and Zhou for Su. So for a day Zhou is second for nothing of his, nor Su, and a number
    counts with a section."""
    case, far, there = call(), call(by="gao"), call(by="gao")
    actions.grant_access(
        actor=actor("lin"),
        case=case,
        to=User.objects.get(username="he"),
        hold=Hold.WORK,
        until=now() + timedelta(days=5),
        because=BECAUSE,
    )
    zhous = actions.ask_caller(actor=actor("zhou"), case=case, why="danger")
    actions.confirm_caller(actor=actor("he"), ask_id=zhous.pk)
    sus = actions.ask_sealed(actor=actor("su"), glass_id=opened(far, by="su").pk, why="danger")
    actions.confirm_sealed(actor=actor("zhou"), ask_id=sus.pk)
    his = [
        ("zhou", "sealed", actions.ask_sealed(actor=actor("he"), glass_id=opened(there, by="he").pk, why="danger")),
        ("su", "caller", actions.ask_caller(actor=actor("he"), case=case, why="danger")),
    ]
    for name, what, ask in his:
        with pytest.raises(Invalid):
            getattr(actions, f"confirm_{what}")(actor=actor(name), ask_id=ask.pk)
        assert in_sql(name, CONFIRMS, ask) == 0
        shown = signed_in(name).get(reverse(f"confirm_{what}", args=[ask.pk])).content.decode()
        assert "一天之内" in shown and 'name="key"' not in shown
    actions.confirm_sealed(actor=actor("luo"), ask_id=his[0][2].pk)  # somebody who owes nothing
    actions.refuse_caller(actor=actor("su"), ask_id=his[1][2].pk)  # to refuse needs no independence
    wait(hours=25)
    again = actions.ask_caller(actor=actor("he"), case=case, why="danger")
    actions.confirm_caller(actor=actor("su"), ask_id=again.pk)


@pytest.mark.django_db
def test_what_was_closed_behind_broken_glass_opens_no_sealed_section() -> None:
    """Lin reads a green case of Gao's in an emergency, and Gao closes it: her four hours run on, and open nothing more."""
    case = call(GREEN, by="gao")
    glass, late = opened(case), opened(other := call(GREEN, by="gao"))
    ask = asked(late)
    for one in (case, other):
        actions.close_case(actor=actor("gao"), case=one, reason="no_concern")
    with pytest.raises(Forbidden):
        asked(glass)
    with pytest.raises(WrongState):
        actions.confirm_sealed(actor=actor("he"), ask_id=ask.pk)
    with identity(Actor.machine("test")):
        assert not CaseUserObjectPermission.objects.filter(content_object_id__in=[case.pk, other.pk]).exists()


@pytest.mark.django_db
def test_the_second_person_of_the_sealed_section_does_not_judge_the_opening_and_no_judge_becomes_one() -> None:
    glass, late = opened(), opened()
    ask = asked(glass)
    actions.confirm_sealed(actor=actor("he"), ask_id=ask.pk)
    judged = "verdict = 'justified', reviewed_at = app_now(), reviewed_by_id = %(me)s"
    with pytest.raises(Forbidden):
        actions.review_glass(actor=actor("he"), glass_id=glass.pk, verdict="justified")
    assert in_sql("he", judged, glass) == in_sql("lin", judged, glass) == 0
    shown = signed_in("he").get(reverse("glass")).content.decode()
    at = {one: reverse("review_glass", args=[one.pk]) for one in (glass, late)}
    assert at[glass] not in shown and at[late] in shown and "由他人评定" in shown
    actions.review_glass(actor=actor("zhou"), glass_id=glass.pk, verdict="justified")
    actions.review_glass(actor=actor("zhou"), glass_id=late.pk, verdict="justified")
    ask = asked(late)
    for answer in (actions.confirm_sealed, actions.refuse_sealed):
        with pytest.raises(Forbidden):
            answer(actor=actor("zhou"), ask_id=ask.pk)
    assert in_sql("zhou", CONFIRMS, ask) == 0
    assert reverse("confirm_sealed", args=[ask.pk]) not in signed_in("zhou").get(reverse("glass")).content.decode()
    actions.confirm_sealed(actor=actor("luo"), ask_id=ask.pk)


@pytest.mark.django_db
def test_the_sealed_section_on_its_pages() -> None:
    glass = opened(case := call(RED | {"callback_number": BACK}, by="gao"))
    lin, he = signed_in("lin"), signed_in("he")
    ask_at = reverse("ask_sealed", args=[glass.pk])
    assert ask_at in lin.get(reverse("glass")).content.decode()
    assert ask_at in lin.get(reverse("case_file", args=[case.reference])).content.decode()
    assert he.get(ask_at).status_code == signed_in("gao").get(ask_at).status_code == 404
    form = {"key": lin.get(ask_at).context["form"]["key"].value()}
    assert lin.post(ask_at, form).status_code == 422  # without a reason
    for _again in range(2):
        assert lin.post(ask_at, {**form, "why": "rescue"}).status_code == 302
    with identity(actor("lin")):
        ask = SealedAsk.objects.get()
    at = {name: reverse(f"{name}_sealed", args=[ask.pk]) for name in ("confirm", "refuse")}
    shown = he.get(reverse("glass")).content.decode()
    assert at["confirm"] in shown and at["refuse"] in shown and BACK not in shown
    for name in ("lin", "ye", "shen", "mallory"):
        assert {signed_in(name).get(one).status_code for one in at.values()} == {404}, name
    assert he.post(at["confirm"], {"key": he.get(at["confirm"]).context["form"]["key"].value()}).status_code == 302
    assert BACK in lin.get(reverse("case_file", args=[case.reference])).content.decode()
    page = lin.get(reverse("case_access", args=[case.reference])).content.decode()
    assert str(User.objects.get(username="he")) in lin.get(reverse("glass")).content.decode()
    assert "密存部分" in page


def test_five_at_the_same_moment_are_three(committed: Any) -> None:
    references = [call(by="gao").reference for _ in range(5)]
    lin, answers = actor("lin"), list[str]()

    def breaks(reference: str) -> None:
        try:
            actions.break_glass(actor=lin, reference=reference, why="danger", because=BECAUSE)
            answers.append("opened")
        except Invalid:
            answers.append("often")
        finally:
            connection.close()

    threads = [threading.Thread(target=breaks, args=[reference]) for reference in references]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["often"] * 2 + ["opened"] * 3
