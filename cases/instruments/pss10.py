"""PSS-10 (Cohen, Kamarck & Mermelstein 1983): items 4, 5, 7 and 8 reversed; 14 and 27 by common use."""

from cases.instruments.instrument import Instrument

ITEMS = tuple(f"s{number}" for number in range(1, 11))

PSS10 = Instrument(
    code="pss10",
    items=ITEMS,
    most=4,
    bands=((0, "low"), (14, "moderate"), (27, "high")),
    reversed=("s4", "s5", "s7", "s8"),
)
