"""A paper is attached and the file handed to another county, as people do it; an upload that breaks off leaves nothing."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from cases import actions
from cases.models import Attachment, Case
from tests.files import PDF
from tests.stage import acknowledged, actor, desk, fresh
from wellbeing.access.actor import identity
from wellbeing.people.models import Role, User
from wellbeing.upload import LIMIT

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def kept() -> int:
    with identity(actor("zhou")):
        return Attachment.objects.count()


def test_a_paper_and_a_transfer(running: SimpleNamespace, sign_in: Callable[..., Page], tmp_path: Path) -> None:
    case, school = acknowledged(), desk("xinghe", Role.SCHOOL_COUNSELLOR)
    actions.assign_manager(actor=actor("zhou"), case=case, manager=User.objects.get(username="chen"), desk=school)
    zhou = sign_in("zhou")
    _attach(zhou, case, tmp_path)
    _break_off(zhou, case)
    chen = sign_in("chen", viewport={"width": 390, "height": 844})
    chen.goto(f"/cases/{case.reference}/transfer/")
    chen.select_option("#id_division", "330903")
    chen.check("input[name=basis][value=safety]")
    chen.fill("#id_because", "全家搬到普陀，下周一入学")
    chen.click("main form button[name=look]")
    expect(chen.locator("#preview")).to_contain_text("全家搬到普陀")
    assert chen.evaluate("document.documentElement.scrollWidth") <= 390
    chen.click("main form button[name=send]")
    expect(chen.locator("main")).to_contain_text("这份卷宗等待接收")
    assert chen.evaluate("document.documentElement.scrollWidth") <= 390
    ye = sign_in("ye")
    ye.goto(f"/cases/{case.reference}/")
    expect(ye.locator("main")).to_contain_text("全家搬到普陀")
    ye.click("text=接收卷宗")
    ye.click("main form button.btn-primary")
    ye.goto(f"/cases/{case.reference}/file/")
    with ye.expect_download() as download:
        ye.click("text=保存附件")
    assert Path(download.value.path()).read_bytes() == PDF
    assert fresh(case).division_id == "330903"
    chen.goto("/cases/ended/")
    expect(chen.locator("main")).to_contain_text(case.reference)
    assert chen.evaluate("document.documentElement.scrollWidth") <= 390
    assert chen.goto(f"/cases/{case.reference}/").status == 404  # type: ignore[union-attr]


def _attach(page: Page, case: Case, folder: Path) -> None:
    """Too large is said before it travels; a paper is kept."""
    page.goto(f"/cases/{case.reference}/attach/")
    page.check("input[name=what][value=signed_consent]")
    large = folder / "large.pdf"
    large.write_bytes(b"%PDF-1.7\n" + bytes(LIMIT))
    page.set_input_files("#id_content", large)
    page.click("main form button.btn-primary")
    assert "20 MB" in page.evaluate("document.getElementById('id_content').validationMessage") and kept() == 0
    page.set_input_files("#id_content", files=[{"name": "同意书.pdf", "mimeType": "application/pdf", "buffer": PDF}])
    page.click("main form button.btn-primary")
    expect(page.locator("main")).to_contain_text("附件已封存")
    assert kept() == 1


def _break_off(page: Page, case: Case) -> None:
    """The line breaks in the middle of a file, past the server that really runs."""
    page.goto(f"/cases/{case.reference}/attach/")
    token = page.input_value("main form input[name=csrfmiddlewaretoken]")
    cookies = "; ".join(f"{c['name']}={c['value']}" for c in page.context.cookies())
    fields = {"csrfmiddlewaretoken": token, "key": str(uuid4()), "what": "receipt"}
    form = "".join(f'--zx\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n' for n, v in fields.items())
    form += '--zx\r\nContent-Disposition: form-data; name="content"; filename="a.pdf"\r\n\r\n'
    site = urlsplit(page.url)
    head = (
        f"POST {site.path} HTTP/1.1\r\nHost: {site.netloc}\r\nOrigin: http://{site.netloc}\r\nCookie: {cookies}\r\n"
        f"Content-Type: multipart/form-data; boundary=zx\r\nContent-Length: 1000000\r\n\r\n"
    )
    for part in (PDF, PDF[:100]):  # a whole file in a body that is not whole, and half of one
        with socket.create_connection((site.hostname, site.port)) as line:
            line.sendall((head + form).encode() + part)
            line.shutdown(socket.SHUT_WR)
            line.settimeout(20)
            answer = line.recv(20)
        assert answer == b"" or answer.split()[1] in (b"400", b"403", b"422"), answer
    assert kept() == 1
