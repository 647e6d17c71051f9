"""Divisions, organisations, desks, posts and the people who hold them."""

from wellbeing.people.models.division import Division
from wellbeing.people.models.organisation import Organisation, OrganisationKind, School, StaffMember
from wellbeing.people.models.post import Desk, Post, Role
from wellbeing.people.models.user import User

__all__ = ["Desk", "Division", "Organisation", "OrganisationKind", "Post", "Role", "School", "StaffMember", "User"]
