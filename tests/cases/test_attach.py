"""Papers of a case: sealed as they arrive, opened by whoever may read their section, refused when they are not papers."""

from __future__ import annotations

import io
import tracemalloc
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import ProgrammingError, transaction
from django.test import Client
from django.urls import reverse

from cases import actions
from cases.access import Purpose
from cases.attachment import Attached
from cases.attachments import open_attachment
from cases.models import Attachment, AttachmentRecord, Case, Entry
from tests.cases.transfer_stage import ask
from tests.files import JPEG, PDF, PNG, packed, pdf, scan
from tests.stage import GREEN, acknowledged, actor, call, fresh, managed, signed_in
from wellbeing.access.actor import Actor, identity
from wellbeing.errors import Invalid, WrongState
from wellbeing.upload import LIMIT, Content
from wellbeing.vault.envelope import SealError
from wellbeing.vault.stream import CHUNK

LARGE = pdf(b"<< /Length 1 >>\nstream\n" + b"\x11" * (CHUNK * 5) + b"\nendstream")


def keep(
    case: Case, content: bytes = PDF, by: str = "zhou", what: Attached = Attached.CONSENT, **more: Any
) -> Attachment:
    who = actor(by)
    made: Attachment = actions.attach(
        actor=who, case=case, what=what, content=Content("同意书.pdf", content), desk_id=who.desks[0], **more
    )
    return made


def send(client: Client, case: Case, content: bytes, name: str = "同意书.pdf", **more: Any) -> Any:
    form = {"key": uuid4(), "what": "signed_consent", "note": "妈妈当面签字", "whole": "yes", **more}
    form["content"] = SimpleUploadedFile(name, content)
    return client.post(reverse("attach", args=[case.reference]), form)


def count(model: Any, who: str = "zhou") -> int:
    with identity(actor(who)):
        found: int = model.objects.count()
    return found


def address(case: Case, kept: Attachment) -> str:
    return reverse("attachment", args=[case.reference, kept.entry_id])


# -- there and back -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [PDF, PNG, JPEG, LARGE], ids=["pdf", "png", "jpeg", "large"])
def test_what_was_sent_comes_back_and_stands_in_the_file(db: None, content: bytes) -> None:
    case, zhou = acknowledged(), signed_in("zhou")
    answer = send(zhou, case, content, name="../../etc/同意书<1>.exe")
    assert (answer.status_code, answer["Location"]) == (302, reverse("case", args=[case.reference]))
    page = zhou.get(reverse("case_file", args=[case.reference])).content.decode()
    assert "妈妈当面签字" in page and "同意书1." in page and "file_key" not in page
    with identity(actor("zhou")):
        kept = Attachment.objects.get()
    # a picture is looked at on the page, once it is asked for, and not only saved to somebody's device
    looked = f'loading="lazy" alt="附件" src="{address(case, kept)}?show"' in page
    assert looked == (content in (PNG, JPEG))
    got = zhou.get(address(case, kept))
    assert got.content == content
    assert got["Content-Disposition"].startswith("attachment; filename*=UTF-8''%E5%90%8C")
    assert got["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert (got["X-Content-Type-Options"], got["Cache-Control"]) == ("nosniff", "no-store")
    assert got["Content-Type"] in ("application/pdf", "image/png", "image/jpeg")


def test_nothing_of_it_lies_in_the_database_in_clear(committed: SimpleNamespace) -> None:
    marker = b"lighthouse-canary-7714"
    keep(acknowledged(), pdf(b"<< /Title (" + marker + b") >>"))
    with psycopg.connect(committed.superuser_url) as admin:
        pieces = [bytes(row[0]) for row in admin.execute("SELECT piece FROM cases_attachmentrecord").fetchall()]
        names = admin.execute(
            "SELECT count(*) FROM cases_entry WHERE position('同意书'::bytea in sealed) > 0"
        ).fetchone()
    assert len(pieces) == 2 and not any(marker in piece for piece in pieces) and names == (0,)


def test_a_reading_is_recorded(db: None) -> None:
    case = acknowledged()
    kept = keep(case)
    zhou = signed_in("zhou")
    before = zhou.get(reverse("case", args=[case.reference])).content.decode().count("启封卷宗")
    zhou.get(address(case, kept))
    after = zhou.get(reverse("case", args=[case.reference])).content.decode()
    assert after.count("启封卷宗") == before + 1 and "同意书" not in after


def test_a_scan_is_looked_at_page_by_page_and_each_look_is_recorded(db: None) -> None:
    case, zhou = acknowledged(), signed_in("zhou")
    kept, photo, broken = keep(case, scan(b"Consent", b"Signed")), keep(case, PNG), keep(case, PDF)

    def at(one: Attachment, number: int) -> str:
        return reverse("attachment_page", args=[case.reference, one.entry_id, number])

    opened = zhou.get(reverse("person_entry", args=[case.reference, kept.entry_id])).content.decode()
    assert (
        at(kept, 1) in opened and at(kept, 1) in zhou.get(reverse("case_file", args=[case.reference])).content.decode()
    )
    readings = zhou.get(reverse("case", args=[case.reference])).content.decode().count("启封卷宗")
    first, second = (zhou.get(at(kept, n), headers={"HX-Request": "true"}).content.decode() for n in (1, 2))
    assert zhou.get(reverse("case", args=[case.reference])).content.decode().count("启封卷宗") == readings + 2
    assert "data:image/png;base64,iVBOR" in first and at(kept, 2) in first and "<html" not in first
    assert at(kept, 1) in second and at(kept, 3) not in second and first != second
    whole = zhou.get(at(kept, 2))
    assert "<html" in whole.content.decode() and whole["Cache-Control"] == "no-store"
    for one, number in ((kept, 3), (broken, 1)):
        page = zhou.get(at(one, number))
        assert (
            page.status_code == 200
            and "无法显示" in page.content.decode()
            and "data:image" not in page.content.decode()
        )
    assert zhou.get(address(case, broken)).content == PDF  # saved as ever
    assert zhou.get(at(photo, 1)).status_code == 404
    assert [signed_in(name).get(at(kept, 1)).status_code for name in ("ye", "wu", "mallory")] == [404] * 3


def test_who_may_not_read_the_section_finds_no_file(db: None) -> None:
    case = managed()
    told, signed = keep(case, PNG, what=Attached.DRAWING), keep(case)
    chen = signed_in("chen")  # a school reads the home's section, not what was said
    assert chen.get(address(case, signed)).status_code == 200
    assert chen.get(address(case, told)).status_code == 404
    for name in ("ye", "wu", "gao", "fang", "shen", "mallory"):
        assert signed_in(name).get(address(case, signed)).status_code == 404, name
        with identity(actor(name)):
            assert (Attachment.objects.count(), AttachmentRecord.objects.count()) == (0, 0)
    other = acknowledged()
    assert signed_in("zhou").get(address(other, signed)).status_code == 404  # of another case
    assert signed_in("zhou").get(reverse("attachment", args=[case.reference, uuid4()])).status_code == 404
    with identity(Actor.machine("ticker")):
        assert AttachmentRecord.objects.count() == 0


def test_a_file_goes_with_its_case_to_another_county(db: None) -> None:
    case = managed()
    kept = keep(case, LARGE)
    ask(case)
    actions.accept_transfer(actor=actor("ye"), case=case)
    with identity(actor("ye")):
        assert open_attachment(actor("ye"), fresh(case), kept.entry_id, Purpose.CARE).content == LARGE
    assert signed_in("zhou").get(address(case, kept)).status_code == 404
    assert count(AttachmentRecord) == 0


@pytest.mark.parametrize(
    "change", ["DELETE FROM {} WHERE number = 3", "UPDATE {} SET number = 99 - number WHERE number > 0"]
)
def test_a_file_that_was_cut_or_shuffled_in_the_database_does_not_open(committed: SimpleNamespace, change: str) -> None:
    case = acknowledged()
    kept = keep(case, LARGE)
    with psycopg.connect(committed.superuser_url, autocommit=True) as admin:
        admin.execute(change.format("cases_attachmentrecord"))
    with identity(actor("zhou")), pytest.raises(SealError):
        open_attachment(actor("zhou"), fresh(case), kept.entry_id, Purpose.CARE)


def test_a_record_is_never_changed(db: None) -> None:
    keep(acknowledged())
    with identity(actor("zhou")), pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        AttachmentRecord.objects.update(piece=b"")


def test_sent_twice_it_is_kept_once(db: None) -> None:
    case, key = acknowledged(), uuid4()
    assert keep(case, key=key) == keep(case, key=key)
    assert count(Attachment) == 1
    with pytest.raises(WrongState):
        keep(case, PNG, key=key)


# -- what is not kept ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"MZ\x90\x00" + PDF, "程序"),
        (b"<!doctype html><script>x()</script>", "PDF"),
        (pdf(packed(b"<< /S /JavaScript >>")), "脚本"),
        (PDF[:-30], "没有完整"),
        (b"", "空"),
    ],
)
def test_a_file_that_is_no_paper_is_refused_beside_its_field(db: None, content: bytes, sentence: str) -> None:
    case = acknowledged()
    before = count(Entry)
    answer = send(signed_in("zhou"), case, content)
    page = answer.content.decode()
    assert answer.status_code == 422 and sentence in page.split('id="faults"')[1]
    assert "妈妈当面签字" in page and 'value="signed_consent"' in page and "checked" in page
    assert (count(Attachment), count(Entry)) == (0, before)


def test_twenty_megabytes_pass_and_one_byte_more_does_not(db: None) -> None:
    case, zhou = acknowledged(), signed_in("zhou")
    head, end = PNG[:-12], PNG[-12:]
    import struct
    import zlib

    filling = bytes(LIMIT - len(PNG) - 12)
    chunk = struct.pack(">I", len(filling)) + b"IDAT" + filling + struct.pack(">I", zlib.crc32(b"IDAT" + filling))
    full = head + chunk + end
    assert len(full) == LIMIT
    assert send(zhou, case, full, name="扫描.png").status_code == 302
    with identity(actor("zhou")):
        kept = Attachment.objects.get()
    assert zhou.get(address(case, kept)).content == full
    answer = send(zhou, case, full + b"\x00", name="扫描.png")
    assert (
        answer.status_code == 413 and "20 MB" in answer.content.decode() and "妈妈当面签字" in answer.content.decode()
    )


class Body(io.RawIOBase):
    """A body that is made while it is read: the head of a form, then zeros, then its end."""

    def __init__(self, head: bytes, zeros: int, end: bytes) -> None:
        self.parts, self.zeros, self.end = head, zeros, end
        self.size = len(head) + zeros + len(end)

    def read(self, size: int = -1) -> bytes:
        if self.parts:
            given, self.parts = self.parts[:size], self.parts[size:]
        elif self.zeros:
            given = bytes(min(size, self.zeros))
            self.zeros -= len(given)
        else:
            given, self.end = self.end[:size], self.end[size:]
        return given


def form_body(case: Case, zeros: int, *, end: bool = True) -> Body:
    fields = {"key": str(uuid4()), "what": "signed_consent", "note": "妈妈当面签字"}
    head = "".join(f'--zx\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n' for n, v in fields.items())
    head += '--zx\r\nContent-Disposition: form-data; name="content"; filename="a.pdf"\r\nContent-Type: application/pdf\r\n\r\n'
    tail = '\r\n--zx\r\nContent-Disposition: form-data; name="whole"\r\n\r\nyes\r\n--zx--\r\n' if end else ""
    return Body(head.encode() + b"%PDF-1.7\n", zeros, tail.encode())


def post(client: Client, address: str, body: Body, length: int) -> Any:
    kind = {"CONTENT_TYPE": "multipart/form-data; boundary=zx", "CONTENT_LENGTH": str(length)}
    return client.generic("POST", address, **kind, **{"wsgi.input": body})


def test_two_hundred_megabytes_are_refused_without_being_kept(db: None) -> None:
    case, zhou = acknowledged(), signed_in("zhou")
    where = reverse("attach", args=[case.reference])
    zhou.get(where)  # what is loaded once is loaded
    body = form_body(case, 200_000_000)
    tracemalloc.start()
    answer = post(zhou, where, body, body.size)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    page = answer.content.decode()
    assert answer.status_code == 413 and "20 MB" in page and "妈妈当面签字" in page
    assert peak < 3 * LIMIT, peak
    assert count(Attachment) == 0


@pytest.mark.parametrize("zeros", [0, 1_000, 500_000])
def test_an_upload_that_was_cut_leaves_nothing(db: None, zeros: int) -> None:
    case = acknowledged()
    before, body = count(Entry), form_body(case, zeros, end=False)
    answer = post(signed_in("zhou"), reverse("attach", args=[case.reference]), body, body.size + 1_000_000)
    assert answer.status_code == 422 and "妈妈当面签字" in answer.content.decode()
    assert (count(Attachment), count(Entry)) == (0, before)


def test_a_whole_file_in_a_cut_form_is_not_kept_either(db: None) -> None:
    case = acknowledged()
    answer = send(signed_in("zhou"), case, PDF, whole="")
    assert answer.status_code == 302  # the mark is there, whatever it says
    form = {"key": uuid4(), "what": "receipt", "content": SimpleUploadedFile("a.pdf", PDF)}
    answer = signed_in("zhou").post(reverse("attach", args=[case.reference]), form)
    assert answer.status_code == 422 and count(Attachment) == 1


def test_a_page_reads_one_file_and_only_where_it_takes_one(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    case, zhou, seen = acknowledged(), signed_in("zhou"), []
    from wellbeing import upload

    real = upload.SimpleUploadedFile
    monkeypatch.setattr(upload, "SimpleUploadedFile", lambda *given: seen.append(given) or real(*given))
    page, file = reverse("attach", args=[case.reference]), SimpleUploadedFile
    zhou.post(reverse("follow_up", args=[case.reference]), {"content": file("a.pdf", PDF)})
    Client(HTTP_HOST="127.0.0.1").post(page, {"content": file("a.pdf", PDF)})
    assert seen == []
    zhou.post(page, {"content": file("a.pdf", PDF), "another": file("b.pdf", PDF)})
    assert [name for name, _content in seen] == ["a.pdf"]


def test_a_closed_case_takes_no_paper(db: None) -> None:
    case = call(GREEN)
    with identity(Actor.machine("test")):
        type(case).objects.filter(pk=case.pk).update(status="closed")
    with pytest.raises(Invalid):
        keep(case, by="lin")
