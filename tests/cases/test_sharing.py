"""Who may open a case: the owning desk opens it to others until a day, and ends that again; everybody who sees the case
sees who, since when, by whom and until when, and why she can."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from cases import actions
from cases.access import Purpose, open_case, reveal, reveal_covers, who_may_read
from cases.models import Case, Section
from cases.sharing import openable_to
from tests.stage import RED, actor, call, desk, fresh, scene, signed_in
from wellbeing.access.actor import identity
from wellbeing.access.models import Hold, Origin
from wellbeing.demo.red_case import CANARIES
from wellbeing.errors import Forbidden, Invalid
from wellbeing.people.models import Role, User
from wellbeing.workdays import now

REASON = "值班交接,需一起跟进"


def opens(name: str, case: Case) -> bool:
    who = actor(name)
    with identity(who):
        try:
            return bool(reveal(who, open_case(who, case.reference), Section.values, Purpose.CARE).sections)
        except Forbidden:
            return False


def test_an_access_is_given_until_a_day_seen_by_all_and_ended(db: None, wait: object) -> None:
    case, lin, gao = scene().case, actor("lin"), User.objects.get(username="gao")
    given = {"case": case, "hold": Hold.READ, "until": now() + timedelta(days=2), "because": REASON}
    wu = desk("bailang", Role.SCHOOL_COUNSELLOR)  # of another county
    for wrong in (
        {"to": wu},
        {"to": desk("haiyun-hospital", Role.HOSPITAL_LIAISON)},
        {"to": User.objects.get(username="shen")},
        {"to": desk("dinghai-centre", Role.COUNTY_TRIAGE)},  # can already, by the work itself
        {"to": gao, "until": now()},
        {"to": gao, "until": now() + timedelta(days=181)},
        {"to": gao, "because": " "},
    ):
        with pytest.raises(Invalid):
            actions.grant_access(actor=lin, **{**given, **wrong})
    for other in ("zhou", "chen", "gao", "he", "an"):  # they work on it, or sit at the owning desk: neither is enough
        with pytest.raises(Forbidden):
            actions.grant_access(actor=actor(other), **given, to=gao)
    assert not opens("gao", case)

    actions.grant_access(actor=lin, **given, to=gao)
    assert opens("gao", case)
    with identity(actor("gao")):
        (line,) = [one for one in who_may_read(case) if one.origin == Origin.GIVEN]
        assert (line.hold, line.by, line.key) == ("read", str(lin.name), f"user:{gao.pk}")
        with pytest.raises(Forbidden):  # to read is not to act, and not to give on
            actions.raise_tier(actor=actor("gao"), case=case, to="red", because="")
    with pytest.raises(Forbidden):
        actions.grant_access(actor=actor("gao"), **given, to=desk("city-centre", Role.CITY_DUTY))
    wait(days=3)  # type: ignore[operator]
    assert not opens("gao", case) and opens("lin", case)

    city = desk("city-centre", Role.CITY_DUTY)
    actions.grant_access(actor=lin, **{**given, "until": now() + timedelta(days=2), "hold": Hold.WORK}, to=city)
    assert opens("he", case)
    for holder in (gao, desk("dinghai-centre", Role.COUNTY_TRIAGE)):  # over, or not ours to end
        with pytest.raises(Forbidden):
            actions.revoke_access(actor=lin, case=case, holder=holder, because="x")
    with pytest.raises(Invalid):
        actions.revoke_access(actor=lin, case=case, holder=city, because="")
    actions.revoke_access(actor=lin, case=case, holder=city, because="已结束协助")
    assert not opens("he", case) and opens("zhou", case)
    with identity(lin):
        found = reveal(lin, fresh(case), {Section.PLAN}, Purpose.CARE)
    assert [one.words["because"] for one in found.entries if one.kind == "access"] == [REASON, REASON, "已结束协助"]


def test_a_schools_crisis_lead_is_shown_the_cover_and_no_more(db: None) -> None:
    """Only where the school's counsellor has the case; never in a teacher's own."""
    case, lin, ours = call(), actor("lin"), desk("xinghe", Role.SCHOOL_CRISIS_LEAD)
    qiu, page = User.objects.get(username="qiu"), signed_in("qiu")
    given = {"actor": lin, "case": case, "hold": Hold.SEE, "until": now() + timedelta(days=2), "because": REASON}
    with pytest.raises(Invalid):  # the school does not know of it yet
        actions.grant_access(**given, to=ours)
    counsellor = {"manager": User.objects.get(username="chen"), "desk": desk("xinghe", Role.SCHOOL_COUNSELLOR)}
    actions.assign_manager(actor=actor("zhou"), case=case, **counsellor)
    for wrong in ({"to": ours, "hold": Hold.READ}, {"to": qiu, "hold": Hold.WORK}):
        with pytest.raises(Invalid):
            actions.grant_access(**{**given, **wrong})
    with pytest.raises(Invalid):  # of another school
        actions.grant_access(**given, to=desk("wangchao", Role.SCHOOL_CRISIS_LEAD))
    assert page.get(reverse("case", args=[case.reference])).status_code == 404
    actions.grant_access(**given, to=ours)
    cover = page.get(reverse("case", args=[case.reference])).content.decode()
    listed = page.get(reverse("case_list")).content.decode()
    assert case.reference in cover and case.reference in listed and RED["name"] not in cover + listed
    assert not any(words in cover + listed for words in CANARIES)
    with identity(actor("qiu")):  # by the door itself, whatever page or program asks
        assert reveal_covers(actor("qiu"), [case]) == {}
    assert page.get(reverse("case_file", args=[case.reference])).status_code == 404 and not opens("qiu", case)
    apart = call({"about_kind": "teacher"})
    with identity(lin):
        assert not [one for one in openable_to(apart) if one.organisation_id == ours.organisation_id]


def test_the_page_says_who_why_and_gives_or_ends(db: None) -> None:
    case = call()
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(User.objects.get(username="lin"))
    page = client.get(reverse("case_access", args=[case.reference])).content.decode()
    assert reverse("grant_access", args=[case.reference]) in page and "定海区" in page
    gao, at = User.objects.get(username="gao"), (now() + timedelta(days=5)).date()
    form = client.get(reverse("grant_access", args=[case.reference]))
    key = form.context["form"]["key"].value()
    sent = {"key": key, "to": f"user:{gao.pk}", "hold": "read", "until": at.isoformat(), "because": ""}
    refused = client.post(reverse("grant_access", args=[case.reference]), sent)
    assert refused.status_code == 422 and f'value="{at}"' in refused.content.decode()
    done = client.post(reverse("grant_access", args=[case.reference]), {**sent, "because": REASON})
    assert done["Location"] == reverse("case_access", args=[case.reference])
    page = client.get(done["Location"]).content.decode()
    end = f"{reverse('revoke_access', args=[case.reference])}?holder=user:{gao.pk}"
    assert end in page and REASON not in page
    gaos = Client(HTTP_HOST="127.0.0.1")
    gaos.force_login(gao)
    page = gaos.get(reverse("case_access", args=[case.reference])).content.decode()
    assert end not in page and str(User.objects.get(username="lin")) in page and "✗" in page
    assert gaos.get(reverse("grant_access", args=[case.reference])).status_code == 404
    form, beside = client.get(end), client.get(end)
    assert f'<option value="user:{gao.pk}" selected>{gao}</option>' in form.content.decode()  # whose access it is
    sent = {"key": form.context["form"]["key"].value(), "holder": f"user:{gao.pk}", "because": "协助已结束"}
    city = desk("city-centre", Role.CITY_DUTY)
    until = now() + timedelta(days=2)
    actions.grant_access(actor=actor("lin"), case=case, to=city, hold=Hold.READ, until=until, because=REASON)
    said = client.post(end, sent, follow=True)
    assert "授权已收回" in said.content.decode() and str(city) in said.content.decode()
    assert client.post(end, sent)["Location"] == reverse("case_access", args=[case.reference])  # pressed twice
    late = client.post(end, {**sent, "key": beside.context["form"]["key"].value()})  # in a tab beside
    assert late.status_code == 422 and "已经收回" in late.content.decode() and "协助已结束" in late.content.decode()
    assert gaos.get(reverse("case_access", args=[case.reference])).status_code == 404
    for holder in ("user:0", "desk:x", "x", ""):
        again = client.post(end, {**sent, "key": client.get(end).context["form"]["key"].value(), "holder": holder})
        assert again.status_code in (404, 422, 200), holder
