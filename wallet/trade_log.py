"""What settlement reads from `trades.executed`, and what it refuses to believe.

A message holds the trades of one or more commands. What cannot be read, or names a market or
an id that cannot be, is a bad trade before the ledger is asked.
"""

from dataclasses import dataclass
from typing import Final

from contracts.instruments import Instrument
from contracts.matching import TradeBatch, TradeEntry, TradeExecuted, content_hash
from contracts.message import MalformedMessage, decode, encode
from contracts.repetitions import EntryHashes, Repetition
from wallet.errors import BadTrade
from wallet.postings import trade_reference

MAX_ID: Final = 2**63 - 1
LAST_MS: Final = 253_402_300_799_999  # the end of year 9999, the last that DATETIME holds


@dataclass(frozen=True, slots=True)
class LoggedTrade:
    """A trade, the offset of its message in the log, and the engine's time."""

    trade: TradeExecuted
    offset: int
    at_ms: int


@dataclass(frozen=True, slots=True)
class ParkedItem:
    """What is set aside for people to look at. `symbol` is the market to halt."""

    symbol: str
    reference_id: str
    content_hash: str
    offset: int
    payload: bytes
    reason: str


@dataclass(frozen=True, slots=True)
class LogBatch:
    """Consecutive messages of one partition: settled in one transaction."""

    partition: int
    start_offset: int
    next_offset: int
    trades: tuple[LoggedTrade, ...]
    unreadable: tuple[ParkedItem, ...] = ()


def read_message(
    partition: int,
    offset: int,
    payload: bytes,
    markets: dict[str, Instrument],
    seen: EntryHashes,
) -> tuple[list[LoggedTrade], list[ParkedItem]]:
    """The trades of one message; an unreadable one halts every market of its partition.

    Those of a market that does not settle are passed over. An entry that contradicts what
    `seen` remembers is set aside and halts its markets.
    """
    try:
        batch: TradeBatch = decode(payload, TradeBatch)
        if batch.partition != partition:
            raise MalformedMessage(f"of partition {batch.partition}, found in {partition}")
    except MalformedMessage as error:
        return [], [
            ParkedItem(
                symbol=symbol,
                reference_id=f"{partition}:{offset}",
                content_hash=content_hash([symbol, partition, offset]),
                offset=offset,
                payload=payload,
                reason=f"unreadable: {error}",
            )
            for symbol in _symbols_of(partition, markets)
        ]
    trades: list[LoggedTrade] = []
    contradictions: list[ParkedItem] = []
    for entry in batch.entries:
        if seen.meet(partition, entry.offset, entry.hash) is Repetition.CONTRADICTION:
            contradictions += _contradictions(entry, partition, offset, markets)
        else:
            trades += [
                LoggedTrade(trade, offset, entry.at_ms)
                for trade in entry.trades
                if (market := markets.get(trade.symbol)) is None or market.settles
            ]
    return trades, contradictions


def _symbols_of(partition: int, markets: dict[str, Instrument]) -> list[str]:
    return [m.symbol for m in markets.values() if m.partition == partition] or [""]


def _contradictions(
    entry: TradeEntry, partition: int, offset: int, markets: dict[str, Instrument]
) -> list[ParkedItem]:
    symbols = {trade.symbol for trade in entry.trades} or _symbols_of(partition, markets)
    return [
        ParkedItem(
            symbol=symbol[:32],
            reference_id=f"{partition}:{entry.offset}",
            content_hash=content_hash([symbol, partition, entry.offset, entry.hash]),
            offset=offset,
            payload=encode(entry),
            reason=f"two engines disagree on command {entry.offset}",
        )
        for symbol in sorted(symbols)
    ]


def require_plausible(logged: LoggedTrade, partition: int, markets: dict[str, Instrument]) -> None:
    """Refuse what no row could hold.

    Raises:
        BadTrade: an unknown market, one of another partition, or a figure out of range.
    """
    trade = logged.trade
    market = markets.get(trade.symbol)
    if market is None or (market.base, market.quote) != (trade.base, trade.quote):
        raise BadTrade(f"{trade.symbol} {trade.base}/{trade.quote} is not a market")
    if market.partition != partition:
        raise BadTrade(f"{trade.symbol} belongs to partition {market.partition}")
    ids = (
        trade.trade_id,
        trade.buyer_order_id,
        trade.buyer_user_id,
        trade.seller_order_id,
        trade.seller_user_id,
        trade.buyer_filled_lots,
        trade.seller_filled_lots,
    )
    shared = (trade.buyer_reservation_id, trade.seller_reservation_id)
    if not (all(0 < i <= MAX_ID for i in ids) and all(0 <= i <= MAX_ID for i in shared)):
        raise BadTrade("an id or a quantity is out of range")
    if not 0 <= logged.at_ms <= LAST_MS:
        raise BadTrade("the time is out of range")


def parked(logged: LoggedTrade, reason: str) -> ParkedItem:
    """The trade, as it is set aside."""
    trade = logged.trade
    return ParkedItem(
        symbol=trade.symbol[:32],
        reference_id=trade_reference(trade)[:64],
        content_hash=content_hash(trade),
        offset=logged.offset,
        payload=encode(trade),
        reason=reason,
    )
