"""Instruments (量表): published scoring by item code, and the papers on which they are answered. Pure.

A missing answer is never 0: an incomplete form is not scored, but a critical item that was answered still speaks.
"""

from cases.instruments import asq, cssrs, gad7, hotline, k10, mssmhs, phq9, pss10, scl90, sdq
from cases.instruments.instrument import AnswerError, Instrument, Result
from cases.instruments.paper import Paper, Reading

# Whose items are answered one by one, and may be imported from a file.
INSTRUMENTS: dict[str, Instrument] = {one.code: one for one in (phq9.PHQ9, phq9.PHQA, gad7.GAD7, pss10.PSS10, k10.K10)}
# All, in the order in which the page offers them.
PAPERS: dict[str, Paper] = {
    paper.code: paper
    for paper in (
        *(asq.PAPER, phq9.ADOLESCENT_PAPER, phq9.PAPER, gad7.PAPER, pss10.PAPER, k10.PAPER),
        *(cssrs.PAPER, hotline.PAPER, sdq.PAPER, mssmhs.PAPER, scl90.PAPER),
    )
}

__all__ = ["INSTRUMENTS", "PAPERS", "AnswerError", "Instrument", "Paper", "Reading", "Result"]
