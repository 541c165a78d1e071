"""What one look at the exchange finds: plain data, on which the rules decide."""

from dataclasses import dataclass, field, replace
from decimal import Decimal

from contracts.matching import TradeExecuted
from contracts.orders import OrderStatus
from matching.open_orders import OpenOrder
from orders.soundness import FillFacts, OrderFacts
from wallet.soundness import OpenReservation, TradeLine


@dataclass(frozen=True)
class LedgerFacts:
    """The wallet's database, in one snapshot."""

    currency_sums: dict[str, Decimal] = field(default_factory=dict)
    unbalanced_transfers: list[str] = field(default_factory=list)
    drifted_balances: list[str] = field(default_factory=list)
    negative_balances: list[str] = field(default_factory=list)
    drifted_reservations: list[str] = field(default_factory=list)
    parked_trades: list[str] = field(default_factory=list)
    reservations: list[OpenReservation] = field(default_factory=list)
    settled: dict[str, list[TradeLine]] = field(default_factory=dict)
    positions: dict[int, int] = field(default_factory=dict)
    unpublished: int = 0


@dataclass(frozen=True)
class OrdersFacts:
    """The order management system's database, in one snapshot."""

    orders: dict[int, OrderFacts] = field(default_factory=dict)
    fills: list[FillFacts] = field(default_factory=list)
    contested_client_ids: list[str] = field(default_factory=list)
    positions: dict[int, int] = field(default_factory=dict)
    unpublished: int = 0


@dataclass(frozen=True)
class BookFacts:
    """What is live in the engine, on its books or waiting, and how far it has read its log."""

    orders: dict[str, tuple[OpenOrder, ...]] = field(default_factory=dict)
    next_offsets: dict[int, int] = field(default_factory=dict)


@dataclass
class LastWord:
    """The newest that the engine has said of one order."""

    symbol: str
    sequence: int
    status: OrderStatus
    filled_lots: int
    quantity_lots: int


@dataclass
class LogFacts:
    """The engine's topics from their beginning; what is repeated there counts once."""

    trades: dict[str, TradeExecuted] = field(default_factory=dict)
    trade_ids: dict[str, list[int]] = field(default_factory=dict)
    book_seqs: dict[str, list[int]] = field(default_factory=dict)
    last_words: dict[int, LastWord] = field(default_factory=dict)
    sequence_gaps: list[str] = field(default_factory=list)
    diverged: list[str] = field(default_factory=list)
    decided: dict[int, int] = field(default_factory=dict)  # partition → commands answered
    ends: dict[str, dict[int, int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Facts:
    """One look. Its parts are of slightly different moments: see `reconcile`."""

    ledger: LedgerFacts
    orders: OrdersFacts
    book: BookFacts
    log: LogFacts
    running_sagas: dict[int, str]  # order id, or that of a list's first leg → workflow id


def settling(facts: Facts, unsettled: frozenset[str]) -> Facts:
    """Without the trades and orders of these markets, in which no money is. Their sequences of
    trades and book changes stay: those must have no gap in any market."""
    if not unsettled:
        return facts
    log, book = facts.log, facts.book
    return replace(
        facts,
        book=replace(book, orders={s: o for s, o in book.orders.items() if s not in unsettled}),
        log=replace(
            log,
            trades={r: t for r, t in log.trades.items() if t.symbol not in unsettled},
            last_words={i: w for i, w in log.last_words.items() if w.symbol not in unsettled},
        ),
    )
