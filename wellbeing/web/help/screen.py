"""What a page's help is made of."""

from __future__ import annotations

from dataclasses import dataclass

START = "start"


@dataclass(frozen=True, slots=True)
class Screen:
    """What a screen is for, in a sentence, and how it is worked with; `routes` are the pages it speaks of."""

    title: str
    lead: str
    points: tuple[str, ...]
    routes: tuple[str, ...]
