"""The auditor: whether a stored ledger is what was recorded and sealed, and the first index where it is not.

It shares with the writer only the tree and the keys: it computes every body anew from the stored columns and the
payload's own digests, every leaf from its body, every root from the leaves, and compares all that with the head, with
each signed checkpoint and with each tile on disk. It streams: memory does not grow with the ledger.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from json.encoder import encode_basestring
from typing import Any, TypeAlias

from dianchi.engines.merkle.tiles import ENTRIES, TILE_HEIGHT, WIDTH, Tile, TileBuilder, decode_bundle, split_hashes
from dianchi.engines.merkle.tree import EMPTY_ROOT, Frontier, peaks_of
from dianchi.kernel.text import Text

COLUMNS = (
    "index", "kind", "case_type", "case_id", "by", "organisation", "role", "at", "recorded_at", "article", "rules",
    "from_state", "to_state", "outcome", "payload", "body", "leaf_hash",
)  # fmt: skip
Row: TypeAlias = tuple[Any, ...]  # in the order of COLUMNS, times as canonical JSON writes them
HeadRow: TypeAlias = tuple[Any, ...]  # id, size, frontier, root
CheckpointRow: TypeAlias = tuple[Any, ...]  # size, root, note, at

PROBLEMS = {
    "index-missing": Text("序号不连续，缺少记录", "An index is missing"),
    "entry-unreadable": Text("记录无法读取", "The entry cannot be read"),
    "payload-differs": Text("内容与其摘要不符", "The payload does not match its digests"),
    "column-differs": Text("字段与记录正文不符", "A column does not match the entry's body"),
    "leaf-differs": Text("叶哈希与记录正文不符", "The leaf hash is not that of the body"),
    "entries-missing": Text("末尾记录缺失", "Entries are missing at the end"),
    "entries-surplus": Text("存在未登记于账本头的记录", "There are entries that the head does not know"),
    "head-differs": Text("账本头与记录不符", "The head does not match the entries"),
    "checkpoint-differs": Text("记录与已签署的检查点不符", "The entries do not lead to a signed checkpoint"),
    "checkpoint-invalid": Text("检查点的签名或内容无效", "A checkpoint's signature or content is not valid"),
    "checkpoint-unpublished": Text("公开的检查点缺失", "The published checkpoint is missing"),
    "key-missing": Text("找不到账本公钥", "The ledger's public key is missing"),
    "tile-differs": Text("瓦片文件与记录不符", "A tile does not match the entries"),
    "tile-missing": Text("瓦片文件缺失", "A tile is missing"),
}


@dataclass(frozen=True)
class Report:
    """What the auditor found. `first_bad_index` is None when the problem is with no entry."""

    entries: int
    root: str  # hex, over the entries that were read
    verified: bool
    first_bad_index: int | None = None
    problem: str | None = None  # a key of PROBLEMS, with what it is about after a colon
    sealed: int = 0  # entries below the largest checkpoint that holds

    @property
    def message(self) -> Text:
        """The problem in words."""
        text = PROBLEMS[(self.problem or "").split(":")[0]]
        return text if self.first_bad_index is None else Text(
            f"{text}（序号 {self.first_bad_index}）", f"{text.en} (index {self.first_bad_index})"
        )  # fmt: skip

    def to_json(self) -> str:
        """One line of JSON."""
        return json.dumps(asdict(self))


class Differs(Exception):
    """Where the reading stops."""

    def __init__(self, problem: str, index: int | None = None):
        super().__init__(problem)
        self.problem, self.index = problem, index


def check_row(index: int, row: Row) -> bytes:
    """The leaf hash of the entry that must stand at `index`; Differs when any column is not what it should be."""
    try:
        if row[0] != index:
            raise Differs("index-missing", index)
        body = expected_body(row)
        if body != row[15]:
            raise Differs(_what_differs(row), index)
        leaf = hashlib.sha256(b"\x00" + body.encode()).digest()
    except (TypeError, AttributeError, UnicodeEncodeError) as error:  # a value of another type than was stored
        raise Differs("entry-unreadable", index) from error
    if row[16] != leaf.hex():
        raise Differs("leaf-differs", index)
    return leaf


def expected_body(row: Row, quoted: Any = encode_basestring) -> str:
    """The canonical body of a row (RFC 8785: sorted keys, no spaces), computed from its columns and payload alone."""
    (index, kind, case_type, case_id, by, organisation, role, at, recorded_at, article, rules,
     from_state, to_state, outcome, payload, _, _) = row  # fmt: skip
    raw = payload.encode()
    return (
        f'{{"article":{quoted(article)},"at":{quoted(at)},"by":{quoted(by)},"case_id":{quoted(case_id)},'
        f'"case_type":{quoted(case_type)},"from_state":{quoted(from_state)},"index":{index},"kind":{quoted(kind)},'
        f'"organisation":{quoted(organisation)},"outcome":{quoted(outcome)},'
        f'"payload_sha256":"{hashlib.sha256(raw).hexdigest()}","payload_sm3":"{hashlib.new("sm3", raw).hexdigest()}",'
        f'"recorded_at":{quoted(recorded_at)},"role":{quoted(role)},"rules":{quoted(rules)},'
        f'"to_state":{quoted(to_state)},"v":1}}'
    )


def _what_differs(row: Row) -> str:
    """Which column or digest the body contradicts, as far as the body can still be read."""
    try:
        body = json.loads(row[15])
        for name, value in zip(COLUMNS[:14], row, strict=False):
            if body[name] != value:
                return f"column-differs:{name}"
        if body["payload_sha256"] != hashlib.sha256(row[14].encode()).hexdigest():
            return "payload-differs"
    except (ValueError, KeyError, TypeError):
        pass
    return "column-differs:body"


@dataclass
class Mark:
    """A size whose root is known from elsewhere."""

    size: int
    root: bytes


class TileCheck:
    """Compares the tiles that were found on disk with what the entries come to."""

    def __init__(self, found: dict[Tile, Any]):
        self._paths: dict[tuple[int, int], list[tuple[int, Any]]] = {}
        for tile, path in found.items():
            self._paths.setdefault((tile.level, tile.number), []).append((tile.width, path))
        self.wants_bodies = bool(found)

    def hashes(self, tile: Tile, hashes: Sequence[bytes]) -> None:
        """Check every stored width of this tile; Differs names the first index under the first differing hash."""
        reach = TILE_HEIGHT * tile.level
        self._compare(tile, hashes, split_hashes, lambda place: (tile.number * WIDTH + place) << reach)

    def bundle(self, number: int, bodies: Sequence[bytes]) -> None:
        """Check every stored width of this entry bundle."""
        self._compare(Tile(ENTRIES, number), bodies, decode_bundle, lambda place: number * WIDTH + place)

    def _compare(self, tile: Tile, expected: Sequence[bytes], parse: Any, index_of: Any) -> None:
        for width, path in sorted(self._paths.pop((tile.level, tile.number), ())):
            try:
                stored = parse(path.read_bytes())
            except FileNotFoundError:
                continue  # replaced by a wider one since it was listed
            except ValueError as error:
                raise Differs(f"tile-differs:{tile._replace(width=width).path}", index_of(0)) from error
            if stored != list(expected[:width]) or len(stored) != width:
                pairs = enumerate(zip(stored, expected, strict=False))
                place = next((i for i, (a, b) in pairs if a != b), min(len(stored), len(expected)))
                raise Differs(f"tile-differs:{tile._replace(width=width).path}", index_of(place))

    def finish(self) -> None:
        """Differs when tiles are left for which there are no entries."""
        if self._paths:
            level, number = min(self._paths, key=lambda key: key[1] << TILE_HEIGHT * (max(key[0], 0) + 1))
            width, _ = self._paths[level, number][0]
            raise Differs(
                f"tile-differs:{Tile(level, number, width).path}", (number * WIDTH) << TILE_HEIGHT * max(level, 0)
            )


class Reading:
    """One pass over the entries, growing the tree and stopping at each mark."""

    def __init__(self, marks: Iterable[Mark], tiles: TileCheck):
        self._marks = {mark.size: mark.root for mark in marks}
        self.tiles, self.proven = tiles, 0
        self.builder = TileBuilder(self._full)
        self._bodies: list[bytes] = []

    @property
    def size(self) -> int:
        """How many entries were read and found good."""
        return self.builder.size

    def read(self, rows: Iterable[Row]) -> None:
        """Check rows in order; Differs at the first bad one."""
        builder, marks, keep = self.builder, self._marks, self.tiles.wants_bodies
        index = builder.size
        for row in rows:
            leaf = check_row(index, row)
            if keep:
                self._bodies.append(row[15].encode())
            builder.append(leaf)
            index += 1
            if index in marks:
                self._at_mark(index, marks[index])
        self._partial()
        self.tiles.finish()

    def _full(self, tile: Tile, hashes: list[bytes]) -> None:
        self.tiles.hashes(tile, hashes)
        if tile.level == 0 and self.tiles.wants_bodies:
            self.tiles.bundle(tile.number, self._bodies)
            self._bodies = []

    def _partial(self) -> None:
        for tile, hashes in self.builder.partial():
            self.tiles.hashes(tile, hashes)
        if self._bodies:
            self.tiles.bundle(self.size // WIDTH, self._bodies)

    def _at_mark(self, size: int, root: bytes) -> None:
        if self.builder.root() == root:
            self.proven = size
            return
        self._partial()  # the tiles may still tell which index it is
        raise Differs(f"checkpoint-differs:{size}", self.proven)

    def finish(self, heads: Sequence[HeadRow]) -> None:
        """Compare the end with the head and with marks beyond it; Differs when they do not fit."""
        beyond = [size for size in self._marks if size > self.size]
        if beyond:
            raise Differs("entries-missing", self.size)
        if [head[0] for head in heads] != [1]:
            raise Differs("head-differs")
        _, size, frontier, root = heads[0]
        if size != self.size:
            raise Differs("entries-missing" if size > self.size else "entries-surplus", min(size, self.size))
        peaks = [peak for hashes in reversed(self.builder.pending) for peak in peaks_of(hashes)]
        if frontier != Frontier(self.size, peaks).to_text() or root != self.builder.root().hex():
            raise Differs("head-differs", self._first_unlike(peaks, str(frontier)))

    def _first_unlike(self, peaks: list[bytes], frontier: str) -> int | None:
        """Where the first peak begins that differs: below it, and below the last checkpoint, all is proven."""
        start = 0
        for place, peak in enumerate(peaks):
            if frontier[place * 64 : place * 64 + 64] != peak.hex():
                return max(start, self.proven)
            start += 1 << ((self.size - start).bit_length() - 1)
        return None

    def root(self) -> str:
        """Hex root over what was read."""
        return (self.builder.root() if self.size else EMPTY_ROOT).hex()
