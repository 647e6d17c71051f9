"""One act of the API: what a page offers, by the name of its address."""

from dataclasses import dataclass

from wellbeing.action_page import Offer


@dataclass(frozen=True, slots=True)
class Act:
    """`target` says whether its address names an object, `performs` which actions it may come to."""

    name: str
    offer: Offer
    target: bool
    performs: tuple[str, ...]
