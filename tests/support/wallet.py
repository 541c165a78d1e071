"""Wallet commands and trades of one market, BTCUSDT: lots of 0.00001, fees of 0.1 percent."""

from uuid import UUID, uuid4

from contracts.amounts import Amount
from contracts.matching import TradeExecuted
from contracts.topology import order_command_id
from contracts.wallet import DepositFunds, ReduceReservation, ReleaseFunds, ReserveFunds
from wallet.trade_log import LogBatch, LoggedTrade

SYMBOL = "BTCUSDT"
PARTITION = 3
LOT_E8 = 1_000
TICK_E8 = 1_000_000
UNIT_E8 = 10
FEE_PPM = 1_000
AT_MS = 1_750_000_000_000


class SettledLog:
    """A settlement that has caught up, or not."""

    def __init__(self) -> None:
        self.up_to_date = True
        self.asked = 0

    async def caught_up(self, timeout_s: float) -> bool:
        self.asked += 1
        return self.up_to_date


def deposit(
    user_id: int, currency: str, amount: str, *, command_id: UUID | None = None
) -> DepositFunds:
    return DepositFunds(
        command_id=command_id or uuid4(),
        user_id=user_id,
        currency=currency,
        amount=Amount(amount),
        idempotency_key="key",
        correlation_id=f"deposit-{user_id}",
    )


def reserve(order_id: int, user_id: int, amount: str, *, currency: str = "USDT") -> ReserveFunds:
    return ReserveFunds(
        command_id=order_command_id(order_id, "reserve"),
        order_id=order_id,
        user_id=user_id,
        currency=currency,
        amount=Amount(amount),
        correlation_id=f"order-{order_id}",
    )


def release(
    order_id: int, user_id: int, filled_lots: int = 0, *, step: str = "release"
) -> ReleaseFunds:
    return ReleaseFunds(
        command_id=order_command_id(order_id, step),
        order_id=order_id,
        user_id=user_id,
        filled_lots=filled_lots,
        correlation_id=f"order-{order_id}",
    )


def reduce(
    order_id: int,
    user_id: int,
    amount: str,
    *,
    keep: str | None = None,
    amend_id: UUID | None = None,
) -> ReduceReservation:
    amend_id = amend_id or uuid4()
    return ReduceReservation(
        command_id=order_command_id(order_id, f"reduce:{amend_id}"),
        order_id=order_id,
        user_id=user_id,
        amount=Amount(amount),
        keep=None if keep is None else Amount(keep),
        amend_id=amend_id,
        correlation_id=f"order-{order_id}",
    )


def trade(
    trade_id: int,
    *,
    buyer: tuple[int, int],
    seller: tuple[int, int],
    lots: int,
    price_ticks: int = 10_000,
    buyer_limit_ticks: int | None = None,
    buyer_filled: int | None = None,
    seller_filled: int | None = None,
    fee_ppm: int = FEE_PPM,
    symbol: str = SYMBOL,
    held_by: tuple[int, int] = (0, 0),
) -> TradeExecuted:
    """A trade between (order id, user id) pairs; at 10,000 ticks a BTC costs 100 USDT.

    `held_by` are the orders under whose ids the money is, where it is not under their own.
    """
    quote_e8 = price_ticks * lots * UNIT_E8
    better_ticks = (buyer_limit_ticks or price_ticks) - price_ticks
    return TradeExecuted(
        symbol=symbol,
        base="BTC",
        quote="USDT",
        trade_id=trade_id,
        price_ticks=price_ticks,
        quantity_lots=lots,
        price_e8=price_ticks * TICK_E8,
        quantity_e8=lots * LOT_E8,
        quote_e8=quote_e8,
        buyer_order_id=buyer[0],
        buyer_user_id=buyer[1],
        buyer_filled_lots=lots if buyer_filled is None else buyer_filled,
        buyer_commission_e8=lots * LOT_E8 * fee_ppm // 1_000_000,
        buyer_refund_e8=better_ticks * lots * UNIT_E8,
        buyer_is_maker=False,
        seller_order_id=seller[0],
        seller_user_id=seller[1],
        seller_filled_lots=lots if seller_filled is None else seller_filled,
        seller_commission_e8=quote_e8 * fee_ppm // 1_000_000,
        buyer_reservation_id=held_by[0],
        seller_reservation_id=held_by[1],
    )


def log_batch(start: int, *trades: TradeExecuted, partition: int = PARTITION) -> LogBatch:
    """One message at `start` that holds these trades."""
    logged = tuple(LoggedTrade(t, start, AT_MS) for t in trades)
    return LogBatch(partition, start, start + 1, logged)
