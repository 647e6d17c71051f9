"""Every use of cryptography in the sources stands in the inventory, and none is of a broken kind. Read from the source."""

from __future__ import annotations

import ast
import re

from tests.rules.test_doors import imported, sources
from wellbeing.custody.inventory import FIXED

LIBRARIES = {"cryptography", "hashlib", "hmac", "secrets", "random", "ssl", "pkcs11", "argon2", "pyotp", "webauthn"}
LIBRARIES |= {"authlib", "joserfc", "django.utils.crypto", "django.core.signing"}
SEALING = ("wellbeing/vault/", "wellbeing/custody/inventory.py")  # what their rows are sealed with, the rows say
BROKEN = re.compile(r"\b(md5|sha1|SHA1|MD5|ECB|CBC|PKCS1v15|ARC4|TripleDES)\b")
INVENTED = ("wellbeing/demo/",)  # draws numbers that protect nothing


def uses(text: str) -> set[str]:
    """The libraries of cryptography that a module imports."""
    if not any(one.partition(".")[0] in text for one in LIBRARIES):
        return set()
    names = list(imported(ast.parse(text)))
    return {one for one in LIBRARIES for name in names if f"{name}.".startswith(f"{one}.")}


def test_every_use_is_in_the_inventory_and_everything_in_it_is_used() -> None:
    listed = {module for _what, _algorithm, modules in FIXED for module in modules}
    found = {path for path, text in sources() if uses(text) and not path.startswith(INVENTED)}
    assert {path for path in found if not path.startswith(SEALING)} - listed == set()
    assert listed - found == set()
    assert uses("from cryptography.hazmat.primitives import hashes") and uses("import hmac") and not uses("import re")


def without_a_hash(text: str) -> bool:
    """Django's salted_hmac takes SHA-1 where nobody names another hash."""
    if "salted_hmac" not in text:
        return False
    named = [{k.arg for k in node.keywords} for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)
             and ast.unparse(node.func).endswith("salted_hmac")]  # fmt: skip
    return any("algorithm" not in words for words in named)


def test_nothing_broken_is_used_and_nothing_unguessable_is_drawn_by_chance() -> None:
    assert [path for path, text in sources() if BROKEN.search(text)] == []
    drawn = [path for path, text in sources() if "random" in uses(text) and not path.startswith(INVENTED)]
    assert drawn == []
    assert [path for path, text in sources() if without_a_hash(text)] == []
    assert without_a_hash("salted_hmac('a', b)") and not without_a_hash("salted_hmac('a', b, algorithm='sha256')")
    assert BROKEN.search("hashlib.md5(x)") and BROKEN.search("modes.ECB()")
