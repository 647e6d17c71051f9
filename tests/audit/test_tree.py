"""The tree and its proofs against the published vectors, and against a tree built the slow way at every size."""

from __future__ import annotations

import base64
import hashlib
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from wellbeing.audit.note import WITNESS, BadNote, Checkpoint, Signer, Verifier, opened, signed, split
from wellbeing.audit.tree import (
    EMPTY,
    Range,
    Tiles,
    consistency_proof,
    consistent,
    edge,
    event_leaf,
    leaf_hash,
    node_hash,
    tiles_of,
)

# The reference tree of google/certificate-transparency (merkle_tree_test), whose inputs and roots are published.
DATA = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
GROWTH = {  # (old, new): published consistency proofs
    (1, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}


def leaves(count: int) -> list[bytes]:
    return [leaf_hash(bytes.fromhex(DATA[n % 8]) + bytes([n >> 3]) * (n > 7)) for n in range(count)]


def slow(part: list[bytes]) -> bytes:
    """MTH of RFC 6962, 2.1, as it is written there."""
    if len(part) < 2:
        return part[0] if part else EMPTY
    k = 1
    while k * 2 < len(part):
        k *= 2
    return node_hash(slow(part[:k]), slow(part[k:]))


def tiled(count: int) -> Tiles:
    tiles = Tiles()
    for leaf in leaves(count):
        tiles.append(leaf)
    return tiles


def test_roots_and_proofs_are_the_published_ones() -> None:
    grown, tiles = Range(), tiled(8)
    assert grown.root().hex() == ROOTS[0]
    for leaf, root in zip(leaves(8), ROOTS[1:], strict=True):
        grown.append(leaf)
        assert grown.root().hex() == root
    assert tiles.root().hex() == ROOTS[8]
    for (old, new), path in GROWTH.items():
        assert [one.hex() for one in consistency_proof(old, new, tiles.node)] == path


def test_every_proof_of_a_small_tree_holds_and_no_other() -> None:
    parts, tiles = leaves(19), tiled(19)
    roots = [slow(parts[:n]) for n in range(20)]
    for size in range(1, 20):
        for old in range(size + 1):
            path = consistency_proof(old, size, tiles.node)
            assert consistent(old, roots[old], size, roots[size], path)
            assert old == 0 or not consistent(old, roots[old], size, leaf_hash(b"x"), path)
            assert not consistent(old, roots[old], size, roots[size], [*path, EMPTY])
            assert not path or not consistent(old, roots[old], size, roots[size], path[1:])
            assert old in (0, size) or not consistent(old, leaf_hash(b"x"), size, roots[size], path)
            assert old in (0, size) or consistent(old, roots[old], size, roots[size], []) is False
    with pytest.raises(ValueError, match="shrink"):
        consistency_proof(4, 3, tiles.node)
    assert not consistent(4, roots[4], 3, roots[3], [])


@settings(max_examples=10)
@given(st.integers(1, 4000), st.integers(0, 4000), st.integers(0, 4000))
@example(65_800, 65_500, 600)
def test_a_tree_that_goes_on_from_its_edge_is_the_same_tree(size: int, stop: int, middle: int) -> None:
    """Tiles over many levels: only the last tile of each level is read to go on, and proofs cross the levels."""
    stop, middle = min(stop, size), min(middle, size)
    whole, store, roots = Range(), dict[tuple[int, int], bytes](), {0: EMPTY}
    parts = [hashlib.sha256(b"%d" % n).digest() for n in range(size)]
    for begin, end in ((0, stop), (stop, size)):
        known = {key: store.get(key, b"") for key in edge(begin)}
        tiles = Tiles(begin, lambda key, known=known: known.get(key, b""))  # type: ignore[misc]
        for leaf in parts[begin:end]:
            tiles.append(leaf)
            whole.append(leaf)
            if whole.size in (middle, end):
                roots[whole.size] = whole.root()
        assert tiles.root() == roots[end]
        store |= {key: bytes(tiles.kept[key]) for key in tiles.touched}
    prover = Tiles(size, lambda key: store.get(key, b""))
    assert consistent(middle, roots[middle], size, roots[size], consistency_proof(middle, size, prover.node))
    assert store == tiles_of(parts)


def test_tiles_are_cut_where_they_belong() -> None:
    parts = [hashlib.sha256(b"%d" % n).digest() for n in range(515)]
    tiles = tiles_of(parts)
    assert {key: len(tile) // 32 for key, tile in tiles.items()} == {(0, 0): 256, (0, 1): 256, (0, 2): 3, (1, 0): 2}
    assert tiles[1, 0] == slow(parts[:256]) + slow(parts[256:512])
    short = Tiles(3, lambda key: b"")
    with pytest.raises(ValueError, match="as long as"):
        short.append(parts[0])
    with pytest.raises(LookupError):
        short.node(0, 1)


# The example of golang.org/x/mod/sumdb/note, whose key, text and signature are published.
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
SAID = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
LINE = "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"


def test_a_published_note_verifies_and_a_changed_one_does_not() -> None:
    peter = Verifier.of(PETER)
    assert str(peter) == PETER
    assert peter.signed_at(signed(SAID, [LINE])) == 0
    assert peter.signed_at(signed(SAID.replace("answer", "Answer"), [LINE])) is None
    assert peter.signed_at(signed(SAID, [LINE.replace("Peter", "Petra")])) is None
    for wrong in ("x", PETER.replace("c74f", "c74e"), PETER[:-4], PETER.replace("+AR", "+BR")):
        with pytest.raises(BadNote):
            Verifier.of(wrong)


def test_checkpoints_are_signed_cosigned_and_pinned_to_one_log() -> None:
    log, other, outside = (
        Signer("zhoushan/audit", b"1" * 32),
        Signer("zhoushan/audit", b"2" * 32),
        Signer("w", b"3" * 32, 4),
    )
    point = Checkpoint("zhoushan/audit", 5, bytes(32))
    note = signed(point.body(), [log.line(point.body()), outside.line(point.body(), 1_700_000_000)])
    assert opened(note, log.verifier) == point and "1" * 8 not in repr(log)
    assert Verifier.of(str(outside.verifier)).signed_at(note) == 1_700_000_000
    assert outside.verifier.signed_at(signed(point.body(), [log.line(point.body())])) is None
    for wrong in (note.replace("\n5\n", "\n6\n"), note.replace("\n5\n", "\n05\n"), "", "a\n", note + "x\n"):
        with pytest.raises(BadNote):
            opened(wrong, log.verifier)
    for key in (other.verifier, outside.verifier):
        with pytest.raises(BadNote):
            opened(note, key)
    same_name = Signer("zhoushan/audit", b"3" * 32, WITNESS)
    with pytest.raises(BadNote):  # a witness that calls itself like the log is not the log
        opened(signed(point.body(), [same_name.line(point.body(), 7)]), same_name.verifier)
    lines = [line for _name, line in split(note)[1]]
    assert [len(line) for line in lines] == [68, 76]
    assert all(a != b for a, b in pairwise(lines))


def test_only_what_is_written_exactly_is_read() -> None:
    """Of a number, a root, a signature there is one way to write it; whatever is not it is no checkpoint."""
    log, outside = Signer("log", b"1" * 32), Signer("w", b"3" * 32, WITNESS)

    def root(length: int = 32) -> str:
        return base64.b64encode(bytes(range(length))).decode()

    def read(body: str, *lines: str) -> Checkpoint:
        return opened(signed(body, lines or [log.line(body)]), log.verifier)

    for size in ("05", "5 ", " 5", "\u0665", "-5", "+5", "5.0", "x", ""):
        with pytest.raises(BadNote):
            read(f"log\n{size}\n{root()}\n")
    for rest in ("", "\n", f"{root(31)}\n", f"{root(33)}\n", f"{root()[:-1]}\n", f"{root()}!\n", "\u706f\n"):
        with pytest.raises(BadNote):
            read(f"log\n5\n{rest}")
    for more, number in (
        *(("", None), ("no 7\n", 7), ("no 0\n", 0), ("no 7\nmore\n", 7), ("more\n", None), ("7\n", None)),
        *(("no \u0667\n", None), ("no -1\n", None), ("no \n", None), ("nox 7\n", None)),
    ):
        assert read(f"log\n5\n{root()}\n{more}") == Checkpoint("log", 5, bytes(range(32)), number)
    body = Checkpoint("log", 5, bytes(32), 7).body()
    assert body == f"log\n5\n{base64.b64encode(bytes(32)).decode()}\nno 7\n"
    assert Checkpoint("log", 5, bytes(32)).body() == body.removesuffix("no 7\n")

    def line(name: str, raw: bytes) -> str:
        return f"\u2014 {name} {base64.b64encode(raw).decode()}\n"

    ((_name, mine),) = split(signed(body, [log.line(body)]))[1]
    ((_name, seen),) = split(signed(body, [outside.line(body, 9)]))[1]
    assert (len(mine), len(seen), seen[4:12]) == (68, 76, bytes(7) + b"\x09") and mine[:4] == log.verifier.id
    other, spoilt = bytes(4) + mine[4:], mine[:-1] + bytes([mine[-1] ^ 1])
    for raw, at in ((mine, 0), (other, None), (spoilt, None), (mine[:4] + b"x" + mine[4:], None)):
        assert log.verifier.signed_at(signed(body, [line("log", raw)])) == at
    for raw, at in ((seen, 9), (seen[:12] + b"x" + seen[12:], None), (seen[:11] + b"\x08" + seen[12:], None)):
        assert outside.verifier.signed_at(signed(body, [line("w", raw)])) == at
    mixed = [line("w", mine), line("log", other), log.line(body)]  # other signatures stand before ours
    assert log.verifier.signed_at(signed(body, mixed)) == 0 and read(body, *mixed).number == 7
    for bad in (line("log", mine[:-1]), line("", mine), log.line(body)[1:], log.line(body).replace(" ", "  ")):
        with pytest.raises(BadNote):
            read(body, log.line(body), bad)
    for bad in (body, body + "\n", signed(body, [log.line(body)[:-1]]), log.line(body)):
        with pytest.raises(BadNote):
            split(bad)
    key = str(log.verifier)
    assert Verifier.of(f" {key}\n") == log.verifier and key.startswith(f"log+{log.verifier.id.hex()}+")
    raw = base64.b64decode(key.rpartition("+")[2])
    for wrong in (raw[1:], raw + b"x", b"\x02" + raw[1:], b""):
        number = hashlib.sha256(b"log\n" + wrong).digest()[:4].hex()
        with pytest.raises(BadNote):
            Verifier.of(f"log+{number}+{base64.b64encode(wrong).decode()}")
    assert Verifier.of(str(outside.verifier)).kind == WITNESS == 4


def test_the_leaf_of_an_event_is_that_of_the_format() -> None:
    stream, digest = UUID(int=9), bytes(range(32))
    assert (
        event_leaf(stream, 7, digest) == hashlib.sha256(b"\x00" + stream.bytes + bytes(7) + b"\x07" + digest).digest()
    )
