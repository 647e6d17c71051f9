"""Leave of a person: while it runs her posts rest in every layer, nothing waits for her, and at its end all is back by
itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from cases import actions as cases
from cases.access import open_case, visible_cases
from cases.actions._notices import rings
from cases.covering import posts_for, takers
from cases.drafts import DraftKind
from cases.handover_forms import HandOverForm
from cases.models import Case, Deadline, Entry, Escalation, PolicyVersion
from cases.queues import worklist
from cases.tick import release_left, tick
from tests.api.stage import program
from tests.cases.glass_stage import opened
from tests.rota.scenes import dinghai, hour, shift, user_id
from tests.signin.people import browser, code_of, confirm, give_password, set_up_app
from tests.stage import GREEN, RED, acknowledged, actor, call, covered, desk, fresh, signed_in
from wellbeing.access.actor import Actor, identity
from wellbeing.access.grants import grant
from wellbeing.access.holders import holders
from wellbeing.access.models import Hold, Origin
from wellbeing.access.permissions import P
from wellbeing.access.policy import may
from wellbeing.access.routes import routes
from wellbeing.errors import Forbidden, Invalid, Stale, WrongState
from wellbeing.exchange.seats import counsellors
from wellbeing.ids import uuid7
from wellbeing.outbox.channels import ways
from wellbeing.outbox.inbox import unread
from wellbeing.outbox.models import Notice
from wellbeing.outbox.post import post
from wellbeing.outbox.relay import sweep
from wellbeing.people import actions
from wellbeing.people.absences import end_begun
from wellbeing.people.desks import colleagues, counsellor_posts, members
from wellbeing.people.models import Absence, AccountEntry, Post, Private, Role, User
from wellbeing.people.set_up import appoint as set_up
from wellbeing.rota.actions import ask_swap, plan_shift
from wellbeing.rota.duty import gaps, on_duty, staffed, who
from wellbeing.signin.models import Session
from wellbeing.vault.models import DataKeyRow
from wellbeing.web.management.commands.ticker import end_grants
from wellbeing.workdays import now

pytestmark = pytest.mark.django_db
MACHINE = Actor.machine("ticker")
DAY = timedelta(days=1)


def today(plus: int = 0) -> date:
    return now().date() + plus * DAY


@contextmanager
def later(days: float) -> Iterator[None]:
    """What is done here is done so many days later."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.clock_offset', %s, false)", [f"{days} days"])
        try:
            yield
        finally:
            cursor.execute("SELECT set_config('app.clock_offset', '', false)")


def away(name: str, first: int = 0, last: int = 3, *, known: bool = True) -> Absence:
    """Somebody goes on leave herself, days from today."""
    made: Absence = actions.take_absence(actor=actor(name), first_day=today(first), last_day=today(last), known=known)
    return made


def told(kind: str) -> set[tuple[int | None, int | None]]:
    """Which desks and which persons have a notice of a kind."""
    with identity(MACHINE):
        return set(Notice.objects.filter(kind=kind).values_list("desk_id", "user_id"))


def own_grant(name: str, case: Case) -> None:
    """The case is opened to a person herself, whole."""
    with identity(MACHINE):
        user = User.objects.get(username=name)
        grant(case, to=user, origin=Origin.DUTY, expires_at=now() + 30 * DAY, by=MACHINE, holds=list(Hold))


def shown(name: str) -> list[Any]:
    """How much of one case each layer shows somebody: SQL's rows of it, of its entries, its key; the door's query, the
    worklist, the right to read."""
    who, case = actor(name), Case._base_manager
    with identity(who):
        pks = list(case.values_list("pk", flat=True))
        found = [bool(pks), Entry.objects.exists(), DataKeyRow.objects.filter(owner_kind="case").exists()]
        found += [visible_cases(who).exists(), bool(worklist(who))]
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM app_sealed_covers(ARRAY(SELECT id FROM cases_case), app_desks())")
            found.append(bool(cursor.fetchone()[0]))
    return found


NOTHING, ALL = [False] * 6, [True] * 6


def test_on_leave_no_layer_shows_anything_and_after_it_all_is_back_by_itself() -> None:
    """By her desk's grant and by her own: the page's door, the queries, row-level security, the keys."""
    case = call(RED)
    own_grant("zhou", case)
    own_grant("luo", case)
    key = uuid7()
    cases.save_draft(actor=actor("lin"), draft_id=key, kind=DraftKind.CALL, words={"name": "甲"}, base=0)
    assert (shown("zhou"), shown("luo")) == (ALL, ALL)
    away("zhou", 0, 3)
    away("lin", 0, 3)
    zhou = actor("zhou")
    assert (zhou.posts, zhou.desks, zhou.away_until) == ((), (), today(3)) and len(zhou.rests) == 1
    assert (shown("zhou"), shown("luo")) == (NOTHING, ALL)
    lin = actor("lin")
    with identity(zhou):
        assert not may(zhou, P.FILE_READ, case) and not Entry.objects.filter(case=case).exists()
    with identity(lin):  # not even the key of a sheet that is hers alone
        assert not DataKeyRow.objects.filter(owner_id=key).exists()
    for act in (cases.acknowledge, lambda **given: cases.raise_tier(to="red", words={"because": "x"}, **given)):
        with pytest.raises(Forbidden):
            act(actor=zhou, case=case)
    with later(4):
        assert shown("zhou") == ALL and actor("zhou").away_until is None
        with identity(actor("lin")):
            assert DataKeyRow.objects.filter(owner_id=key).exists()
        cases.acknowledge(actor=actor("zhou"), case=case)


def test_every_page_leads_to_the_calm_one_and_a_program_stops() -> None:
    """Pages, the API, one's notices; and her sessions end as it begins, by the action or, at midnight, by the ticker."""
    case, zhou, luo = call(RED), signed_in("zhou"), signed_in("luo")
    mine = program("zhou")
    assert zhou.get(reverse("board")).status_code == 200 and mine.get("cases").status_code == 200
    sweep()
    with identity(actor("zhou")):
        assert unread(actor("zhou"), 20)
    away("zhou", 1, 2)
    assert zhou.get(reverse("board")).status_code == 200, "it has not begun"
    with later(1):
        assert end_begun() == 1 and end_begun() == 0
        assert zhou.get(reverse("board"))["Location"].startswith(reverse("sign_in"))
        again = signed_in("zhou")
        with identity(actor("zhou")):
            assert not unread(actor("zhou"), 20), "what stands with her desk is her colleagues'"
        places = [reverse("case", args=[case.reference]), reverse("case_file", args=[case.reference]), reverse("home")]
        plain = [str(one.name) for address, one in routes() if "<" not in address and _asks_a_post(one)]
        assert len(plain) > 50
        for place in [*places, *map(reverse, plain)]:
            answer = again.get(place)
            assert (answer.status_code, answer["Location"]) == (302, reverse("absence")), place
        page = again.get(reverse("absence")).content.decode()
        assert today(1).isoformat() in page and case.reference not in page and reverse("hand_over") not in page
        assert mine.get("cases").status_code == 401 == mine.get(f"cases/{case.reference}").status_code
        kept = again.post(
            reverse("acknowledge", args=[case.reference]), {"key": uuid7()}, HTTP_ORIGIN="http://127.0.0.1"
        )
        assert kept.status_code == 403 and reverse("absence") in kept.content.decode()
    assert luo.get(reverse("board")).status_code == 200
    with later(3):
        assert signed_in("zhou").get(reverse("board")).status_code == 200 == mine.get("cases").status_code


def _asks_a_post(route: Any) -> bool:
    from wellbeing.access.rights import RIGHTS

    asked = getattr(route.callback, "permission", None)
    by_program = getattr(getattr(route.callback, "proof", None), "name", "") == "TOKEN"
    return asked is not None and not by_program and not RIGHTS[asked].signed_in and not route.callback.quiet


def test_she_takes_it_and_ends_it_early_by_the_pages_and_shows_her_factor_anew(settings: Any) -> None:
    settings.SECOND_FACTOR = "required"
    zhou = browser()
    give_password(zhou, "zhou")
    secret, codes = set_up_app(zhou)
    page = zhou.get(reverse("absence")).content.decode()
    assert reverse("take_absence") in page and reverse("hand_over") in page
    given = {"first_day": today(), "last_day": today(9), "key": uuid7()}
    wrong = zhou.post(reverse("take_absence"), given | {"first_day": today(-1)})
    assert wrong.status_code == 422 and str(today(9)) in wrong.content.decode()
    assert zhou.post(reverse("take_absence"), given)["Location"] == reverse("sign_in")
    with identity(MACHINE):
        assert not Session.objects.filter(user__username="zhou").exists()
    assert told("absence") == {(dinghai().pk, None)} and not told("absence_yours")

    give_password(zhou, "zhou")
    assert zhou.get(reverse("absence"))["Location"] == reverse("confirm"), "posts that rest ask for it too"
    confirm(zhou, code_of(secret, 1))
    assert zhou.get(reverse("home"))["Location"] == reverse("absence")
    assert end_begun() == 0, "whoever signs in on leave is left alone"
    (absence,) = _absences("zhou")
    end = reverse("end_absence", args=[absence.pk])
    session = zhou.session
    session["proved_at"] -= 3600
    session.save()
    assert zhou.get(end)["Location"] == reverse("confirm"), "a screen left open ends no leave"
    with identity(MACHINE):
        assert Absence.objects.get().ended_at is None
    confirm(zhou, codes[0])
    done = zhou.post(end, {"key": uuid7()}, follow=True)
    assert done.status_code == 200 and zhou.get(reverse("board")).status_code == 200
    assert told("absence_over") == {(dinghai().pk, None)} and not _absences("zhou")


def _absences(name: str) -> list[Absence]:
    with identity(MACHINE):
        return list(Absence.objects.filter(Absence.to_come(today()), user__username=name))


def test_whose_leave_it_is_and_who_may_enter_it() -> None:
    """Her own, or the two who administer accounts, with a reason; she is told of it and may end it. Nobody else."""
    given: dict[str, Any] = {"first_day": today(2), "last_day": today(5)}
    wu = User.objects.get(username="wu")
    for name in ("zhou", "chen", "shen", "jian", "mallory"):
        with pytest.raises(Forbidden):
            actions.enter_absence(actor=actor(name), account=wu, because="代为登记", known=True, **given)
    with pytest.raises(Invalid) as own:
        actions.enter_absence(
            actor=actor("sun"), account=User.objects.get(username="sun"), because="x", known=True, **given
        )
    assert own.value.field == ""
    with pytest.raises(Stale):
        actions.take_absence(actor=Actor.of(wu), known=True, **given)
    made = actions.enter_absence(actor=actor("an"), account=wu, because="产假,学校来函", known=True, **given)
    assert told("absence_yours") == {(None, wu.pk)}
    with identity(actor("sun")):
        assert AccountEntry.objects.get(user=wu).because == "产假,学校来函"
    page = signed_in("sun").get(reverse("account_page", args=[wu.pk])).content.decode()
    assert str(today(5)) in page and reverse("lift_absence", args=[made.pk]) in page
    for name in ("zhou", "chen"):
        with pytest.raises(Forbidden):
            actions.end_absence(actor=actor(name), absence=made)
        with pytest.raises(Forbidden):
            actions.lift_absence(actor=actor(name), absence=made, because="x")
        assert signed_in(name).get(reverse("end_absence", args=[made.pk])).status_code == 404
    actions.end_absence(actor=actor("wu"), absence=made)
    assert fresh(made).last_day == today(1), "taken back: it has no day"
    with pytest.raises(WrongState):
        actions.end_absence(actor=actor("wu"), absence=fresh(made))

    for wrong, field in (
        ({"first_day": today(-1)}, "first_day"),
        ({"last_day": today(1)}, "last_day"),
        ({"last_day": today(2 + 400)}, "last_day"),
    ):
        with pytest.raises(Invalid) as refused:
            actions.take_absence(actor=actor("wu"), known=True, **given | wrong)
        assert refused.value.field == field
    with pytest.raises(Invalid):
        actions.take_absence(actor=actor("mallory"), known=True, **given)
    actions.take_absence(actor=actor("wu"), known=True, **given)
    with pytest.raises(Invalid):
        actions.take_absence(actor=actor("wu"), known=True, first_day=today(5), last_day=today(6))
    later_one = away("wu", 6, 6)
    with later(6):
        done = actions.lift_absence(actor=actor("sun"), absence=later_one, because="提前返岗")
        assert done.last_day == later_one.first_day - DAY and actor("wu").posts
        assert (None, wu.pk) in told("absence_over")


def test_by_sql_a_leave_is_written_as_the_pages_write_it() -> None:
    """Nobody sends a colleague away, rewrites what has been, or lengthens what stands."""
    one = away("wu", 1, 4)
    insert = (
        "INSERT INTO people_absence (id, user_id, first_day, last_day, entered_by_id, entered_at)"
        " VALUES (%(id)s, %(user)s, %(first)s, %(last)s, %(by)s, app_now())"
    )
    zhou, chen = user_id("zhou"), user_id("chen")

    def does(name: str, statement: str, **values: Any) -> int:
        with identity(actor(name)), connection.cursor() as cursor:
            try:
                with transaction.atomic():
                    given = {"id": uuid7(), "first": today(), "last": today(), "one": one.pk, "me": user_id(name)}
                    cursor.execute(statement, given | values)
                    return int(cursor.rowcount)
            except DatabaseError:
                return 0

    assert does("zhou", insert, user=chen, by=zhou) == 0
    assert does("zhou", insert, user=zhou, by=chen) == 0
    assert does("zhou", insert, user=zhou, by=zhou, first=today(-1)) == 0
    assert does("zhou", insert, user=zhou, by=zhou, first=today(2), last=today(3)) == 1
    assert does("sun", insert, user=chen, by=user_id("sun"), first=today(2), last=today(3)) == 1
    ends = "UPDATE people_absence SET ended_at = app_now(), ended_by_id = %(me)s, last_day = {} WHERE id = %(one)s"
    for name, statement in (
        ("zhou", ends.format("first_day - 1")),
        ("wu", "UPDATE people_absence SET last_day = last_day + 9 WHERE id = %(one)s"),
        ("wu", "UPDATE people_absence SET last_day = last_day - 1 WHERE id = %(one)s"),
        ("wu", "UPDATE people_absence SET first_day = first_day - 9 WHERE id = %(one)s"),
        ("wu", ends.format("last_day + 1")),
        ("wu", ends.format("first_day + 1")),
        ("wu", "DELETE FROM people_absence WHERE id = %(one)s"),
    ):
        assert does(name, statement) == 0, statement
    assert does("wu", ends.format("first_day - 1")) == 1
    assert does("wu", ends.format("first_day - 1")) == 0, "once"
    with identity(Actor(id=None, name="nobody")):
        assert not Absence.objects.exists()


def test_she_is_no_choice_and_rings_no_more() -> None:
    """Cover, manager, swap, shift, seat, second person, reviewer, SMS: of whoever is on leave nothing is asked."""
    zhou, chen, lin = (user_id(name) for name in ("zhou", "chen", "lin"))
    before_leave, theirs = opened(by="lin"), call()
    with identity(Actor.machine("test")):
        Private.objects.filter(user_id__in=[zhou, lin]).update(mobile="13800000000")
    county, hotline = dinghai().pk, desk("hotline", Role.HOTLINE_COUNSELLOR)
    with identity(MACHINE):
        policy = PolicyVersion.current().policy()
        assert {one.user_id for one in rings([dinghai()], policy)} >= {zhou, None} or members(county)[0] == zhou
    for name in ("zhou", "chen", "lin", "he"):
        away(name)
    with identity(MACHINE):
        assert zhou not in members(county) and {one.user_id for one in rings([dinghai()], policy)} == {user_id("luo")}
        assert ways(user_id=zhou) == () or not list(ways(user_id=zhou))
        assert zhou not in {one.pk for one in colleagues([county], but=0)}
        assert lin not in {one.pk for one in counsellors(hotline.organisation_id)}
        assert chen not in {post.user_id for post in counsellor_posts("330902")}
    luo = actor("luo")
    with identity(luo):
        posts, takes = posts_for(luo), takers(posts_for(luo))
        assert zhou in {post.user_id for post in posts} and zhou not in {post.user_id for post in takes}
        form = HandOverForm(actor=luo)
        names = {name: {str(pk) for pk, _text in form.fields[name].choices} for name in ("whose", "to")}
        mine = str(Post.objects.get(user_id=zhou).pk)
        assert mine in names["whose"] and mine not in names["to"]
    with pytest.raises(Invalid):
        school = desk("xinghe", Role.SCHOOL_COUNSELLOR)
        to = {"to_desk": dinghai(), "to_user": User.objects.get(pk=zhou)}
        cases.hand_over(actor=actor("luo"), desk=school, from_user=User.objects.get(pk=chen), **to)
    after_leave = opened(theirs, by="gao")
    city = desk("city-centre", Role.CITY_DUTY).pk
    assert city == before_leave.first_desk_id
    assert city not in (after_leave.first_desk_id, after_leave.second_desk_id), "an empty desk judges nothing"
    for begins in (1, 24):
        with pytest.raises(Invalid):
            shift("zhou", begins, begins + 8, by="luo")
    own = shift("luo", 0, 8, by="luo")
    with pytest.raises(Invalid):
        ask_swap(actor=actor("luo"), shift_id=own.pk, to_user_id=zhou)
    after = {"user_id": zhou, "starts_at": hour(24 * 5), "ends_at": hour(24 * 5 + 8)}
    assert plan_shift(actor=actor("luo"), desk=dinghai(), **after).pk, "a rota is made ahead"
    assert "休假" in signed_in("luo").get(reverse("plan_shift", args=[county])).content.decode()


def test_a_red_call_during_a_leave_goes_to_whoever_is_there_or_climbs_at_once() -> None:
    """Her shift is a gap; at a desk whose people are all on leave the clock does not wait."""
    shift("zhou", 0, 8)
    with identity(MACHINE):
        at, county = hour(0) + timedelta(minutes=1), dinghai().pk
        assert on_duty(county, at) == [user_id("zhou")] and not gaps(county, hour(0), hour(8))
    away("zhou", 0, 3)
    with identity(MACHINE):
        assert on_duty(county, at) == [] and who(county, at) == []
        assert not staffed(county, at) and gaps(county, hour(0), hour(8)) == [(hour(0), hour(8))]
    with later((at - now()) / DAY):
        case = call(RED)
        tick()
        with identity(MACHINE):
            first = Escalation.objects.get(case=case)
            assert (first.desk.role, first.unstaffed) == (Role.CITY_DUTY, True)
        cases.acknowledge(actor=actor("luo"), case=case)


def test_a_desk_without_a_rota_whose_people_are_all_away_is_not_staffed() -> None:
    with identity(MACHINE):
        assert staffed(dinghai().pk)
    away("zhou", 0, 3)
    with identity(MACHINE):
        assert staffed(dinghai().pk), "a colleague is there"
    with pytest.raises(Invalid) as said:
        away("luo", 1, 2, known=False)
    assert said.value.field == "known" and today(1).isoformat() in str(said.value.message)
    assert not told("desk_empty") and not _absences("luo")
    away("luo", 0, 2)
    assert told("desk_empty") == {(desk("city-centre", Role.CITY_DUTY).pk, None)}
    page = signed_in("he").get(reverse("absence")).content.decode()
    assert str(User.objects.get(username="luo")) in page and today().isoformat() in page
    with identity(MACHINE):
        assert not staffed(dinghai().pk) and staffed(dinghai().pk, now() + 3 * DAY)
    case = call(RED)
    tick()
    with identity(MACHINE):
        assert Escalation.objects.get(case=case).desk.role == Role.CITY_DUTY
        assert not Deadline.objects.filter(case=case, kind="acknowledge", state="met").exists()


def test_the_last_administrator_of_a_kind_goes_nowhere() -> None:
    for name in ("sun", "an", "jian"):
        with pytest.raises(Invalid):
            away(name)
    with identity(Actor.machine("test")):
        made = User.objects.create_user("second", display_name="另一位")
        set_up(made, desk("office", Role.SYSTEM_ADMIN), starts_on=date(2026, 9, 1))
    away("sun", 1, 3)
    with pytest.raises(Invalid):
        away("second", 3, 5)
    away("second", 4, 5)
    with identity(MACHINE):
        sun = Post.objects.select_related("user", "desk").get(user__username="sun")
    with pytest.raises(Invalid):  # and the one who is going away keeps nobody's place
        actions.end_post(actor=actor("second"), post=sun, last_day=None, because="x")


def test_what_ends_with_a_post_does_not_end_with_a_leave() -> None:
    """A cover that is given back, and another post that ends, find her still holding the one that rests."""
    case = acknowledged()
    chen = User.objects.get(username="chen")
    school = desk("xinghe", Role.SCHOOL_COUNSELLOR)
    cases.assign_manager(actor=actor("zhou"), case=case, manager=chen, desk=school)
    made = covered(days=2)
    with identity(Actor.machine("test")):
        Post.objects.create(
            user=chen, desk=desk("xinghe", Role.SCHOOL_CRISIS_LEAD), starts_on=today(-9), ends_on=today(-1)
        )
    away("chen", 0, 9)
    cases.hand_back(actor=actor("luo"), handover_id=made.pk)
    assert release_left() == 0 and fresh(case).manager_id == chen.pk
    with identity(actor("zhou")):
        assert holders(case)
    with pytest.raises(Invalid):
        cases.assign_manager(actor=actor("zhou"), case=case, manager=chen, desk=school)


def test_it_is_said_why_she_cannot() -> None:
    case = call(RED)
    own_grant("zhou", case)
    away("zhou", 0, 3)
    said = StringIO()
    call_command("explain_access", "zhou", "cases:file:read", case.reference, stdout=said)
    text = said.getvalue()
    assert f"cases:file:read {case.reference}: no" in text and today(3).isoformat() in text
    assert text.count(": no") >= 3, "the wall and the door say the same"


def test_no_question_about_a_personal_grant_forgets_the_leave() -> None:
    """Whatever function of the database asks for grants of the asker herself asks whether she is away, too."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname, strpos(prosrc, 'app_absent') > 0 FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
            " AND prosrc ~ 'userobjectpermission' AND prosrc ~ 'user_id( \\+ 0)? = (public\\.)?app_user\\(\\)'"
        )
        found = dict(cursor.fetchall())
    assert len(found) >= 8 and all(found.values()), [name for name, asks in found.items() if not asks]


def test_what_was_sent_to_herself_waits_for_her() -> None:
    with identity(MACHINE):
        for target in ("rota", "absence"):
            post(kind="swap_answered", target=target, user_id=user_id("zhou"), dedupe_key=target)
    sweep()
    away("zhou", 0, 3)
    call(RED)
    for later_by, seen in ((0, {"absence"}), (4, {"absence", "rota"})):
        with later(later_by), identity(actor("zhou")):
            assert {one.target for one in unread(actor("zhou"), 50)} & {"absence", "rota"} == seen
    with identity(MACHINE):
        assert set(Notice.objects.filter(user_id=user_id("zhou")).values_list("kind", flat=True)) == {"swap_answered"}


def test_a_leave_costs_nobody_her_cases(wait: Any) -> None:
    """What is renewed while she is away is hers when she is back."""
    case = call(GREEN)
    wait(days=178)
    away("lin", 0, 9)
    wait(days=1, hours=12)
    end_grants()
    wait(days=20)
    with identity(actor("lin")):
        assert open_case(actor("lin"), case.reference).pk == case.pk
