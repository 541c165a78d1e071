"""A start goes on from the newest checkpoint that the log, the markets and Redis agree with."""

import os
from pathlib import Path

import msgspec
import pytest

from adapters import whole_files
from contracts.matching import TradeBatch
from contracts.message import decode
from contracts.topology import ORDERBOOK_UPDATES, TRADES_EXECUTED
from market_data.checkpoint import Checkpoint, WindowState
from market_data.checkpoint_file import checkpoint_lines, read_checkpoint
from market_data.checkpoints import KEPT, Checkpoints
from market_data.display import Display
from market_data.log_reader import LogReader
from tests.support.random_trades import SYMBOL
from tests.unit.market_data.fake_trade_log import FakeConsumer, message

TOPICS = (ORDERBOOK_UPDATES, TRADES_EXECUTED)
LOG = [message(n, 1_000 * n) for n in range(1, 10)]


def reader_of(log: list[bytes], begins_at: int = 0) -> LogReader:
    consumer = FakeConsumer(log)
    consumer.begins_at = begins_at
    return LogReader("test", consumer, TOPICS)


async def fits(checkpoint: Checkpoint) -> str | None:
    return None


async def saved(checkpoints: Checkpoints, length: int, log: list[bytes] = LOG) -> None:
    """One of the log's first messages."""
    reader, display = reader_of(log[:length]), Display((SYMBOL,))
    await reader.begin()
    while reader.unread:
        for _, text in await reader.read(0):
            trades: TradeBatch = decode(text, TradeBatch)
            display.take_trades(trades)
    checkpoints.count(1)
    assert checkpoints.due
    checkpoints.take(reader.places(), display.states(), 0)
    await checkpoints.idle()


@pytest.fixture
async def checkpoints(tmp_path: Path) -> Checkpoints:
    """Of the first five messages, and of the first seven."""
    made = made_in(tmp_path)
    await saved(made, 5)
    await saved(made, 7)
    return made


def made_in(directory: Path, *symbols: str) -> Checkpoints:
    return Checkpoints(directory, symbols or (SYMBOL,), every=1, pause_s=0)


def trades_of(checkpoint: Checkpoint | None) -> int | None:
    if checkpoint is None:
        return None
    last = checkpoint.markets[SYMBOL].last
    assert last is not None
    return last.trade_id


async def test_the_newest_is_gone_on_from_and_only_what_follows_is_read(
    checkpoints: Checkpoints,
) -> None:
    reader = reader_of(LOG)
    checkpoint = await checkpoints.newest(reader, fits)
    assert trades_of(checkpoint) == 7

    await reader.begin(checkpoint.places if checkpoint else ())
    assert reader.unread == 1
    assert await reader.read(0) == [(TRADES_EXECUTED, one) for one in LOG[7:]]
    assert reader.unread == 0


async def test_places_that_nothing_was_read_after_still_prove_the_log(
    checkpoints: Checkpoints,
) -> None:
    reader = reader_of(LOG[:7])
    checkpoint = await checkpoints.newest(reader, fits)
    assert checkpoint is not None

    await reader.begin(checkpoint.places)

    assert reader.unread == 0
    assert reader.places() == checkpoint.places


@pytest.mark.parametrize(
    ("log", "begins_at", "expected"),
    [
        (LOG[:6], 0, 5),  # the log's end was lost: the older one still is of it
        (LOG[:3], 0, None),
        ([], 0, None),
        ([*LOG[:6], LOG[0], *LOG[7:]], 0, 5),  # another record where the newer one ends
        ([message(n, 1) for n in range(1, 10)], 0, None),
        (LOG, 1, None),  # the log's beginning was lost
    ],
)
async def test_one_of_another_log_is_passed_over(
    checkpoints: Checkpoints, log: list[bytes], begins_at: int, expected: int | None
) -> None:
    found = await checkpoints.newest(reader_of(log, begins_at), fits)

    assert trades_of(found) == expected


async def test_one_of_other_markets_is_passed_over(
    checkpoints: Checkpoints, tmp_path: Path
) -> None:
    more, others = made_in(tmp_path, SYMBOL, "ETHUSDT"), made_in(tmp_path, "ETHUSDT")

    assert await more.newest(reader_of(LOG), fits) is None
    assert await others.newest(reader_of(LOG), fits) is None
    assert trades_of(await made_in(tmp_path).newest(reader_of(LOG), fits)) == 7


async def test_a_torn_one_is_passed_over_for_the_one_before(checkpoints: Checkpoints) -> None:
    newest = checkpoints.paths()[-1]
    newest.write_bytes(newest.read_bytes()[:-20])

    assert trades_of(await checkpoints.newest(reader_of(LOG), fits)) == 5


@pytest.mark.parametrize(
    "changes",
    [
        {"timelines": {}},
        {"windows": {}},
        {"windows": dict.fromkeys(("24h", "5m", "1h", "4h", "1d"), WindowState(1, 0))},
        {"bids": [(1, 1), (1, 1)]},
    ],
)
async def test_one_that_this_code_makes_something_else_of_is_passed_over(
    checkpoints: Checkpoints, changes: dict[str, object]
) -> None:
    newest = checkpoints.paths()[-1]
    checkpoint = read_checkpoint(newest)
    market = msgspec.structs.replace(checkpoint.markets[SYMBOL], **changes)
    other = msgspec.structs.replace(checkpoint, markets={SYMBOL: market})
    newest.write_bytes(b"".join(checkpoint_lines(other)))
    assert read_checkpoint(newest) == other

    assert trades_of(await checkpoints.newest(reader_of(LOG), fits)) == 5


async def test_one_that_does_not_fit_is_passed_over_for_the_one_before(
    checkpoints: Checkpoints,
) -> None:
    async def is_old(checkpoint: Checkpoint) -> str | None:
        return "too new" if trades_of(checkpoint) == 7 else None

    assert trades_of(await checkpoints.newest(reader_of(LOG), is_old)) == 5


async def test_the_newest_three_stay_also_where_the_log_began_anew(
    checkpoints: Checkpoints,
) -> None:
    for length in (9, 3, 2):
        await saved(checkpoints, length)

    assert [path.name for path in checkpoints.paths()] == [
        f"{n:010d}.checkpoint" for n in range(6 - KEPT, 6)
    ]
    assert trades_of(await checkpoints.newest(reader_of(LOG), fits)) == 2


async def test_one_is_due_after_so_many_entries_and_not_before_the_pause_is_over(
    tmp_path: Path,
) -> None:
    checkpoints = Checkpoints(tmp_path, (SYMBOL,), every=10, pause_s=3_600)
    checkpoints.count(9)
    assert not checkpoints.due
    checkpoints.count(1)
    assert checkpoints.due
    checkpoints.take((), {}, 0)
    checkpoints.count(10)
    assert not checkpoints.due
    await checkpoints.idle()
    assert not checkpoints.due
    assert len(checkpoints.paths()) == 1


async def test_a_disk_that_fails_stops_nothing(
    checkpoints: Checkpoints, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        await saved(checkpoints, 9)
    assert trades_of(await checkpoints.newest(reader_of(LOG), fits)) == 7

    await saved(checkpoints, 9)
    assert trades_of(await checkpoints.newest(reader_of(LOG), fits)) == 9


async def test_where_the_directory_cannot_be_synced_files_do_not_add_up(
    checkpoints: Checkpoints, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_: Path) -> None:
        raise OSError(22, "Invalid argument")

    monkeypatch.setattr(whole_files, "_sync_directory", refused)
    for _ in range(KEPT):
        await saved(checkpoints, 9)

    assert len(checkpoints.paths()) == KEPT


async def test_what_somebody_else_has_put_there_counts_for_nothing(
    checkpoints: Checkpoints, tmp_path: Path
) -> None:
    strangers = [
        tmp_path / f"{name}.checkpoint" for name in ("0000000002 (copy)", "9", "a", "b", "c")
    ]
    for path in strangers:
        path.write_bytes(b"")

    await saved(checkpoints, 9)

    assert [int(path.stem) for path in checkpoints.paths()] == [1, 2, 3]
    assert trades_of(await checkpoints.newest(reader_of(LOG), fits)) == 9
    assert all(path.exists() for path in strangers)


async def test_a_directory_that_cannot_be_read_holds_none(tmp_path: Path) -> None:
    unreadable = made_in(tmp_path / ("long" * 100))

    assert await unreadable.newest(reader_of(LOG), fits) is None
