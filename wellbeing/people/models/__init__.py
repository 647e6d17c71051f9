"""Divisions, organisations, desks, posts and the people who hold them; terms with their returns; standard centres."""

from wellbeing.people.models.absence import Absence
from wellbeing.people.models.appointment import AccountAct, AccountEntry, Appointment, AppointmentState, PostKind
from wellbeing.people.models.centre import CentreLine, StandardCentre
from wellbeing.people.models.division import Division
from wellbeing.people.models.organisation import Organisation, OrganisationKind, School
from wellbeing.people.models.post import Desk, Post, Role
from wellbeing.people.models.private import Private
from wellbeing.people.models.staffing_policy import StaffingPolicyVersion
from wellbeing.people.models.term import ReturnedTeacher, StaffingReturn, Term
from wellbeing.people.models.user import User

__all__ = [
    "Absence",
    "AccountAct",
    "AccountEntry",
    "Appointment",
    "AppointmentState",
    "CentreLine",
    "Desk",
    "Division",
    "Organisation",
    "OrganisationKind",
    "Post",
    "PostKind",
    "Private",
    "ReturnedTeacher",
    "Role",
    "School",
    "StaffingPolicyVersion",
    "StaffingReturn",
    "StandardCentre",
    "Term",
    "User",
]
