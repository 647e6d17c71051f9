"""What is written in a case: entries (记录) by section, each one envelope, never changed after."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from wellbeing.ids import uuid7
from wellbeing.people.models import Desk, User


class Section(models.TextChoices):
    """The parts of a file, each with its own readers (cases/access.py). The cover itself is the stub."""

    IDENTITY = "identity", _("Identity and contact")
    NARRATIVE = "narrative", _("What was said")
    RISK = "risk", _("Risk")
    GUARDIAN = "guardian", _("Guardian and home")
    PLAN = "plan", _("Plan and follow-up")
    SEALED = "sealed", _("Sealed: caller number, reporter")


class EntryKind(models.TextChoices):
    CALL = "call", _("Call")
    SESSION = "session", _("Session")
    ASSESSMENT = "assessment", _("Assessment")
    SCREENING = "screening", _("Screening")
    INSTRUMENT = "instrument", _("Instrument")
    RAISING = "raising", _("Tier raised")
    LOWERING = "lowering", _("Tier lowered")
    MANAGER = "manager", _("Case manager")
    FOLLOW_UP = "follow_up", _("Follow-up")
    CLOSING = "closing", _("Closing note")
    TELLING = "telling", _("Who was told")
    CALLBACK = "callback", _("Call-back")
    SAFETY_PLAN = "safety_plan", _("Safety plan")
    MANDATORY = "mandatory", _("Mandatory report")
    REPORT = "report", _("Written report")
    PAUSE = "pause", _("Clock paused")
    AGREEMENT = "agreement", _("Agreement")
    CONSENT = "consent", _("Consent")
    HOME_WATCH = "home_watch", _("Watch at home")
    TRANSFER = "transfer", _("Transfer")
    ATTACHMENT = "attachment", _("Attachment")
    WITHDRAWAL = "withdrawal", _("Attachment withdrawn")
    LEAVE = "leave", _("Leave and return")
    RETURN_PLAN = "return_plan", _("Return-to-school plan")
    REOPENING = "reopening", _("Opened again")
    HOME_VISIT = "home_visit", _("Home visit")
    GUARDIAN_TALK = "guardian_talk", _("Contact with the guardian")
    GROUP = "group", _("Group session")
    GROUPS = "groups", _("Special groups")
    CONCERN = "concern", _("Concern")
    ACCESS = "access", _("Access given or ended")
    CONTACT = "contact", _("Do not contact")


class Entry(models.Model):
    """One envelope in one section. `at` is to the minute; `sealed` opens to a flat mapping of field to value."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="entries")
    section = models.CharField(max_length=12, choices=Section.choices)
    kind = models.CharField(max_length=16)  # EntryKind
    author = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    desk = models.ForeignKey(Desk, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    sealed = models.BinaryField()

    @classmethod
    def to_open(cls) -> models.QuerySet["Entry"]:
        """Entries with all that opening one asks for."""
        return cls.objects.select_related("author", "attachment__withdrawn_by")

    @property
    def file(self) -> Any:
        """The attachment that it describes, if it is of one (`to_open`)."""
        return getattr(self, "attachment", None)

    @property
    def envelopes(self) -> list[Any]:
        """Its own, and that of the attachment."""
        return [one for one in (self.sealed, self.file and self.file.sealed) if one]


class Assessment(models.Model):
    """That a risk assessment took place: when, face to face or not, and the tier it proposed. Its words are in
    the entry."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="assessments")
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="assessment")
    at = models.DateTimeField()
    face_to_face = models.BooleanField()
    proposed = models.CharField(max_length=6)
