"""The only door to change the registers, one file per verb: note_activity strike_activity; fill_year confirm_year
send_back_year; report_incident write_incident review_incident close_incident reopen_incident"""

from wellbeing.registers.actions.close_incident import close_incident
from wellbeing.registers.actions.confirm_year import confirm_year
from wellbeing.registers.actions.fill_year import fill_year
from wellbeing.registers.actions.note_activity import note_activity
from wellbeing.registers.actions.reopen_incident import reopen_incident
from wellbeing.registers.actions.report_incident import report_incident
from wellbeing.registers.actions.review_incident import review_incident
from wellbeing.registers.actions.send_back_year import send_back_year
from wellbeing.registers.actions.strike_activity import strike_activity
from wellbeing.registers.actions.write_incident import write_incident

__all__ = [
    "close_incident",
    "confirm_year",
    "fill_year",
    "note_activity",
    "reopen_incident",
    "report_incident",
    "review_incident",
    "send_back_year",
    "strike_activity",
    "write_incident",
]
