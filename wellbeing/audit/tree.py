"""The Merkle tree of RFC 6962 (RFC 9162, 2.1): one tree over the events of all chains. Pure.

A leaf is hashed as SHA-256(0x00 || data), a node as SHA-256(0x01 || left || right). The tree is kept in tiles, as
C2SP tlog-tiles describes: a tile of level L holds up to 256 hashes of complete subtrees of 256^L leaves. Appending
touches the last tile of each level only, and any proof reads at most 256 hashes per level.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from uuid import UUID

HASH = 32
HEIGHT = 8  # levels of the tree per level of tiles
WIDTH = 1 << HEIGHT
EMPTY = hashlib.sha256(b"").digest()

Node = Callable[[int, int], bytes]  # (level, number): the hash of a complete subtree of 2^level leaves
Key = tuple[int, int]  # (level, number) of a tile


def leaf_hash(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def event_leaf(stream: UUID, seq: int, digest: bytes) -> bytes:
    """The leaf of one event: its stream (16 bytes), its number there (8) and its hash in the chain (32)."""
    return leaf_hash(stream.bytes + seq.to_bytes(8, "big") + digest)


class Range:
    """The complete subtrees of a growing tree, largest first: all that its root and its growth need."""

    def __init__(self, size: int = 0, hashes: Iterable[bytes] = ()) -> None:
        self.size, self.hashes = size, list(hashes)

    def append(self, leaf: bytes) -> None:
        hashes, size = self.hashes, self.size
        while size & 1:
            leaf = node_hash(hashes.pop(), leaf)
            size >>= 1
        hashes.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        return _fold(self.hashes)


def _fold(hashes: Sequence[bytes]) -> bytes:
    if not hashes:
        return EMPTY
    root = hashes[-1]
    for one in reversed(hashes[:-1]):
        root = node_hash(one, root)
    return root


class Tiles:
    """The tiles that somebody holds, and those that were touched since.

    To append, the last tile of each level is enough (`edge`); to prove, whatever `fetch` brings.
    """

    def __init__(self, size: int = 0, fetch: Callable[[Key], bytes] | None = None) -> None:
        self.size, self.kept, self.touched = size, dict[Key, bytearray](), set[Key]()
        self._fetch = fetch or (lambda key: b"")

    def tile(self, key: Key) -> bytearray:
        if key not in self.kept:
            self.kept[key] = bytearray(self._fetch(key))
        return self.kept[key]

    def append(self, leaf: bytes) -> None:
        self._put(0, self.size, leaf)
        self.size += 1

    def _put(self, level: int, number: int, digest: bytes) -> None:
        key = (level, number >> HEIGHT)
        tile = self.tile(key)
        if len(tile) != (number % WIDTH) * HASH:
            raise ValueError("a tile is not as long as the tree says")
        tile += digest
        self.touched.add(key)
        if len(tile) == WIDTH * HASH:
            whole = Range()
            for one in _split(tile):
                whole.append(one)
            self._put(level + 1, number >> HEIGHT, whole.root())

    def node(self, level: int, number: int) -> bytes:
        """The hash of a complete subtree. LookupError when the tiles do not reach so far."""
        base, rise = divmod(level, HEIGHT)
        first = number << rise
        tile, start = self.tile((base, first >> HEIGHT)), (first % WIDTH) * HASH
        found = _split(tile[start : start + (HASH << rise)])
        if len(found) != 1 << rise:
            raise LookupError("the tiles do not hold this node")
        part = Range()
        for one in found:
            part.append(one)
        return part.root()

    def root(self) -> bytes:
        return subtree(0, self.size, self.node) if self.size else EMPTY


def edge(size: int) -> list[Key]:
    """The last tile of each level of a tree: where the next leaf goes."""
    keys, level = [(0, size >> HEIGHT)], 0
    while size >> HEIGHT * (level + 1):
        level += 1
        keys.append((level, size >> HEIGHT * (level + 1)))
    return keys


def _split(hashes: bytes | bytearray) -> list[bytes]:
    return [bytes(hashes[at : at + HASH]) for at in range(0, len(hashes), HASH)]


def tiles_of(leaves: Iterable[bytes]) -> dict[Key, bytes]:
    """Every tile of the tree over these leaf hashes."""
    tiles = Tiles()
    for leaf in leaves:
        tiles.append(leaf)
    return {key: bytes(tile) for key, tile in tiles.kept.items() if tile}


def subtree(low: int, high: int, node: Node) -> bytes:
    """The hash of the leaves low ≤ i < high, where `low` is a multiple of the power of two that they fill."""
    width = high - low
    if width & (width - 1) == 0:
        level = width.bit_length() - 1
        return node(level, low >> level)
    split = low + _split_at(width)
    return node_hash(subtree(low, split, node), subtree(split, high, node))


def _split_at(size: int) -> int:
    """The largest power of two below a size of two or more."""
    return 1 << ((size - 1).bit_length() - 1)


def consistency_proof(old: int, new: int, node: Node) -> list[bytes]:
    """PROOF(old, D[new]) of RFC 6962, 2.1.2; empty for the same or the empty tree. ValueError when it shrinks."""
    if not 0 <= old <= new:
        raise ValueError("a tree does not shrink")
    if old == 0:
        return []
    low, high, whole, path = 0, new, True, []
    while old != high:
        split = low + _split_at(high - low)
        if old <= split:
            path.append(subtree(split, high, node))
            high = split
        else:
            path.append(subtree(low, split, node))
            low, whole = split, False
    return ([] if whole else [subtree(low, high, node)]) + path[::-1]


def consistent(old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Verify a consistency proof (RFC 9162, 2.1.4.2): the new tree begins with the old one."""
    if not 0 <= old <= new:
        return False
    if old in (0, new):
        return not proof and old_root == (new_root if old else EMPTY)
    path = list(proof)
    if old & (old - 1) == 0:
        path.insert(0, old_root)
    if not path:
        return False
    at, last = old - 1, new - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    first = second = path[0]
    for one in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            first, second = node_hash(one, first), node_hash(one, second)
            while not at & 1:  # at = last, which is not 0
                at, last = at >> 1, last >> 1
        else:
            second = node_hash(second, one)
        at, last = at >> 1, last >> 1
    return last == 0 and (first, second) == (old_root, new_root)
