"""Instruments (量表): published scoring by item code. Pure.

A missing answer is never 0: an incomplete form is not scored, but a critical item that was answered still speaks.
"""

from cases.instruments.gad7 import GAD7
from cases.instruments.instrument import AnswerError, Instrument, Result
from cases.instruments.k10 import K10
from cases.instruments.phq9 import PHQ9, PHQA
from cases.instruments.pss10 import PSS10

INSTRUMENTS: dict[str, Instrument] = {one.code: one for one in (PHQ9, PHQA, GAD7, PSS10, K10)}

__all__ = ["INSTRUMENTS", "AnswerError", "Instrument", "Result"]
