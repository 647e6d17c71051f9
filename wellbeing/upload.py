"""Files that are sent to a page: read into memory up to a limit, never to a disk, and only where a page takes them.

Django reads a body before it knows who sent it (the token of the form is in there). So the handler asks by itself: a
page that takes no file, or nobody signed in, and the file is skipped. Past the limit nothing more is kept, the rest is
read and dropped, and every other field of the form is still there.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wellbeing.action_page import ActionForm
from wellbeing.content import ENDING, FAULT_TEXT, BadContent, Fault, Kind, look
from wellbeing.picture import bare_jpeg, bare_png

LIMIT = 20 * 1024 * 1024  # bytes; the project's order for attachments
NAME = 80
log = logging.getLogger("wellbeing.upload")
END = "whole"  # the last field of a form with a file: it is missing when the body was cut

BARE = {Kind.JPEG: bare_jpeg, Kind.PNG: bare_png}  # a PDF stays as it was made: it may be signed

View = TypeVar("View", bound=Callable[..., Any])


class Content:
    """A file that was looked at: its name, its kind by content, and its bytes, of a photograph without the place and
    time that a telephone wrote into it. Its repr is its digest, never a word."""

    def __init__(self, name: str, content: bytes) -> None:
        self.kind: Kind = look(content)
        self.content = BARE[self.kind](content) if self.kind in BARE else content
        self.name = _named(name, self.kind)

    def __repr__(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def takes_file(view: View) -> View:
    """The page takes a file."""
    view.takes_file = True  # type: ignore[attr-defined]
    return view


class BoundedUpload(FileUploadHandler):
    """Keeps one file of at most LIMIT bytes in memory; of a larger one it keeps nothing but that it was larger."""

    taken = False

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        route = self.request.resolver_match if self.request else None
        user = getattr(self.request, "user", None)
        if self.taken or not (route and getattr(route.func, "takes_file", False) and user and user.is_authenticated):
            raise SkipFile
        self.taken, self.kept, self.seen = True, bytearray(), 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.seen += len(raw_data)
        if self.seen > LIMIT:
            self.kept = bytearray()
        else:
            self.kept += raw_data

    def file_complete(self, file_size: int) -> UploadedFile:
        found = SimpleUploadedFile(self.file_name or "", bytes(self.kept))
        found.size = self.seen
        self.kept = bytearray()
        return found


class ContentField(forms.FileField):
    """A file that is a PDF or a picture by its content; cleans to Content."""

    default_error_messages = {
        "required": gettext_lazy("Choose a file."),
        "empty": gettext_lazy("The file is empty."),
    }
    widget = forms.FileInput(
        attrs={
            "accept": ".pdf,.png,.jpg,.jpeg,application/pdf,image/png,image/jpeg",
            "data-limit": LIMIT,
            "data-too-large": gettext_lazy(FAULT_TEXT[Fault.LARGE]),
        }
    )

    def clean(self, data: Any, initial: Any = None) -> Any:
        found = super().clean(data, initial)
        if not isinstance(found, UploadedFile):
            return found
        try:
            if (found.size or 0) > LIMIT:
                raise BadContent(Fault.LARGE)
            return Content(found.name or "", found.read())
        except BadContent as bad:
            log.warning("a file was refused", extra={"codes": {"fault": bad.fault}})
            raise ValidationError(_(FAULT_TEXT[bad.fault]), code=bad.fault) from None


class UploadForm(ActionForm):
    """A form with a file in its field `content`, which stands last before the mark that the body is whole."""

    def clean(self) -> dict[str, Any]:
        """A body that was cut is refused, however much of the file has arrived."""
        found = super().clean() or {}
        if END not in self.data:
            self.add_error("content", ValidationError(_(FAULT_TEXT[Fault.CUT]), code=Fault.CUT))
        return found

    @property
    def status(self) -> int:
        return 413 if self.has_error("content", Fault.LARGE) else super().status


def _named(name: str, kind: Kind) -> str:
    """The sender's name for it without paths, control characters and its ending, which follows from the content."""
    stem = name.replace("\\", "/").rsplit("/", 1)[-1].rsplit(".", 1)[0]
    plain = "".join(letter for letter in stem if letter.isprintable() and letter not in '"<>:|?*')
    return f"{plain.strip()[:NAME] or 'file'}.{ENDING[kind]}"
