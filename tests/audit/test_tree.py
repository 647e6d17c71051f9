"""The tree and its proofs against the published vectors, and against a tree built the slow way at every size."""

from __future__ import annotations

import hashlib
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from wellbeing.audit.note import BadNote, Checkpoint, Signer, Verifier, opened, signed, split
from wellbeing.audit.tree import (
    EMPTY,
    Range,
    Tiles,
    consistency_proof,
    consistent,
    edge,
    event_leaf,
    included,
    inclusion_proof,
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
PATHS = {  # (leaf, size): published inclusion proofs
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    (1, 5): [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
GROWTH = {  # (old, new): published consistency proofs
    (1, 8): PATHS[0, 8],
    (6, 8): ["0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a", *PATHS[5, 8][1:]],
    (2, 5): PATHS[1, 5][1:],
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
    for (index, size), path in PATHS.items():
        assert [one.hex() for one in inclusion_proof(index, size, tiles.node)] == path
    for (old, new), path in GROWTH.items():
        assert [one.hex() for one in consistency_proof(old, new, tiles.node)] == path


def test_every_proof_of_a_small_tree_holds_and_no_other() -> None:
    parts, tiles = leaves(19), tiled(19)
    roots = [slow(parts[:n]) for n in range(20)]
    for size in range(1, 20):
        for index in range(size):
            path = inclusion_proof(index, size, tiles.node)
            assert included(parts[index], index, size, path, roots[size])
            assert not included(parts[index] + b"x", index, size, path, roots[size])
            assert not included(parts[index], index, size, [*path, roots[size]], roots[size])
            assert not any(included(parts[index], n, size, path, roots[size]) for n in range(size) if n != index)
        for old in range(size + 1):
            path = consistency_proof(old, size, tiles.node)
            assert consistent(old, roots[old], size, roots[size], path)
            assert old == 0 or not consistent(old, roots[old], size, leaf_hash(b"x"), path)
            assert not consistent(old, roots[old], size, roots[size], [*path, EMPTY])
            assert not path or not consistent(old, roots[old], size, roots[size], path[1:])
            assert old in (0, size) or not consistent(old, leaf_hash(b"x"), size, roots[size], path)
    with pytest.raises(ValueError, match="no such leaf"):
        inclusion_proof(3, 3, tiles.node)
    with pytest.raises(ValueError, match="shrink"):
        consistency_proof(4, 3, tiles.node)
    assert not consistent(4, roots[4], 3, roots[3], []) and not included(parts[0], 1, 1, [], roots[1])


@settings(max_examples=10, deadline=None)
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
    lines = [line for _name, line in split(note)[1]]
    assert [len(line) for line in lines] == [68, 76]
    assert all(a != b for a, b in pairwise(lines))


def test_the_leaf_of_an_event_is_that_of_the_format() -> None:
    stream, digest = UUID(int=9), bytes(range(32))
    assert (
        event_leaf(stream, 7, digest) == hashlib.sha256(b"\x00" + stream.bytes + bytes(7) + b"\x07" + digest).digest()
    )
