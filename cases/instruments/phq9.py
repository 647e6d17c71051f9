"""PHQ-9 (Kroenke, Spitzer & Williams 2001) and its adolescent form PHQ-A: free to use, cut-offs 5, 10, 15, 20.

The adolescent form asks items 1 and 2, and 4 and 5, in the other order (NIMH text), so answers go by item code.
"""

from cases.instruments.instrument import Instrument

BANDS = ((0, "minimal"), (5, "mild"), (10, "moderate"), (15, "moderately_severe"), (20, "severe"))
CRITICAL = "better_off_dead"

PHQ9 = Instrument(
    code="phq9",
    items=("interest", "down", "sleep", "tired", "appetite", "failure", "concentration", "movement", CRITICAL),
    most=3,
    bands=BANDS,
    critical=(CRITICAL,),
)
PHQA = Instrument(
    code="phqa",
    items=("down", "interest", "sleep", "appetite", "tired", "failure", "concentration", "movement", CRITICAL),
    most=3,
    bands=BANDS,
    critical=(CRITICAL,),
)
