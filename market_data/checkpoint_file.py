"""A checkpoint as a file: a header line, the markets in lines, a trailer with a hash of it all.

Long lists are cut into lines, so that whoever shares the interpreter never waits for long.
"""

from collections.abc import Iterator, Sequence
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from typing import Final, Literal, TypeVar

import msgspec

from market_data.checkpoint import Checkpoint, LogPlace, MarketState
from market_data.depth import Level
from market_data.errors import CheckpointUnusable
from market_data.records import Candle

FORMAT: Final = 2
"""Raise it whenever a checkpoint's parts change, or how one of them follows from the log: older
files are then passed over, and the log is read from its beginning."""

TOGETHER: Final = 2_000  # levels or seconds in one line


class Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    format: int
    symbols: tuple[str, ...]
    places: tuple[LogPlace, ...]
    cut_ms: int


class Trailer(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="end"):
    lines: int
    checksum: str


class _Version(msgspec.Struct, frozen=True):
    format: int


class _Row(Candle, frozen=True, kw_only=True, gc=False, array_like=True):
    """A candle without the names of its fields."""


class _Levels(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="levels"):
    """Some of a side of the market above."""

    side: Literal["bids", "asks"]
    levels: list[Level]


class _Seconds(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="seconds"):
    """Some of the seconds of the market above."""

    seconds: list[_Row]


T = TypeVar("T")
_PART: Final = msgspec.json.Decoder(MarketState | _Levels | _Seconds)


def checkpoint_lines(checkpoint: Checkpoint) -> Iterator[bytes]:
    """The file's lines."""
    checksum, count = blake2b(digest_size=16), 0
    for part in _parts(checkpoint):
        line = msgspec.json.encode(part) + b"\n"
        checksum.update(line)
        count += 1
        yield line
    yield msgspec.json.encode(Trailer(count, checksum.hexdigest())) + b"\n"


def _parts(checkpoint: Checkpoint) -> Iterator[msgspec.Struct]:
    yield Header(FORMAT, checkpoint.symbols, checkpoint.places, checkpoint.cut_ms)
    for market in checkpoint.markets.values():
        yield msgspec.structs.replace(market, bids=[], asks=[], seconds=[])
        for bids in _cut(market.bids):
            yield _Levels("bids", bids)
        for asks in _cut(market.asks):
            yield _Levels("asks", asks)
        for seconds in _cut(market.seconds):
            yield _Seconds(msgspec.convert(seconds, list[_Row], from_attributes=True))


def _cut(values: Sequence[T]) -> Iterator[list[T]]:
    rest = iter(values)
    while part := list(islice(rest, TOGETHER)):
        yield part


def read_checkpoint(path: Path) -> Checkpoint:
    """What a file holds.

    Raises:
        CheckpointUnusable: torn, altered, or of another version.
        OSError: not to be read.
    """
    try:
        with path.open("rb") as file:
            version = msgspec.json.decode(file.readline(), type=_Version).format
            if version != FORMAT:
                raise CheckpointUnusable(f"format {version}; this is {FORMAT}")
            file.seek(0)
            return _read(file)
    except (msgspec.MsgspecError, ValueError, IndexError, RecursionError) as error:
        raise CheckpointUnusable(repr(error)) from error


def _read(lines: Iterator[bytes]) -> Checkpoint:
    checksum, count = blake2b(digest_size=16), 1
    first = next(lines)
    checksum.update(first)
    header = msgspec.json.decode(first, type=Header)
    markets: list[MarketState] = []
    line = next(lines, b"")
    for following in lines:
        checksum.update(line)
        count += 1
        _take(markets, line)
        line = following
    trailer = msgspec.json.decode(line, type=Trailer)
    if not line.endswith(b"\n"):
        raise CheckpointUnusable("torn")
    if (trailer.lines, trailer.checksum) != (count, checksum.hexdigest()):
        raise CheckpointUnusable("its bytes are not those that were written")
    by_symbol = {one.symbol: one for one in markets}
    return Checkpoint(header.symbols, header.places, header.cut_ms, by_symbol)


def _take(markets: list[MarketState], line: bytes) -> None:
    part = _PART.decode(line)
    if isinstance(part, MarketState):
        markets.append(part)
    elif isinstance(part, _Seconds):
        candles = msgspec.convert(part.seconds, list[Candle], from_attributes=True)
        markets[-1].seconds.extend(candles)
    elif part.side == "bids":
        markets[-1].bids.extend(part.levels)
    else:
        markets[-1].asks.extend(part.levels)
