"""K10 (Kessler et al. 2002): ten items from 1 to 5; 20 mild, 25 moderate, 30 severe; 25 or more is high distress."""

from cases.instruments.instrument import Instrument

K10 = Instrument(
    code="k10",
    items=tuple(f"k{number}" for number in range(1, 11)),
    least=1,
    most=5,
    bands=((10, "none"), (20, "mild"), (25, "moderate"), (30, "severe")),
)
