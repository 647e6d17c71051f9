"""No secret lies in the repository. Every tracked file is read, line by line, for what begins or looks like one: a private
key's header, a token of a service, a long random value given to a name such as secret, token or password."""

from __future__ import annotations

import math
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# What every value of the kind begins with; a name says which.
MARKS = {
    "private key": r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----|AGE-SECRET-KEY-[1]|PuTTY-User-Key-[F]ile",
    "cloud key": r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\bAIza[\w-]{35}\b|\bLTAI[A-Za-z0-9]{12,24}\b|\bAKID[A-Za-z0-9]{13,40}\b",
    "token": r"\bgh[opsur]_[A-Za-z0-9]{36}|\bgithub_pat_\w{40,}|\bglpat-[\w-]{20,}|\bxox[abprs]-[\w-]{10,}"
    r"|\bsk-[A-Za-z0-9_-]{32,}|\bhv[sb]\.[\w-]{24,}|\bpypi-[\w-]{50,}|\bzsw_[\w-]{43}\b",
    "signed token": r"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}",
    "password in an address": r"://[^\s/:@'\"{}$<>%]+:[^\s/:@'\"{}$<>%]{6,}@",
}
MARK = re.compile("|".join(f"(?P<{name.replace(' ', '_')}>{pattern})" for name, pattern in MARKS.items()))
# name = "value", name: value, "name": "value", --name=value
GIVEN = re.compile(
    r"(?i)(?<![\w.-])(?P<name>[\w.-]*(?:secret|token|passw(?:or)?d|passphrase|api_?key|private_?key|root_?key|_key)\w*)"
    r"['\"]?\]?\s*(?::\s*[\w.\[\], |]+)?\s*[:=]\s*(?:[rbf]?(?P<quote>['\"])(?P<quoted>[^'\"]{12,})(?P=quote)|(?P<bare>[^\s'\"()\[\]{},;]{20,})\s*$)"
)
NAMED = re.compile(r"(?i)secret|token|passw|passphrase|key")
BITS = 60  # of a value, by how its characters are spread: twenty random letters have about 80, a sentence's word fewer
PLAIN = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+|[A-Z_]+|[^\x00-\x7f].*|.*(?:\s|[{(<\\]|\$[({]|%[s(]).*|\$\w+")

# What may stand here, and why: a path, the value, the reason.
ALLOWED = {
    ("wellbeing/demo/city.py", "haidao-demo-2912345"): "the invented cast's, which stands in the README too",
    ("deploy/check.sh", "://nobody:" + "nothing@"): "an address at which no database is",
}


def tracked() -> list[str]:
    """The files of the repository; what is new and not ignored too, because it will be one of them."""
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    found = subprocess.run(listed, cwd=ROOT, capture_output=True, check=True)
    return [name for name in found.stdout.decode().split("\0") if name and (ROOT / name).is_file()]


def random_bits(value: str) -> float:
    """How much chance a value holds, by Shannon's measure of its own characters."""
    counted = Counter(value)
    return -sum(n * math.log2(n / len(value)) for n in counted.values())


def secrets_in(text: str) -> Iterator[tuple[int, str, str]]:
    """Line, kind and value of whatever looks like a secret."""
    marked = MARK.search(text) is not None
    for number, line in enumerate(text.splitlines(), 1):
        for found in MARK.finditer(line) if marked else ():
            yield number, str(found.lastgroup), found.group()
        for given in GIVEN.finditer(line) if NAMED.search(line) else ():
            value = given["quoted"] or given["bare"]
            if not PLAIN.fullmatch(value) and re.search(r"\d", value) and random_bits(value) >= BITS:
                yield number, given["name"], value


def read(path: str) -> str:
    return (ROOT / path).read_bytes().decode("utf-8", "replace")


def test_no_tracked_file_holds_a_secret() -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("no repository here: an unpacked copy")
    files = tracked()
    assert len(files) > 500
    found = [(path, *one) for path in files for one in secrets_in(read(path))]
    assert [one for one in found if (one[0], one[3]) not in ALLOWED] == []
    assert set(ALLOWED) <= {(one[0], one[3]) for one in found}, "what is allowed and no longer there"


@pytest.mark.parametrize(
    "planted",
    [
        "-----BEGIN " + "PRIVATE KEY-----",
        "-----BEGIN OPENSSH " + "PRIVATE KEY-----",
        "AKIA" + "Q3EGRIUUX7V2LJNB",
        "hook = 'gh" + "p_" + "a8Fz" * 9 + "'",
        "Authorization: Bearer zs" + "w_" + "aB3_-" * 8 + "xyz",
        'SECRET_KEY = "' + "k9$Qm2vX7!pLr4Zt8Wc1" + '"',
        "EXCHANGE_KEY=" + "4f1d9a0c7be2538864aa10ffd2c39b57",
        '{"robot": {"secret": "' + "SEC91f0a7c2be4d8835" + '"}}',
        "token: str = '" + "T0kenOf1Hook9wQz7LmN" + "'",
        "DATABASE_URL=postgres://app:" + "Zq7-mLp2x@10.0.0.4/db",
    ],
)
def test_a_planted_one_is_found(planted: str) -> None:
    assert list(secrets_in(f"# first\n{planted}\n")), planted


def test_what_is_none_is_left_alone() -> None:
    for line in (
        'SECRET_KEY = env.str("SECRET_KEY")',
        "dedupe_key=f'glass:{glass.pk}:{desk}'",
        'ROOT_KEY_FILE = "/run/credentials/wellbeing/root.key"',
        "token = secrets.token_urlsafe(32)",
        "postgres://nobody:$PASSWORD@127.0.0.1/none",
        'password = "the same as before"',
    ):
        assert not list(secrets_in(line)), line
