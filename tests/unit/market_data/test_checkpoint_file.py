"""Checkpoint files: whole, unaltered and of this version, or no good."""

import os
from pathlib import Path

import msgspec
import pytest

from contracts.matching import BookBatch, TradeBatch
from market_data.checkpoint import Checkpoint, LogPlace
from market_data.checkpoint_file import FORMAT, TOGETHER, checkpoint_lines, read_checkpoint
from market_data.display import Display
from market_data.errors import CheckpointUnusable
from matching.engine import Engine
from matching.output import book_entry, trade_entry
from tests.support.engine_commands import SYMBOL, add_symbol, seeded_log, sell

PLACE = LogPlace(
    topic="trades.executed", partition=3, first_offset=0, next_offset=7, last_record="a1"
)


def display_of_a_busy_market() -> Display:
    """A second a command, and more levels than one line holds."""
    display, engine = Display((SYMBOL, "QUIET")), Engine()
    levels = [sell(10**6 + n, 10_000 + n, 1) for n in range(TOGETHER + 10)]
    for n, command in enumerate([add_symbol(), *seeded_log(40, 400)[1:], *levels]):
        outcome = engine.apply(command, n, 1_700_000_000_000 + 1_000 * n)
        if (update := book_entry(outcome)) is not None:
            display.take_updates(BookBatch(partition=3, entries=(update,)))
        if (trades := trade_entry(outcome)) is not None:
            display.take_trades(TradeBatch(partition=3, entries=(trades,)))
    return display


CHECKPOINT = Checkpoint((SYMBOL, "QUIET"), (PLACE,), 17, display_of_a_busy_market().states())
DATA = b"".join(checkpoint_lines(CHECKPOINT))


def test_what_is_written_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "1.checkpoint"
    path.write_bytes(DATA)
    market = CHECKPOINT.markets[SYMBOL]
    assert market.seconds
    assert len(market.asks) > TOGETHER

    assert read_checkpoint(path) == CHECKPOINT


def test_no_line_is_long(tmp_path: Path) -> None:
    assert max(map(len, DATA.splitlines())) < 200 * TOGETHER


def damaged() -> dict[str, bytes]:
    lines = DATA.splitlines(keepends=True)
    middle = len(DATA) // 2
    flipped = bytearray(DATA)
    flipped[middle] ^= 1
    return {
        "empty": b"",
        "one byte": b"{",
        "header alone": lines[0],
        "header and trailer": lines[0] + lines[-1],
        "torn in the middle": DATA[:middle],
        "torn before its end": DATA[:-1],
        "without trailer": b"".join(lines[:-1]),
        "a part is missing": b"".join([*lines[:2], *lines[3:]]),
        "two parts exchanged": b"".join([lines[0], lines[2], lines[1], *lines[3:]]),
        "a bit flipped": bytes(flipped),
        "zeros at the end": DATA[:middle] + bytes(len(DATA) - middle),
        "something follows": DATA + lines[2],
        "not text": os.urandom(1_000),
    }


@pytest.mark.parametrize("name", sorted(damaged()))
def test_a_damaged_one_is_no_good(tmp_path: Path, name: str) -> None:
    path = tmp_path / "1.checkpoint"
    path.write_bytes(damaged()[name])

    with pytest.raises(CheckpointUnusable):
        read_checkpoint(path)


@pytest.mark.parametrize("format_", [FORMAT - 1, FORMAT + 1])
def test_another_version_is_no_good_whatever_it_holds(tmp_path: Path, format_: int) -> None:
    path = tmp_path / "1.checkpoint"
    path.write_bytes(msgspec.json.encode({"format": format_, "unknown": 1}) + b"\n")

    with pytest.raises(CheckpointUnusable, match=f"format {format_}"):
        read_checkpoint(path)
