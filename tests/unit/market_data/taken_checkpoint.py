"""A checkpoint, taken after the first messages of a log of trades."""

from collections.abc import Sequence
from pathlib import Path

from contracts.matching import TradeBatch
from contracts.message import decode
from contracts.topology import ORDERBOOK_UPDATES, TRADES_EXECUTED
from market_data.checkpoint import MarketState
from market_data.checkpoints import Checkpoints
from market_data.display import Display
from market_data.log_reader import LogReader
from tests.unit.market_data.fake_trade_log import FakeConsumer


async def take_checkpoint(
    symbol: str, messages: Sequence[bytes], directory: Path, cut_ms: int = 0
) -> tuple[Checkpoints, MarketState]:
    """Where it lies, and what the market has added up to."""
    reader = LogReader("test", FakeConsumer(messages), (ORDERBOOK_UPDATES, TRADES_EXECUTED))
    display = Display((symbol,))
    await reader.begin()
    while reader.unread:
        for _, text in await reader.read(0):
            trades: TradeBatch = decode(text, TradeBatch)
            display.take_trades(trades)
    checkpoints = Checkpoints(directory, (symbol,), every=1_000)
    checkpoints.take(reader.places(), display.states(), cut_ms)
    await checkpoints.idle()
    return checkpoints, display.states()[symbol]
