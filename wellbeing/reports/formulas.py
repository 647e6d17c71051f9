"""Service effectiveness (服务效能): each figure as one function. Pure.

Source: PRACTICE.md 3.6, whose names these are; where the official annual form of the hotlines has the item, it is
named. Arguments are counts unless they say otherwise; shares come out between 0 and 1. **Nothing to divide by gives
None, shown as "–", never 0 % or 100 %.** ValueError for counts that cannot be: negative, or a part above its whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

Share = Fraction | None


def share(part: int, whole: int) -> Share:
    """A part of a whole; None of nothing. The ground of all shares below."""
    if part < 0 or whole < 0 or part > whole:
        raise ValueError(f"{part} of {whole}")
    return Fraction(part, whole) if whole else None


def per(amount: int, by: int) -> Share:
    """So much for each; None where there is nobody. Unlike a share it may exceed one."""
    if amount < 0 or by < 0:
        raise ValueError(f"{amount} by {by}")
    return Fraction(amount, by) if by else None


def answer_rate(answered: int, offered: int) -> Share:
    """A ÷ O. The official form's 接通率: calls accepted ÷ all calls that came in."""
    return share(answered, offered)


def abandon_rate(abandoned: int, offered: int) -> Share:
    """Calls whose caller hung up before an answer ÷ O."""
    return share(abandoned, offered)


QUICK = 20  # seconds


def service_level_20s(within: int, offered: int) -> Share:
    """Answered within 20 seconds ÷ O: the custom of call centres (from memory, high confidence)."""
    return share(within, offered)


def asa(waits: Sequence[int]) -> Share:
    """Average speed of answer: the mean of answered − offered, in seconds, over the answered calls."""
    return asa_of(sum(waits), len(waits))


def asa_of(seconds: int, answered: int) -> Share:
    """The same from a sum of seconds and a number of calls, as prepared tables hold it."""
    return per(seconds, answered)


def night_share(at_night: int, answered: int) -> Share:
    """Calls begun between 22:00 and 06:00 ÷ A."""
    return share(at_night, answered)


def at_night(hour: int) -> bool:
    """Whether an hour of the clock in Shanghai (0–23) is night: from 22:00, before 06:00."""
    return hour >= 22 or hour < 6


def local_share(local: int, answered: int) -> Share:
    """The official form's 本地/外地: callers from the own city ÷ A."""
    return share(local, answered)


def high_risk_share(high: int, valid: int) -> Share:
    """H ÷ V. The official form's 高度危机来电."""
    return share(high, valid)


def difficult_share(difficult: int, valid: int) -> Share:
    """The official form's 困难来电 ÷ V."""
    return share(difficult, valid)


def repeat_share(repeated: int, valid: int) -> Share:
    """The official form's 反复来电 ÷ V."""
    return share(repeated, valid)


def followup_on_time(done_by_due: int, due: int) -> Share:
    """Call-backs done by their time ÷ call-backs due."""
    return share(done_by_due, due)


def contact_rate(reached: int, tried: int) -> Share:
    """Tries to call back at which somebody answered ÷ tries."""
    return share(reached, tried)


def mean_intent_drop(fallen: int, rated: int) -> Share:
    """Points (of 100) that the intent of dying fell by, added up, ÷ calls in which it was asked before and after; may
    be negative."""
    return Fraction(fallen, rated) if rated else None


def referral_conversion(accepted: int, advised: int) -> Share:
    """Referrals accepted ÷ referrals advised."""
    return share(accepted, advised)


def first_visit_within_7d(visited: int, referred: int) -> Share:
    """Referrals whose first visit came within seven days ÷ referrals that have had seven days."""
    return share(visited, referred)


def feedback_rate(reported: int, ended: int) -> Share:
    """Referrals on which the hospital reported back ÷ referrals that were sent and have ended."""
    return share(reported, ended)


def closed_loop_rate(closed: int, ended: int) -> Share:
    """Referrals with the hospital's feedback **and** a plan of the school ÷ referrals that were sent and have ended."""
    return share(closed, ended)


def sla_rate(in_time: int, ended: int) -> Share:
    """Clocks of one colour met by their time ÷ clocks met."""
    return share(in_time, ended)


def supervision_rate(reviewed: int, valid: int) -> Share:
    """Calls a supervisor has reviewed ÷ V."""
    return share(reviewed, valid)


def calls_per_operator_shift(calls: int, shifts: int) -> Share:
    """Calls taken ÷ shifts that were on duty."""
    return per(calls, shifts)


def satisfaction(total: int, marked: int) -> Share:
    """The mean of callers' marks from 1 to 5, from their sum and their number. ValueError for a sum outside."""
    if not marked <= total <= 5 * marked:
        raise ValueError("marks run from 1 to 5")
    return per(total, marked)


def mhl23_advice_rate(advised: int, suspected: int) -> Share:
    """Callers advised to go to a hospital ÷ callers with a suspected disorder (Mental Health Law, article 23)."""
    return share(advised, suspected)


def outcome_share(such: int, judged: int) -> Share:
    """Cases of the city's centre that stand so after 30 or 90 days ÷ all that were taken over so long ago."""
    return share(such, judged)


def screening_coverage(answered: int, listed: int) -> Share:
    """Pupils who answered ÷ pupils on the rolls of campaigns that have ended, whoever opted out included."""
    return share(answered, listed)


def screening_response(answered: int, asked: int) -> Share:
    """Pupils who answered ÷ pupils on those rolls whose guardians did not object (or said yes, where that is asked)."""
    return share(answered, asked)


def percent(found: Share) -> int | None:
    """Whole per cent, rounded half up; but only all is 100, and only none is 0."""
    if found is None:
        return None
    whole = int(found * 100 + Fraction(1, 2))
    if found < 1 and whole >= 100:
        return 99
    return 1 if found > 0 and whole == 0 else whole
