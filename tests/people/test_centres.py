"""A standard centre from the county's list to the city's signature, and the plan's share of them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.people.scenes import MACHINE
from tests.stage import actor
from wellbeing.access.actor import identity
from wellbeing.errors import Forbidden, Invalid, WrongState
from wellbeing.people import actions
from wellbeing.people.centre_items import YES_OR_NO, CentreItem
from wellbeing.people.centres import city_share, missing_items
from wellbeing.people.models import Division, Organisation, StandardCentre, User
from wellbeing.workdays import now

pytestmark = pytest.mark.django_db
COUNTY = {"dinghai-centre": "zhou", "putuo-centre": "ye"}


def good(**changed: Any) -> dict[CentreItem, tuple[int | None, str]]:
    return {item: changed.get(item.value, (1 if item in YES_OR_NO else 100, "照片")) for item in CentreItem}


def centre(code: str = "dinghai-centre") -> StandardCentre:
    with identity(MACHINE):
        return StandardCentre.objects.select_related("organisation__division").get(organisation__code=code)


def filled(code: str = "dinghai-centre", **changed: Any) -> StandardCentre:
    organisation = Organisation.objects.get(code=code)
    by = actor(COUNTY[code])
    made: StandardCentre = actions.fill_centre(actor=by, organisation=organisation, given=good(**changed))
    return made


def signed(code: str) -> None:
    actions.submit_centre(actor=actor(COUNTY[code]), centre=filled(code))
    shen = actor("shen")
    actions.inspect_centre(actor=shen, centre=centre(code), inspected_on=now().date(), seen=list(CentreItem))
    actions.sign_centre(actor=shen, centre=centre(code))


def test_from_the_list_to_the_signature() -> None:
    one, shen = filled(), actor("shen")
    with pytest.raises(WrongState):
        actions.sign_centre(actor=shen, centre=one)
    actions.submit_centre(actor=actor("zhou"), centre=one)
    with pytest.raises(WrongState):
        filled()
    with pytest.raises(Invalid):
        actions.sign_centre(actor=shen, centre=centre())
    tomorrow = now().date() + timedelta(days=1)
    with pytest.raises(Invalid) as refused:
        actions.inspect_centre(actor=shen, centre=centre(), inspected_on=tomorrow, seen=[])
    assert refused.value.field == "inspected_on"
    actions.inspect_centre(actor=shen, centre=centre(), inspected_on=now().date(), seen=list(CentreItem)[1:])
    with identity(shen):
        assert missing_items(centre()) == (CentreItem.AREA,)
    actions.inspect_centre(actor=shen, centre=centre(), inspected_on=now().date(), seen=list(CentreItem))
    actions.sign_centre(actor=shen, centre=centre())
    assert (centre().state, centre().signed_on) == ("standard", now().date())


def test_a_centre_can_lose_its_standing_with_a_reason() -> None:
    signed("dinghai-centre")
    shen = actor("shen")
    with pytest.raises(Invalid):
        actions.decline_centre(actor=shen, centre=centre(), because=" ")
    actions.decline_centre(actor=shen, centre=centre(), because="热线无人接听")
    assert (centre().state, centre().signed_on, centre().because) == ("declined", None, "热线无人接听")
    one = filled(area=(90, "新平面图"))
    with identity(MACHINE):
        dates = dict(one.lines.values_list("item", "inspected_on"))
    assert dates["area"] is None and dates["rooms"] == now().date(), "what changed must be seen again"


def test_an_unproven_or_missing_item_keeps_it_from_being_standard() -> None:
    one = filled(area=(39, "照片"), crisis_line=(0, "无"), rooms=(5, " "), archive_locked=(None, "x"))
    with identity(MACHINE):
        assert set(missing_items(one)) == set(CentreItem), "nothing was inspected yet"
    actions.submit_centre(actor=actor("zhou"), centre=one)
    actions.inspect_centre(actor=actor("shen"), centre=centre(), inspected_on=now().date(), seen=list(CentreItem))
    with identity(MACHINE):
        assert {item.value for item in missing_items(centre())} == {"area", "crisis_line", "rooms", "archive_locked"}


def test_nobody_fills_in_or_signs_for_another() -> None:
    for by in ("ye", "he", "chen", "shen", "sun"):
        with pytest.raises(Forbidden):
            actions.fill_centre(
                actor=actor(by), organisation=Organisation.objects.get(code="dinghai-centre"), given=good()
            )
    actions.submit_centre(actor=actor("zhou"), centre=filled())
    for by in ("zhou", "ye", "he", "sun"):
        with pytest.raises(Forbidden):
            actions.sign_centre(actor=actor(by), centre=centre())


def test_two_of_four_are_half_and_a_functional_area_counts_for_its_county() -> None:
    signed("dinghai-centre")
    with identity(MACHINE):
        found = city_share()
        assert (found.standard, found.divisions, found.needed, found.reached, found.percent) == (1, 4, 3, False, 25)
        assert found.on is not None and found.on > now().date()
    with identity(MACHINE):
        Division.objects.create(
            code="330999", name="功能区", name_en="Area", counts_for_target=False, part_of_id="330902"
        )
        StandardCentre.objects.create(
            organisation=Organisation.objects.get(code="shengsi-centre"),
            division_id="330999",
            state="standard",
            signed_on=date(2025, 1, 1),
            moved_at=now(),
        )
        assert city_share().standard == 1, "the county has one already"
    signed("putuo-centre")
    with identity(MACHINE):
        assert city_share().standard == 2 and not city_share().reached


def test_on_its_pages_a_centre_is_filled_in_signed_and_seen_by_whose_it_is(client: Client) -> None:
    def browse(name: str) -> Client:
        made = Client(HTTP_HOST="127.0.0.1")
        made.force_login(User.objects.get(username=name))
        return made

    zhou, shen = browse("zhou"), browse("shen")
    assert "未开始" in zhou.get(reverse("centres")).content.decode()
    assert browse("ye").get(reverse("centre", args=["dinghai-centre"])).status_code == 404
    address = reverse("fill_centre", args=["dinghai-centre"])

    def unseen(who: Client, address: str) -> dict[str, str]:
        form = who.get(address).context["form"]
        return {bound.name: str(bound.value() or "") for bound in form.hidden_fields()}

    typed = {f"{item}": "1" if item in YES_OR_NO else "100" for item in CentreItem}
    typed |= {f"{item}_evidence": "照片" for item in CentreItem}
    assert zhou.post(address, {**unseen(zhou, address), **typed, "area": "-1"}).status_code == 422
    assert zhou.post(address, {**unseen(zhou, address), **typed}).status_code == 302
    for who, step, more in (
        (zhou, "submit_centre", {}),
        (shen, "inspect_centre", {"inspected_on": now().date().isoformat(), "seen": [i.value for i in CentreItem]}),
        (shen, "sign_centre", {}),
    ):
        address = reverse(step, args=["dinghai-centre"])
        assert who.post(address, {**unseen(who, address), **more}).status_code == 302, step
    shown = shen.get(reverse("centres")).content.decode()
    assert "已建成" in shown and "1 / 4" in shown and "25 %" in shown
    again = shen.get(reverse("sign_centre", args=["dinghai-centre"])).content.decode()
    assert "此清单" in again and '<button class="btn btn-lg' not in again, "what is not possible now offers no button"
