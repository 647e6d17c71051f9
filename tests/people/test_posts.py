"""Accounts and posts: two people for whoever may see files, nobody for herself, three administrators apart, and what a
post could see ends with it."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.urls import reverse

from cases.models import Case
from tests.signin.people import browser, give_password, set_up_app
from tests.stage import actor, call, desk, signed_in
from wellbeing.access.actor import Actor, identity
from wellbeing.access.ending import sweep_ended
from wellbeing.access.grants import grant, since
from wellbeing.access.machines import POSTS
from wellbeing.access.models import Origin
from wellbeing.access.permissions import P
from wellbeing.access.policy import may
from wellbeing.access.rights import RIGHTS
from wellbeing.errors import Forbidden, Invalid, WrongState
from wellbeing.outbox.models import Notice
from wellbeing.people import actions
from wellbeing.people.appointing import needs_two
from wellbeing.people.models import AccountAct, Appointment, AppointmentState, Post, PostKind, Private, Role, User
from wellbeing.people.set_up import appoint as set_up
from wellbeing.workdays import now

pytestmark = pytest.mark.django_db
ADMINISTRATORS = {"sun": Role.SYSTEM_ADMIN, "an": Role.SECURITY_ADMIN, "jian": Role.AUDIT_ADMIN}


def user(name: str) -> User:
    return User.objects.get(username=name)


def propose(name: str, code: str, role: str, *, by: str = "sun", days: int | None = None, **more: Any) -> Appointment:
    today = now().date()
    given = {"kind": PostKind.REGULAR if days is None else PostKind.COVER, "starts_on": today, "because": "学校来函"}
    given["ends_on"] = None if days is None else today + timedelta(days=days)
    made: Appointment = actions.appoint(actor=actor(by), account=user(name), desk=desk(code, role), **given | more)
    return made


def confirm(appointment: Appointment, by: str = "an") -> Appointment:
    done: Appointment = actions.confirm_appointment(actor=actor(by), appointment=appointment, because="已核实")
    return done


def post_of(name: str) -> Post:
    return Post.objects.get(user__username=name)


def second_administrator(role: Role) -> User:
    with identity(Actor.machine("test")):
        made = User.objects.create_user(f"second-{role}", display_name="另一位")
        set_up(made, desk("office", role), starts_on=date(2026, 9, 1))
    return made


def test_a_post_that_sees_files_takes_two_people_through_their_pages(settings: Any) -> None:
    settings.SECOND_FACTOR = "required"
    sun, an, new = browser(), browser(), browser()
    for client, name in ((sun, "sun"), (an, "an")):
        give_password(client, name)
        set_up_app(client)
    form = {"username": "qiao", "name": "乔木", "because": "到岗"}
    page = sun.post(reverse("open_account"), form | {"key": "0192d0c4-0000-7000-8000-000000000001"})
    word = re.search(r"([a-z2-9]{5}-){3}[a-z2-9]{5}", page.content.decode())[0]  # type: ignore[index]
    again = sun.post(reverse("open_account"), form | {"key": "0192d0c4-0000-7000-8000-000000000001"})
    assert again["Location"] == reverse("accounts")  # shown once
    qiao = user("qiao")
    assert word not in qiao.password and qiao.first_password_until is not None

    give_password(new, "qiao", word)
    assert new.get(reverse("account"))["Location"] == reverse("change_password")
    own = "舢板 七点 铁锚 云朵 harbour"
    new.post(reverse("change_password"), {"old": word, "new": own, "again": own})
    assert new.get(reverse("account")).status_code == 200

    dinghai, today = desk("dinghai-centre", Role.COUNTY_TRIAGE), now().date()
    given = {"desk": dinghai.pk, "kind": "secondment", "starts_on": today, "ends_on": "", "because": "借调一季"}
    address, key = reverse("appoint", args=[qiao.pk]), "0192d0c4-0000-7000-8000-000000000002"
    refused = sun.post(address, given | {"key": key})
    assert refused.status_code == 422 and "借调一季" in refused.content.decode()
    assert sun.post(address, given | {"key": key, "ends_on": today + timedelta(days=90)}).status_code == 302
    with identity(actor("an")):
        waiting = Appointment.objects.get(user=qiao)
    assert waiting.state == AppointmentState.WAITING and not Post.objects.filter(user=qiao).exists()
    for who in ("sun", "zhou", "qiao"):
        with pytest.raises(Forbidden):
            confirm(waiting, by=who)
    assert "乔木" in an.get(reverse("appointments")).content.decode()
    with identity(Actor.machine("ticker")):
        told = Notice.objects.get(kind="post_waits")
        assert told.desk_id in actor("an").desks, "the second person need not look by chance"
    assert an.post(reverse("confirm_appointment", args=["none"])).status_code == 404
    address = reverse("confirm_appointment", args=[waiting.pk])
    assert an.post(address, {"because": "电话核实", "key": "0192d0c4-0000-7000-8000-000000000003"}).status_code == 302
    assert actor("qiao").roles == {Role.COUNTY_TRIAGE}
    assert new.get(reverse("board"))["Location"] == reverse("second_factor")
    with identity(actor("an")):
        acts = list(qiao.entries.order_by("at", "pk").values_list("act", "because"))
    assert acts == [(AccountAct.OPENED, "到岗"), (AccountAct.APPOINTED, "借调一季"), (AccountAct.CONFIRMED, "电话核实")]
    page = sun.get(reverse("account_page", args=[qiao.pk])).content.decode()
    assert "电话核实" in page and "借调" in page
    with pytest.raises(WrongState):
        confirm(waiting)


def test_which_posts_take_two_people_and_which_one() -> None:
    assert {role for role in Role if not needs_two(role)} == {Role.REPORTER}
    # A judge of openings in an emergency, who confirms one's sealed section, is not made by one person alone.
    assert propose("mallory", "bureau", Role.EDUCATION_ADMIN).state == AppointmentState.WAITING
    assert actor("mallory").roles == frozenset()
    assert propose("mallory", "xinghe", Role.REPORTER).state == AppointmentState.IN_FORCE
    assert actor("mallory").roles == {Role.REPORTER}
    for role in ADMINISTRATORS.values():  # none of them reaches a case by any permission
        assert not [p for p, right in RIGHTS.items() if right.hold and role in right.roles]
    case = call()
    for name in ADMINISTRATORS:
        for permission in (P.CASE_SEE, P.FILE_READ, P.CASE_LIST):
            assert not may(actor(name), permission, case if RIGHTS[permission].hold else None)


def test_nobody_appoints_herself_and_an_administrators_post_stands_alone() -> None:
    with pytest.raises(Invalid):
        propose("sun", "hotline", Role.HOTLINE_COUNSELLOR)
    for name, (code, role) in {
        "lin": ("office", Role.AUDIT_ADMIN),
        "jian": ("office", Role.SECURITY_ADMIN),
        "an": ("hotline", Role.HOTLINE_COUNSELLOR),
        "jian ": ("bureau", Role.EDUCATION_ADMIN),
    }.items():
        with pytest.raises(Invalid):
            propose(name.strip(), code, role)
    with pytest.raises(Forbidden):  # proposed for the security administrator by another system administrator
        waiting = propose("mallory", "hotline", Role.HOTLINE_COUNSELLOR)
        confirm(waiting, by="mallory")
    insert = "INSERT INTO people_post (user_id, desk_id, starts_on) VALUES (%s, %s, CURRENT_DATE)"
    hotline, audit = desk("hotline", Role.HOTLINE_COUNSELLOR).pk, desk("office", Role.AUDIT_ADMIN).pk
    walls = [  # the wall, not the application
        ("sun", "sun", hotline, ProgrammingError),
        ("zhou", "mallory", hotline, ProgrammingError),
        ("sun", "mallory", hotline, ProgrammingError),  # one alone, who may propose it
        ("an", "ding", hotline, ProgrammingError),  # another alone, who may confirm what was proposed: nothing was
        ("sun", "an", hotline, IntegrityError),
        ("sun", "lin", audit, IntegrityError),
    ]
    for writer, name, at, error in walls:
        with pytest.raises(error), transaction.atomic(), identity(actor(writer)), connection.cursor() as cursor:
            cursor.execute(insert, [user(name).pk, at])
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:  # nobody at all
        cursor.execute(insert, [user("mallory").pk, hotline])
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM people_post")
    actions.end_post(actor=actor("sun"), post=post_of("lin"), last_day=now().date() + timedelta(days=3), because="离岗")
    with pytest.raises(Invalid):  # nor is what two people agreed on made longer by one of them
        actions.end_post(
            actor=actor("sun"), post=post_of("lin"), last_day=now().date() + timedelta(days=9), because="x"
        )
    for change in ("ends_on = ends_on + 1", "ends_on = NULL", f"desk_id = {audit}"):
        with pytest.raises(ProgrammingError), transaction.atomic(), identity(actor("sun")):
            with connection.cursor() as cursor:
                cursor.execute(f"UPDATE people_post SET {change} WHERE id = %s", [post_of("lin").pk])


def test_the_last_administrator_of_a_kind_stays() -> None:
    second_administrator(Role.SYSTEM_ADMIN)
    other = f"second-{Role.SYSTEM_ADMIN}"
    for name in ("an", "jian"):
        with pytest.raises(Invalid):
            actions.end_post(actor=actor("sun"), post=post_of(name), last_day=None, because="离岗")
        with pytest.raises(Invalid):
            actions.close_account(actor=actor("sun"), account=user(name), because="离岗")
    with pytest.raises(Invalid):  # her own
        actions.end_post(actor=actor("sun"), post=post_of("sun"), last_day=None, because="离岗")
    actions.end_post(actor=actor(other), post=post_of("sun"), last_day=None, because="离岗")
    assert not actor("sun").posts
    with pytest.raises(Forbidden):
        propose("mallory", "hotline", Role.HOTLINE_COUNSELLOR)
    waiting = propose("mallory", "office", Role.SECURITY_ADMIN, by=other)
    confirm(waiting)  # now there are two
    actions.end_post(actor=actor(other), post=post_of("an"), last_day=None, because="离岗")
    with pytest.raises(Invalid):
        actions.end_post(actor=actor(other), post=post_of("mallory"), last_day=None, because="离岗")


def reads(name: str, case: Case) -> bool:
    with identity(actor(name)):
        return may(actor(name), P.FILE_READ, case)


def holders(case: Case) -> set[str]:
    with identity(Actor.machine("test")):
        return {str(who) for who, _at in since(case)}


def give(case: Case, name: str) -> None:
    with identity(Actor.machine("test")):
        expires = now() + timedelta(days=100)
        grant(case, to=user(name), origin=Origin.OWNER, expires_at=expires, by=Actor.machine("test"))


def test_what_a_post_could_see_ends_with_it_in_the_same_transaction() -> None:
    case, mine = call(by="gao"), str(user("lin"))
    give(case, "lin")
    assert reads("lin", case) and mine in holders(case)
    confirm(propose("lin", "xinghe", Role.SCHOOL_COUNSELLOR))  # another post goes on
    with pytest.raises(RuntimeError), transaction.atomic():
        hotline = Post.objects.get(user=user("lin"), desk=desk("hotline", Role.HOTLINE_COUNSELLOR))
        actions.end_post(actor=actor("sun"), post=hotline, last_day=None, because="调离")
        raise RuntimeError
    assert mine in holders(case)  # both or neither
    actions.end_post(actor=actor("sun"), post=hotline, last_day=None, because="调离")
    assert mine not in holders(case) and not reads("lin", case)
    assert actor("lin").roles == {Role.SCHOOL_COUNSELLOR}
    with pytest.raises(WrongState):
        actions.end_post(actor=actor("sun"), post=Post.objects.get(pk=hotline.pk), last_day=None, because="调离")


def test_a_cover_ends_by_its_date_with_what_was_granted_during_it(wait: Any) -> None:
    case = call(by="gao")
    cover = confirm(propose("wu", "hotline", Role.HOTLINE_COUNSELLOR, days=7))
    give(case, "wu")
    own = signed_in("wu").get(reverse("account")).content.decode()
    assert str(now().date() + timedelta(days=7)) in own, "she sees how long it runs"
    wait(days=7)
    assert reads("wu", case)
    with identity(Actor.machine("ticker")):
        assert sweep_ended(now().date()) == 0
    wait(days=1)
    assert actor("wu").roles == {Role.SCHOOL_COUNSELLOR}
    with identity(Actor.machine("ticker")):
        assert sweep_ended(now().date()) == 3
    assert str(user("wu")) not in holders(case)
    give(case, "wu")  # later, through the post that goes on
    with identity(Actor.machine("ticker")):
        assert sweep_ended(now().date()) == 0
    assert cover.post is not None
    confirm(propose("chen", "hotline", Role.HOTLINE_COUNSELLOR, days=1))
    give(case, "chen")
    wait(days=30)  # the ticker has stood still for weeks
    with identity(Actor.machine("ticker")):
        assert sweep_ended(now().date()) == 3


def test_a_post_that_is_taken_back_before_it_begins_ends_nothing_of_another(wait: Any) -> None:
    """A secondment that comes to nothing: whoever called her goes on calling back, then and on its day."""
    case, today = call(by="gao"), now().date()
    later = {"starts_on": today + timedelta(days=10), "ends_on": today + timedelta(days=40)}
    made = confirm(propose("gao", "dinghai-centre", Role.COUNTY_TRIAGE, kind=PostKind.SECONDMENT, **later))
    actions.end_post(actor=actor("sun"), post=made.post, last_day=None, because="借调取消")
    assert reads("gao", case)
    wait(days=12)
    with identity(Actor.machine("ticker")):
        assert sweep_ended(now().date()) == 0
    assert reads("gao", case) and actor("gao").roles == {Role.HOTLINE_COUNSELLOR}


def test_a_post_that_ended_on_its_first_day_shows_no_end_before_its_beginning() -> None:
    post = confirm(propose("wu", "hotline", Role.HOTLINE_COUNSELLOR, days=7)).post
    actions.end_post(actor=actor("sun"), post=post, last_day=None, because="派错")
    page = signed_in("sun").get(reverse("account_page", args=[user("wu").pk])).content.decode()
    assert str(now().date()) in page and str(now().date() - timedelta(days=1)) not in page


def test_neither_administrator_takes_an_account_over_alone(settings: Any) -> None:
    settings.SECOND_FACTOR = "required"
    lin = browser()
    give_password(lin, "lin")
    set_up_app(lin)
    word = actions.renew_password(actor=actor("sun"), account=user("lin"), because="本人遗忘")
    assert lin.get(reverse("account"))["Location"] == reverse("sign_in")
    thief = browser()
    give_password(thief, "lin", word)
    for door in ("case_list", "change_password", "set_up_totp"):
        assert thief.get(reverse(door))["Location"] == reverse("confirm")
    with pytest.raises(Forbidden):
        actions.reset_second_factor(actor=actor("sun"), account=user("lin"), because="x")
    with pytest.raises(Forbidden):
        actions.renew_password(actor=actor("an"), account=user("lin"), because="x")
    actions.reset_second_factor(actor=actor("an"), account=user("lin"), because="手机丢失")
    lin = browser()
    give_password(lin, "lin", word)
    assert lin.get(reverse("case_list"))["Location"] == reverse("change_password")


def test_a_closed_account_is_out_at_once() -> None:
    mallory = browser()
    give_password(mallory, "mallory")
    assert mallory.get(reverse("account")).status_code == 200
    actions.close_account(actor=actor("sun"), account=user("mallory"), because="离岗")
    assert mallory.get(reverse("account"))["Location"] == reverse("sign_in")
    assert give_password(browser(), "mallory").status_code == 422


def test_a_first_password_runs_out(wait: Any) -> None:
    word = actions.open_account(actor=actor("sun"), username="qiao", name="乔木", mobile="", because="到岗")
    wait(days=3, minutes=1)
    assert give_password(browser(), "qiao", word).status_code == 422
    for taken in ("QIAO", "a b", ""):
        with pytest.raises(Invalid):
            actions.open_account(actor=actor("sun"), username=taken, name="乔楠", mobile="", because="到岗")


@pytest.mark.parametrize(
    ("username", "name"),
    [
        ("gао", "高原"),  # Cyrillic letters
        ("ga​o", "高原"),
        ("ｇao", "高原"),
        ("gao2", "高远(热线)"),
        ("gao2", "高远 （热线）"),  # the same to a quick eye
        ("gao2", "高​远(热线)"),
        ("gao2", "‮高原"),
        ("gao2", "Олег"),
        ("gao2", "·"),
    ],
)
def test_nobody_is_called_what_is_read_as_a_colleague(username: str, name: str) -> None:
    """The system administrator knows the first password of whom he opens; the second person who confirms her post, and
    whoever reads who opened a file, must not take her for Gao."""
    with pytest.raises(Invalid):
        actions.open_account(actor=actor("sun"), username=username, name=name, mobile="", because="到岗")
    assert not User.objects.filter(display_name=name).exclude(username="gao").exists()


def test_the_second_person_sees_which_account_it_is() -> None:
    actions.open_account(actor=actor("sun"), username="gao2", name="高远·蓬莱", mobile="", because="到岗")
    made = propose("gao2", "dinghai-centre", Role.COUNTY_TRIAGE)
    an = signed_in("an")
    for page in (reverse("appointments"), reverse("confirm_appointment", args=[made.pk])):
        text = an.get(page).content.decode()
        assert "gao2" in text and f"{now():%Y-%m-%d}" in text and "开户" in text


@pytest.mark.parametrize("wrong", ["abc", "1380000000", "138000000001", "0580-2912345", "13800000000a", "一三八"])
def test_a_mobile_that_no_warning_would_reach_is_refused(db: None, wrong: str) -> None:
    given = {"actor": actor("sun"), "name": "乔木", "because": "到岗"}
    with pytest.raises(Invalid) as refused:
        actions.open_account(**given, username="qiao", mobile=wrong)
    assert refused.value.field == "mobile"
    for username, name, typed, kept in (
        ("qiao", "乔木", "138 0000-0000", "13800000000"),
        ("qiao2", "乔楠", "+85251234567", ""),
    ):
        actions.open_account(**{**given, "name": name}, username=username, mobile=typed)
        with identity(POSTS):
            assert Private.objects.get(user__username=username).mobile == (kept or typed)


@pytest.mark.parametrize("when", ["at once", "after a day"])
def test_the_end_of_a_post_that_empties_a_desk_is_told_above(when: str) -> None:
    county, city = desk("dinghai-centre", Role.COUNTY_TRIAGE), desk("city-centre", Role.CITY_DUTY)
    sun, last_day = actor("sun"), None if when == "at once" else now().date() + timedelta(days=1)

    def told() -> list[tuple[int | None, str]]:
        with identity(POSTS):
            return list(Notice.objects.filter(kind="desk_left").values_list("desk_id", "target"))

    actions.end_post(actor=sun, post=Post.objects.get(user=user("luo"), desk=county), last_day=last_day, because="调离")
    assert told() == [], "Zhou is there"
    actions.end_post(
        actor=sun, post=Post.objects.get(user=user("zhou"), desk=county), last_day=last_day, because="调离"
    )
    assert told() == [(city.pk, "handovers")]
    actions.end_post(actor=sun, post=Post.objects.get(user=user("he"), desk=city), last_day=last_day, because="调离")
    assert told()[1:] == [(actor("shen").desks[0], "")]
