"""GAD-7 (Spitzer et al. 2006): free to use, cut-offs 5, 10, 15."""

from cases.instruments.instrument import Instrument

GAD7 = Instrument(
    code="gad7",
    items=("nervous", "control", "worry", "relax", "restless", "irritable", "afraid"),
    most=3,
    bands=((0, "minimal"), (5, "mild"), (10, "moderate"), (15, "severe")),
)
