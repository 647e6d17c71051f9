"""The dialplans of docs/telephony.md, run line by line: what they send, that nobody waits, that no number is a command.

Asterisk and FreeSWITCH are no part of the product; what is played here is what their manuals say of the few words used:
which channel a line runs on, what it inherits, when a command is waited for. A word that is not played fails the test.
"""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.exchange.stage import NUMBER, Wire, product
from wellbeing.exchange.events import event

ROOT = Path(__file__).parents[2]
CALLER, SEAT = "1793541600.7", "1793541600.8"  # the ids of the two channels of one call
Shell = Callable[[str, bool], None]


def blocks(chapter: str) -> list[str]:
    """The blocks of one chapter of the manual."""
    text = (ROOT / "docs/telephony.md").read_text().split(f"## {chapter}\n")[1].split("\n## ")[0]
    return re.findall(r"```\n(.*?)```", text, re.DOTALL)


def expand(text: str, names: dict[str, str]) -> str:
    """Asterisk's variables, from the inside out; what came of one is not read again."""
    out, at = "", 0
    while (begin := text.find("${", at)) >= 0:
        depth, end = 1, begin + 2
        while depth:
            depth += {"{": 1, "}": -1}.get(text[end], 0)
            end += 1
        word = expand(text[begin + 2 : end - 1], names)
        if word.startswith("FILTER("):
            allowed, _comma, value = word[len("FILTER(") : -1].partition(",")
            word = "".join(re.findall(f"[{allowed}]", value))
        else:
            word = names.get(word, "")
        out, at = out + text[at:begin] + word, end
    return out + text[at:]


def asterisk(number: str, shell: Shell) -> None:
    """One call, answered at seat 8001, as Asterisk goes through the dialplan."""
    queues, dialplan = blocks("Asterisk")
    queue = dict(line.split("=") for line in queues.split("[hotline]\n")[1].split())
    steps: dict[tuple[str, str], list[str]] = {}
    for line in filter(None, dialplan.splitlines()):
        if line.startswith("["):
            context = line.strip("[]")
        elif exten := re.match(r"exten => (\w+),1,(.*)", line):
            steps[last := (context, exten[1])] = [exten[2]]
        else:
            steps[last].append(line.removeprefix(" same => n,"))

    def run(context: str, exten: str, names: dict[str, str]) -> None:
        for step in steps[context, exten]:
            app, _bracket, given = step[:-1].partition("(")
            given = expand(given, {name.lstrip("_"): value for name, value in names.items()} | {"EXTEN": exten})
            if app == "Set":
                names.update([given.split("=", 1)])
            elif app == "System":
                shell(given, True)  # Asterisk waits for what it starts
            elif app == "Queue":
                seat = {name: value for name, value in names.items() if name.startswith("__")} | {"UNIQUEID": SEAT}
                if queue.get("setinterfacevar") == "yes":
                    seat["MEMBERINTERFACE"] = "PJSIP/8001"
                run(queue["membergosub"], "s", seat)
            else:
                assert app in ("Hangup", "Return"), app

    channel = {"UNIQUEID": CALLER, "CALLERID(num)": number}
    run("hotline", "2912345", channel)
    run("hotline", "h", channel)


def freeswitch(number: str, shell: Shell) -> None:
    """One call, answered at seat 8001, as FreeSWITCH goes through its extension."""
    extension = ElementTree.fromstring(blocks("FreeSWITCH")[0])
    fields = {"destination_number": "2912345", "caller_id_number": number}
    hooks: dict[str, str] = {}
    waits = {"system": True, "bgsystem": False, "bg_system": False}

    def start(command: str) -> None:
        app, _blank, words = command.partition(" ")
        shell(words, waits[app])

    for condition in extension:
        field, expression = condition.get("field"), condition.get("expression")
        found = re.search(expression, fields[field]) if field and expression else None
        kind = "anti-action" if field and not found else "action"
        for one in condition.iter(kind):
            given = one.attrib["data"].replace("${uuid}", CALLER)
            given = re.sub(r"\$([0-9])", lambda group: found[int(group[1])] if found else "", given)  # noqa: B023
            assert "${" not in given
            if one.attrib["application"] == "set":
                hooks.update([given.split("=", 1)])
            elif one.attrib["application"] == "bridge":
                legs = re.findall(r"\[execute_on_answer='([^']*)'\]user/(\w+)", given)
                start({seat: command for command, seat in legs}["8001"])
            else:
                start(f"{one.attrib['application']} {given}")
        if kind == "anti-action" and condition.get("break") != "never":
            return
    start(hooks["api_hangup_hook"])


@contextmanager
def line(folder: Path) -> Iterator[tuple[Wire, Shell]]:
    """The wire, and a shell that knows exchange.py: what it is to wait for must be over at once."""
    (folder / "exchange.py").write_text(f'#!/bin/sh\nexec {sys.executable} {ROOT}/deploy/exchange.py "$@"\n')
    (folder / "exchange.py").chmod(0o755)
    running: list[subprocess.Popen[bytes]] = []
    with product(folder) as (wire, env):
        env["PATH"] = f"{folder}:{env['PATH']}"

        def shell(command: str, wait: bool) -> None:
            begun = time.monotonic()
            running.append(subprocess.Popen(["/bin/sh", "-c", command], env=env, cwd=folder))
            if wait:
                assert running[-1].wait(timeout=30) == 0, command
                waited = time.monotonic() - begun
                assert not wire.slow or waited < wire.slow, f"the call waits for {command}"

        try:
            yield wire, shell
            until = time.monotonic() + 30  # what runs in the background is heard at last
            while len({one["event"] for one in wire.kept}) < 3 and time.monotonic() < until:
                time.sleep(0.05)
        finally:
            for one in running:
                one.wait(timeout=30)


@pytest.mark.parametrize("exchange", [asterisk, freeswitch])
def test_a_call_is_told_as_one_and_waits_for_nothing(exchange: Callable[[str, Shell], None], tmp_path: Path) -> None:
    with line(tmp_path) as (wire, shell):
        wire.slow = 2
        exchange(NUMBER, shell)
    said = {one.kind: (one.call, one.line, one.number, one.seat) for one in map(event, wire.kept)}
    assert said == {
        "ringing": (CALLER, "2912345", NUMBER, ""),
        "answered": (CALLER, "2912345", "", "8001"),
        "ended": (CALLER, "", "", ""),
    }


HOSTILE = ("1;touch caught", "$(touch caught)", "x|x|$(touch caught)", "m:~1~1~`touch caught`", "1\ntouch caught", "")


@pytest.mark.parametrize("exchange", [asterisk, freeswitch])
@pytest.mark.parametrize("number", HOSTILE)
def test_no_number_becomes_a_command(exchange: Callable[[str, Shell], None], number: str, tmp_path: Path) -> None:
    with line(tmp_path) as (wire, shell):
        exchange(number, shell)
    assert {event(one).kind.value for one in wire.kept} == {"ringing", "answered", "ended"}
    assert not (tmp_path / "caught").exists()
