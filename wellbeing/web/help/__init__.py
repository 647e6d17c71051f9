"""The help of each screen: short texts by route, which the page translates."""

from __future__ import annotations

from wellbeing.web.help import acts, desks, offices
from wellbeing.web.help.screen import START, Screen

SCREENS: dict[str, Screen] = {**desks.SCREENS, **acts.SCREENS, **offices.SCREENS}
BY_ROUTE = {route: topic for topic, screen in SCREENS.items() for route in screen.routes}


def topic_of(route: str) -> str:
    """The help of a page; that of every page where a page has none of its own."""
    return BY_ROUTE.get(route, START)
