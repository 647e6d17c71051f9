"""Crossings (渡海): ports, vessels, and the states of a person's way over the water. Pure.

Source: DOMAIN.md, Green channel; PRACTICE.md 4.6. When gales stop the ferries the arrival clock stands still and the
safety contact every two hours does not.
"""

from __future__ import annotations

from enum import StrEnum

from cases.clocks import ClockKind as C
from wellbeing.flow import Flow, Step
from wellbeing.translatable import _

TRIAGE = ("county_triage", "city_duty", "school_counsellor")
SEA_RESCUE = "12395"
ESCORTS_AT_RED = 2

CROSSING = Flow(
    "crossing",
    initial="planned",
    final=("arrived", "cancelled"),
    steps=(
        Step("planned", "depart", "under_way", TRIAGE),
        Step("planned", "suspend", "suspended", TRIAGE, stops=(C.ARRIVAL,)),
        Step("planned", "cancel", "cancelled", TRIAGE, stops=(C.ARRIVAL, C.SAFETY_CONTACT)),
        Step("suspended", "resume", "planned", TRIAGE, starts=(C.ARRIVAL,)),
        Step("suspended", "cancel", "cancelled", TRIAGE, stops=(C.SAFETY_CONTACT,)),
        Step("under_way", "suspend", "suspended", TRIAGE, stops=(C.ARRIVAL,)),
        Step("under_way", "arrive", "arrived", TRIAGE, stops=(C.ARRIVAL, C.SAFETY_CONTACT)),
    ),
)


class Port(StrEnum):
    """Ports of the archipelago that timetables and notices name."""

    DINGHAI = "dinghai"
    SHENJIAMEN = "shenjiamen"
    ZHUJIAJIAN = "zhujiajian"
    SANJIANG = "sanjiang"
    YANWOSHAN = "yanwoshan"
    PUTUOSHAN = "putuoshan"
    DAISHAN = "daishan"
    QUSHAN = "qushan"
    CHANGTU = "changtu"
    XIUSHAN = "xiushan"
    LIUHENG = "liuheng"
    TAOHUA = "taohua"
    XIAZHI = "xiazhi"
    DENGBU = "dengbu"
    SHENGSI = "shengsi"
    DAYANGSHAN = "dayangshan"


class Vessel(StrEnum):
    FERRY = "ferry"
    FAST = "fast"
    CAR_FERRY = "car_ferry"
    MEDICAL = "medical"
    HELICOPTER = "helicopter"
    PRIVATE = "private"


class Move(StrEnum):
    DEPART = "depart"
    SUSPEND = "suspend"
    RESUME = "resume"
    ARRIVE = "arrive"
    CANCEL = "cancel"


PORT_TEXT = {
    Port.DINGHAI: _("Dinghai port"),
    Port.SHENJIAMEN: _("Shenjiamen"),
    Port.ZHUJIAJIAN: _("Zhujiajian"),
    Port.SANJIANG: _("Sanjiang"),
    Port.YANWOSHAN: _("Yanwoshan"),
    Port.PUTUOSHAN: _("Putuoshan"),
    Port.DAISHAN: _("Daishan port"),
    Port.QUSHAN: _("Qushan"),
    Port.CHANGTU: _("Changtu"),
    Port.XIUSHAN: _("Xiushan"),
    Port.LIUHENG: _("Liuheng"),
    Port.TAOHUA: _("Taohua"),
    Port.XIAZHI: _("Xiazhi"),
    Port.DENGBU: _("Dengbu"),
    Port.SHENGSI: _("Shengsi port"),
    Port.DAYANGSHAN: _("Dayangshan"),
}
VESSEL_TEXT = {
    Vessel.FERRY: _("Passenger ferry"),
    Vessel.FAST: _("Fast boat"),
    Vessel.CAR_FERRY: _("Car ferry"),
    Vessel.MEDICAL: _("Medical boat"),
    Vessel.HELICOPTER: _("Helicopter"),
    Vessel.PRIVATE: _("Private boat"),
}
CROSSING_TEXT = {
    "planned": _("Planned"),
    "suspended": _("Held up by weather"),
    "under_way": _("Under way"),
    "arrived": _("Arrived"),
    "cancelled": _("Called off"),
}
STEP_TEXT = {
    Move.DEPART: _("Has left"),
    Move.SUSPEND: _("Held up by weather"),
    Move.RESUME: _("Goes again"),
    Move.ARRIVE: _("Has arrived"),
    Move.CANCEL: _("Called off"),
}
