"""Every paper: what it reads, what it cannot be kept without, and the tier it calls for (PRACTICE.md 2.4, 5.1, 5.2)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.instruments import INSTRUMENTS, PAPERS, AnswerError, Paper, mssmhs, scl90
from cases.instruments.sdq import prosocial_band
from cases.policy import Policy
from cases.tiers import propose


def tier(paper: str, **answers: Any) -> str:
    return propose(PAPERS[paper].read(answers).facts, Policy()).tier


def zeros(paper: str) -> dict[str, Any]:
    instrument = INSTRUMENTS[paper]
    return dict.fromkeys(instrument.items, instrument.least)


@pytest.mark.parametrize("paper", PAPERS.values(), ids=PAPERS)
def test_every_paper_is_whole_in_both_languages_and_credits_its_source(paper: Paper) -> None:
    codes = [question.code for question in paper.questions]
    assert len(set(codes)) == len(codes) and paper.source and "key" not in codes
    for text in (paper.title, paper.lead, *(question.text for question in paper.questions)):
        assert text.zh.strip() and text.en.strip()
    reading = paper.read({})
    assert reading.result.total is None and not reading.result.critical
    assert propose(reading.facts, Policy()).tier == "green"
    for wrong in ({"foreign": 1}, {codes[0]: 9999}, {codes[0]: "x"}, {codes[0]: True}):
        with pytest.raises(AnswerError):
            paper.read(wrong)


@pytest.mark.parametrize("paper", ["phq9", "phqa"])
def test_item_nine_is_wanted_and_calls_for_its_tier_whatever_the_total(paper: str) -> None:
    none = zeros(paper)
    assert PAPERS[paper].read({**none, "better_off_dead": None}).wanting == "better_off_dead"
    assert PAPERS[paper].read({"better_off_dead": 0}).wanting == "", "incomplete it is kept, and not scored"
    for value, called in ((0, "green"), (1, "yellow"), (2, "orange"), (3, "orange")):
        assert tier(paper, **{**none, "better_off_dead": value}) == called
        assert tier(paper, better_off_dead=value) == called, "before the form is finished"
    assert tier(paper, **{**none, "down": 3, "interest": 3, "sleep": 3, "tired": 1}) == "blue"
    assert tier(paper, **{**dict.fromkeys(none, 2), "better_off_dead": 0}) == "yellow"


def test_the_adolescent_form_asks_two_more() -> None:
    assert tier("phqa", serious_thoughts="yes") == "yellow" and tier("phqa", ever_attempt="yes") == "yellow"
    reading = PAPERS["phqa"].read({**zeros("phqa"), "serious_thoughts": "no", "ever_attempt": "yes"})
    assert reading.result.total == 0 and dict(reading.result.critical) == {"ever_attempt": 1}


@pytest.mark.parametrize(("each", "called"), [(1, "green"), (2, "blue"), (3, "yellow")])
def test_gad7(each: int, called: str) -> None:
    assert tier("gad7", **dict.fromkeys(zeros("gad7"), each)) == called


ASQ = {"Y": "yes", "N": "no", "R": "refused", "-": None}


@pytest.mark.parametrize(
    ("letters", "called", "wanting"),
    [
        ("NNNN-", "green", ""),
        ("NNYNN", "yellow", ""),
        ("NNYYN", "orange", ""),
        ("YNNNY", "red", ""),
        ("RRRRN", "yellow", ""),
        ("Y---Y", "red", ""),
        ("NNYN-", "yellow", "right_now"),
        ("NNN--", "green", "ever_tried"),
        ("Y----", "yellow", "right_now"),
    ],
)
def test_asq(letters: str, called: str, wanting: str) -> None:
    codes = [question.code for question in PAPERS["asq"].questions]
    answers = dict(zip(codes, (ASQ[letter] for letter in letters), strict=True))
    assert tier("asq", **answers) == called and PAPERS["asq"].read(answers).wanting == wanting


def test_asq_has_no_fifth_answer_after_four_times_no() -> None:
    codes = [question.code for question in PAPERS["asq"].questions]
    with pytest.raises(AnswerError):
        PAPERS["asq"].read({**dict.fromkeys(codes, "no"), "right_now": "yes"})


@pytest.mark.parametrize(
    ("marked", "called"),
    [
        ((), "green"),
        (("wish",), "yellow"),
        (("thoughts", "method"), "orange"),
        (("behaviour_ever",), "orange"),
        (("behaviour_ever", "behaviour_three_months"), "red"),
        (("thoughts", "intent"), "red"),
    ],
)
def test_cssrs(marked: tuple[str, ...], called: str) -> None:
    no = dict.fromkeys((question.code for question in PAPERS["cssrs"].questions), "no")
    reading = PAPERS["cssrs"].read({**no, **dict.fromkeys(marked, "yes")})
    assert propose(reading.facts, Policy()).tier == called and reading.wanting == ""
    assert reading.result.complete


def test_cssrs_wants_every_question_that_is_asked_unless_it_is_high_already() -> None:
    paper = PAPERS["cssrs"]
    assert paper.read({"wish": "no"}).wanting == "thoughts"
    assert paper.read({"wish": "no", "thoughts": "no"}).wanting == "behaviour_ever"
    assert paper.read({"wish": "no", "thoughts": "yes", "behaviour_ever": "no"}).wanting == "method"
    assert paper.read({"thoughts": "yes", "intent": "yes"}).wanting == ""


@pytest.mark.parametrize(
    ("total", "band", "called"),
    [
        (0, "low", "green"),
        (3, "low", "green"),
        (4, "moderate", "yellow"),
        (7, "moderate", "yellow"),
        (8, "high", "orange"),
        (16, "high", "orange"),
    ],
)
def test_hotline(total: int, band: str, called: str) -> None:
    assert PAPERS["hotline"].read({"total": total}).result.band == band and tier("hotline", total=total) == called
    with pytest.raises(AnswerError):
        PAPERS["hotline"].read({"total": 17})


@pytest.mark.parametrize(
    ("norm", "total", "band"),
    [
        *(
            ("parent_4_17", total, band)
            for total, band in (
                (13, "normal"),
                (14, "borderline"),
                (16, "borderline"),
                (17, "abnormal"),
                (40, "abnormal"),
            )
        ),
        *(
            ("self_11_17", total, band)
            for total, band in ((15, "normal"), (16, "borderline"), (19, "borderline"), (20, "abnormal"))
        ),
        *(
            ("teacher_4_17", total, band)
            for total, band in ((11, "normal"), (12, "borderline"), (15, "borderline"), (16, "abnormal"))
        ),
    ],
)
def test_sdq(norm: str, total: int, band: str) -> None:
    scales = ("emotion", "conduct", "hyperactivity", "peer")
    spread = {code: total // 4 + (place < total % 4) for place, code in enumerate(scales)}
    result = PAPERS["sdq"].read({"norm": norm, **spread}).result
    assert (result.total, result.band) == (total, band)


def test_sdq_subscales_and_strength() -> None:
    low = {"norm": "parent_4_17", "emotion": 3, "conduct": 2, "hyperactivity": 5, "peer": 2, "prosocial": 6}
    assert set(PAPERS["sdq"].read(low).result.parts.values()) == {"normal"}
    high = {"norm": "parent_4_17", "emotion": 5, "conduct": 4, "hyperactivity": 7, "peer": 4, "prosocial": 4}
    assert set(PAPERS["sdq"].read(high).result.parts.values()) == {"abnormal"}
    assert [prosocial_band(value) for value in (4, 5, 6, 10)] == ["abnormal", "borderline", "normal", "normal"]
    assert PAPERS["sdq"].read({**high, "norm": None}).wanting == "norm"


def test_mssmhs_all_ones_is_clean_and_says_nothing_about_safety() -> None:
    factors = mssmhs.factors(dict.fromkeys(range(1, 61), 1))
    assert set(factors.values()) == {1.0}
    reading = PAPERS["mssmhs"].read(factors)
    assert (reading.result.total, reading.result.band) == (1.0, "none")
    assert "绝不等于安全" in PAPERS["mssmhs"].lead.zh


def test_mssmhs_is_flagged_by_one_factor() -> None:
    items = {number: 3 if number in (5, 13, 14, 16, 44, 57) else 1 for number in range(1, 61)}
    factors = mssmhs.factors(items)
    reading = PAPERS["mssmhs"].read(factors)
    assert factors["depression"] == 3.0 and reading.result.parts["depression"] == "moderate"
    assert (reading.result.total, reading.result.band) == (1.2, "moderate")
    assert propose(reading.facts, Policy()).tier == "blue"
    assert propose(PAPERS["mssmhs"].read({"anxiety": 2.99}).facts, Policy()).tier == "green"


def test_mssmhs_key_uses_every_item_once() -> None:
    assert sorted(number for key in mssmhs.KEY.values() for number in key) == list(range(1, 61))
    with pytest.raises(AnswerError):
        mssmhs.factors(dict.fromkeys(range(1, 60), 1))


@pytest.mark.parametrize(("twos", "total", "flagged"), [(43, 133, False), (44, 134, True)])
def test_scl90_counts_positive_items(twos: int, total: int, flagged: bool) -> None:
    items = {number: 2 if number <= twos else 1 for number in range(1, 91)}
    assert scl90.sums(items) == (total, twos)
    answers = {"total": total, "positive": twos, "item_15": 1, "item_59": 1}
    assert PAPERS["scl90"].read(answers).result.band == ("flagged" if flagged else "clear")


def test_scl90_limits_and_critical_items() -> None:
    assert (scl90.flagged(160, 0), scl90.flagged(161, 0)) == (False, True)
    assert (scl90.flagged(90, 0, 2), scl90.flagged(90, 0, 2.01)) == (False, True)
    assert tier("scl90", total=90, positive=0, item_15=1, item_59=2) == "yellow"
    assert tier("scl90", item_15=2) == "yellow", "before the paper is finished"
    with pytest.raises(AnswerError):
        scl90.sums({1: 6})


@given(st.data())
def test_an_answer_more_never_lowers_the_tier(data: st.DataObject) -> None:
    paper = data.draw(st.sampled_from([PAPERS[code] for code in ("phq9", "phqa", "gad7", "mssmhs")]))
    answers: dict[str, Any] = {}
    before = propose(paper.read(answers).facts, Policy()).tier
    for question in data.draw(st.permutations(paper.questions)):
        values = [code for code, _text in question.choices] or [1, 2, 3, 4, 5]
        answers[question.code] = data.draw(st.sampled_from(values))
        after = propose(paper.read(answers).facts, Policy()).tier
        assert after.rank <= before.rank
        before = after
