"""Which checkpoint the projector goes on from, and when it takes one."""

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from redis.exceptions import ConnectionError

from market_data.checkpoint_file import read_checkpoint
from market_data.checkpoints import Checkpoints
from market_data.clock import wall_clock_ms
from market_data.frame_log import NONE, Entry, EntryId
from market_data.market import MarketUpdate
from market_data.projector import Projector
from market_data.told import Told
from tests.support.waits import ended, until
from tests.unit.market_data.fake_trade_log import FakeConsumer, message
from tests.unit.market_data.taken_checkpoint import take_checkpoint

SYMBOL = "BTCUSDT"
LOG = [message(n, 1_000 * n) for n in range(1, 10)]
TAKEN_AT = 7
TOLD = Told(trade_id=TAKEN_AT, closed_ms=1_000 * TAKEN_AT)  # just what the checkpoint holds


class FakeStore:
    """A Redis that has told so much, and may be away."""

    def __init__(self, told: Told, *, away: bool = False) -> None:
        self.away = away
        self.writes = 0
        self._told = told

    async def told(self) -> dict[str, Told]:
        return {SYMBOL: self._told}

    async def last_entries(self, markets: Collection[str]) -> dict[str, EntryId]:
        return dict.fromkeys(markets, NONE)

    async def write(
        self, updates: Sequence[MarketUpdate], entries: Sequence[Entry] = (), *, fresh_ms: int
    ) -> set[str]:
        self.writes += 1
        if self.away:
            raise ConnectionError
        return set()


def none_in(directory: Path) -> Checkpoints:
    return Checkpoints(directory, (SYMBOL,), every=1, pause_s=0)


async def checkpointed(directory: Path, cut_ms: int = 0) -> Checkpoints:
    """One of the log's first messages."""
    checkpoints, _ = await take_checkpoint(SYMBOL, LOG[:TAKEN_AT], directory, cut_ms)
    return checkpoints


@asynccontextmanager
async def projecting(
    checkpoints: Checkpoints, store: FakeStore, log: list[bytes] = LOG
) -> AsyncIterator[FakeConsumer]:
    """Has written, or tried to, some times since it was at the log's end."""
    consumer = FakeConsumer(log)
    projector = Projector(consumer, store, (SYMBOL,), checkpoints)  # type: ignore[arg-type]
    running = asyncio.create_task(projector.run())

    async def has_written() -> bool:
        return store.writes > 2

    await until(has_written, "it writes")
    yield consumer
    await ended(running)
    await checkpoints.idle()


async def test_what_was_told_is_gone_on_from(tmp_path: Path) -> None:
    async with projecting(await checkpointed(tmp_path), FakeStore(TOLD)) as consumer:
        assert consumer.sought == [TAKEN_AT - 1, TAKEN_AT]  # the proof, the rest


async def test_what_was_not_all_told_is_read_from_the_logs_beginning(tmp_path: Path) -> None:
    behind = TOLD._replace(trade_id=TAKEN_AT - 1)
    async with projecting(await checkpointed(tmp_path), FakeStore(behind)) as consumer:
        assert consumer.sought == [TAKEN_AT - 1, 0]


async def test_windows_of_a_clock_that_was_set_back_are_not_gone_on_from(tmp_path: Path) -> None:
    ahead_ms = wall_clock_ms() + 3_600_000
    async with projecting(await checkpointed(tmp_path, ahead_ms), FakeStore(TOLD)) as consumer:
        assert consumer.sought == [TAKEN_AT - 1, 0]


async def test_one_is_taken_with_the_moment_that_figures_were_cut_for(tmp_path: Path) -> None:
    checkpoints, started_ms = none_in(tmp_path), wall_clock_ms()
    async with projecting(checkpoints, FakeStore(TOLD)):
        pass

    (path,) = checkpoints.paths()
    assert started_ms <= read_checkpoint(path).cut_ms <= wall_clock_ms()


async def test_none_is_taken_behind_what_was_not_understood(tmp_path: Path) -> None:
    checkpoints = none_in(tmp_path)
    async with projecting(checkpoints, FakeStore(TOLD), [*LOG[:5], b"{}", *LOG[5:]]):
        pass

    assert checkpoints.paths() == []


async def test_none_is_taken_while_redis_is_away(tmp_path: Path) -> None:
    checkpoints = none_in(tmp_path)
    async with projecting(checkpoints, FakeStore(TOLD, away=True)):
        pass

    assert checkpoints.paths() == []
