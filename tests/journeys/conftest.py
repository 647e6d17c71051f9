"""A whole city as it runs: web server, Celery worker and ticker as processes, and a Chromium that people drive."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from wellbeing.demo.city import PASSWORD
from wellbeing.local.processes import end, free_port, spawn, wait_until

ROOT = Path(__file__).resolve().parents[2]
WEB = "-m gunicorn wellbeing.wsgi --worker-class gthread --threads 8 --log-level warning --bind"
WORKER = "-m celery -A wellbeing worker --concurrency 1 --loglevel WARNING --without-gossip --without-mingle -Q"


@pytest.fixture
def running(committed: SimpleNamespace, tmp_path: Path) -> Iterator[SimpleNamespace]:
    """The product on a fresh city: `.url`, `.env`, `.processes`."""
    port = free_port()
    env = {**os.environ, "DATABASE_URL": committed.app_url, "CONN_MAX_AGE": "0", "CELERY_QUEUE": committed.name}
    commands = {
        "web": [sys.executable, *WEB.split(), f"127.0.0.1:{port}"],
        "worker": [sys.executable, *WORKER.split(), committed.name],
        "ticker": [sys.executable, "manage.py", "ticker"],
    }
    processes: dict[str, subprocess.Popen[bytes]] = {}
    url = f"http://127.0.0.1:{port}"
    try:
        for name, command in commands.items():
            processes[name] = spawn(command, log=tmp_path / f"{name}.log", env=env, cwd=str(ROOT))
        wait_until(lambda: _answers(url), processes["web"], seconds=40, what="web", log=tmp_path / "web.log")
        yield SimpleNamespace(url=url, env=env, processes=processes, city=committed, logs=tmp_path)
    finally:
        for process in processes.values():
            end(process)


def _answers(url: str) -> bool:
    try:
        urllib.request.urlopen(f"{url}/sign-in/", timeout=2)
    except OSError:
        return False
    return True


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The machine's own Chromium."""
    path = next(p for n in ("chromium", "chromium-browser", "google-chrome") if (p := shutil.which(n)))
    with sync_playwright() as playwright:
        quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
        quiet += ["--disable-background-networking", "--disable-component-update"]
        browser = playwright.chromium.launch(executable_path=path, args=quiet)
        yield browser
        browser.close()


@pytest.fixture
def sign_in(chromium: Browser, running: SimpleNamespace) -> Iterator[Callable[..., Page]]:
    """Sign one of the cast in, each in a browser of her own; page errors and CSP violations fail the test."""
    contexts: list[BrowserContext] = []
    wrong: list[str] = []

    def enter(name: str, *, locale: str = "zh-CN", **more: Any) -> Page:
        context = chromium.new_context(base_url=running.url, locale=locale, **more)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(f"{page.url}: {error}"))
        page.on(
            "console", lambda m: wrong.append(f"{page.url}: {m.text}") if "Content Security Policy" in m.text else None
        )
        page.goto("/sign-in/")
        page.fill("input[name=username]", name)
        page.fill("input[name=password]", PASSWORD)
        page.click("main form button.btn-primary")
        page.wait_for_load_state()
        return page

    yield enter
    for context in contexts:
        context.close()
    assert wrong == []
