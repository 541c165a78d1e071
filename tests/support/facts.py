"""A sound exchange as facts: one trade done, one order open. Tests break one thing of it each."""

from dataclasses import replace
from decimal import Decimal

from contracts.amounts import Amount
from contracts.matching import TradeExecuted
from contracts.orders import OrderStatus, Side
from contracts.topology import ORDERS_EVENTS, ORDERS_INCOMING, TRADES_EXECUTED
from matching.open_orders import OpenOrder
from orders.soundness import FillFacts, OrderFacts
from reconciliation.facts import BookFacts, Facts, LastWord, LedgerFacts, LogFacts, OrdersFacts
from tests.support.wallet import PARTITION, SYMBOL, trade
from wallet.postings import trade_postings
from wallet.soundness import OpenReservation, TradeLine

BUYER, SELLER = (11, 1), (12, 2)  # (order id, user id): the seller's order rests with the half


def sound() -> Facts:
    """Order 11 bought 0.5 BTC at 100 from order 12, which asks for another 0.5."""
    executed = trade(1, buyer=BUYER, seller=SELLER, lots=50_000)
    ends = {ORDERS_INCOMING: 3, TRADES_EXECUTED: 1, ORDERS_EVENTS: 2}
    return Facts(
        ledger=LedgerFacts(
            currency_sums={"BTC": Decimal(0), "USDT": Decimal(0)},
            reservations=[_held()],
            settled={f"{SYMBOL}:1": lines(executed)},
            positions={PARTITION: 1},
        ),
        orders=OrdersFacts(
            orders={
                11: _row(BUYER, Side.BUY, OrderStatus.FILLED, quantity="0.5", finalized=True),
                12: _row(SELLER, Side.SELL, OrderStatus.PARTIALLY_FILLED, quantity="1"),
            },
            fills=[_fill(executed, is_buyer=True), _fill(executed, is_buyer=False)],
            positions={PARTITION: 2},
        ),
        book=BookFacts(orders={SYMBOL: (_resting(),)}, next_offsets={PARTITION: 3}),
        log=LogFacts(
            trades={f"{SYMBOL}:1": executed},
            trade_ids={SYMBOL: [1]},
            book_seqs={SYMBOL: [1, 2]},
            last_words={
                11: LastWord(SYMBOL, 2, OrderStatus.FILLED, 50_000, 50_000),
                12: LastWord(SYMBOL, 2, OrderStatus.PARTIALLY_FILLED, 50_000, 100_000),
            },
            decided={PARTITION: 3},
            ends={topic: {PARTITION: end} for topic, end in ends.items()},
        ),
        running_sagas={12: "order:2:c12"},
    )


def with_ledger(facts: Facts, **changes: object) -> Facts:
    """The facts with something else in the wallet."""
    return replace(facts, ledger=replace(facts.ledger, **changes))  # type: ignore[arg-type]


def with_orders(facts: Facts, **changes: object) -> Facts:
    """The facts with other order rows."""
    return replace(facts, orders=replace(facts.orders, **changes))  # type: ignore[arg-type]


def with_row(facts: Facts, order_id: int, **changes: object) -> Facts:
    """The facts with one order row changed."""
    row = replace(facts.orders.orders[order_id], **changes)  # type: ignore[arg-type]
    return with_orders(facts, orders={**facts.orders.orders, order_id: row})


def with_log(facts: Facts, **changes: object) -> Facts:
    """The facts with something else in the engine's topics."""
    return replace(facts, log=replace(facts.log, **changes))  # type: ignore[arg-type]


def with_book(facts: Facts, *orders: OpenOrder) -> Facts:
    """The facts with another book."""
    return replace(facts, book=replace(facts.book, orders={SYMBOL: orders}))


def lines(executed: TradeExecuted) -> list[TradeLine]:
    """What the ledger holds of a trade."""
    return [
        TradeLine(p.place.user_id, p.place.currency, p.place.account.value, p.amount_e8)
        for p in trade_postings(executed)
    ]


def _held() -> OpenReservation:
    return OpenReservation(
        order_id=12,
        user_id=2,
        currency="BTC",
        remaining=Amount("0.5"),
        filled_lots=50_000,
        pending_release=None,
    )


def _resting() -> OpenOrder:
    return OpenOrder(
        order_id=12,
        user_id=2,
        side=Side.SELL,
        price_ticks=10_000,
        remaining_lots=50_000,
        filled_lots=50_000,
    )


def _row(
    who: tuple[int, int],
    side: Side,
    status: OrderStatus,
    *,
    quantity: str,
    finalized: bool = False,
) -> OrderFacts:
    return OrderFacts(
        order_id=who[0],
        user_id=who[1],
        symbol=SYMBOL,
        side=side,
        price=Amount("100"),
        quantity=Amount(quantity),
        filled_quantity=Amount("0.5"),
        filled_quote=Amount("50"),
        status=status,
        engine_sequence=2,
        finalized=finalized,
        reservation_id=who[0],
        price_ticks=10_000,
    )


def opened(
    order_id: int, side: Side, *, quantity: str = "1", reservation_id: int = 0, **changes: object
) -> OrderFacts:
    """An order of user 1 at 100 that nothing has filled yet."""
    row = _row((order_id, 1), side, OrderStatus.OPEN, quantity=quantity)
    values = {
        "filled_quantity": Amount(0),
        "filled_quote": Amount(0),
        "reservation_id": reservation_id or order_id,
    }
    return replace(row, **(values | changes))  # type: ignore[arg-type]


def with_live(
    facts: Facts, held: dict[int, str], *rows: OrderFacts, known_to_the_engine: bool = True
) -> Facts:
    """The facts with these orders of user 1 open in the engine and among the rows as well;
    `held` is what the wallet holds, by reservation."""
    reservations = [
        OpenReservation(
            order_id=order_id,
            user_id=1,
            currency="USDT",
            remaining=Amount(amount),
            filled_lots=sum(_lots(r.filled_quantity) for r in rows if r.reservation_id == order_id),
            pending_release=None,
        )
        for order_id, amount in held.items()
    ]
    live = tuple(
        OpenOrder(
            order_id=row.order_id,
            user_id=1,
            side=row.side,
            price_ticks=row.price_ticks,
            remaining_lots=_lots(row.quantity - row.filled_quantity),
            filled_lots=_lots(row.filled_quantity),
            resting=False,
            reservation_id=row.reservation_id,
        )
        for row in rows
        if known_to_the_engine and not row.status.terminal
    )
    sagas = {row.reservation_id: "order" for row in rows if not row.status.terminal}
    facts = with_ledger(facts, reservations=[*facts.ledger.reservations, *reservations])
    facts = with_orders(facts, orders=facts.orders.orders | {r.order_id: r for r in rows})
    facts = with_book(facts, *facts.book.orders[SYMBOL], *live)
    return replace(facts, running_sagas=facts.running_sagas | sagas)


def _lots(quantity: Decimal) -> int:
    return int(quantity * 100_000)


def _fill(executed: TradeExecuted, *, is_buyer: bool) -> FillFacts:
    return FillFacts(
        symbol=SYMBOL,
        trade_id=executed.trade_id,
        order_id=BUYER[0] if is_buyer else SELLER[0],
        user_id=BUYER[1] if is_buyer else SELLER[1],
        is_buyer=is_buyer,
        price=Amount("100"),
        quantity=Amount("0.5"),
        quote_quantity=Amount("50"),
        commission=Amount("0.0005") if is_buyer else Amount("0.05"),
    )
