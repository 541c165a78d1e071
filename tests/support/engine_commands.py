"""Short builders of engine commands for one market: tick 0.01, lot 0.00001, as BTCUSDT has."""

import random
from typing import Any
from uuid import UUID

from contracts.matching import (
    AddSymbol,
    AmendOrder,
    CancelAllOrders,
    CancelOrder,
    EngineCommand,
    HaltMarket,
    RestoreBand,
    ResumeMarket,
    SetBand,
    SubmitOrder,
    SubmitOrderList,
    Tick,
)
from contracts.orders import OrderType, SelfTradePrevention, Side, TimeInForce

SYMBOL = "BTCUSDT"
TICK_E8 = 1_000_000
LOT_E8 = 1_000
NEVER_TOO_OLD_MS = 4_000_000_000_000
UNIT_E8 = 10  # one lot at one tick: 0.01 × 0.00001 = 0.0000001


def add_symbol(symbol: str = SYMBOL, *, number: int = 1, lot_e8: int = LOT_E8) -> AddSymbol:
    return AddSymbol(
        command_id=UUID(int=number),
        symbol=symbol,
        base="BTC",
        quote="USDT",
        tick_e8=TICK_E8,
        lot_e8=lot_e8,
    )


def submit(
    order_id: int,
    side: Side,
    price: int,
    lots: int,
    *,
    symbol: str = SYMBOL,
    user_id: int = 7,
    order_type: OrderType = OrderType.LIMIT,
    tif: TimeInForce = TimeInForce.GTC,
    budget_e8: int | None = None,
    maker_ppm: int = 1000,
    taker_ppm: int = 2000,
    accepted_at_ms: int = NEVER_TOO_OLD_MS,
    stp: SelfTradePrevention = SelfTradePrevention.NONE,
    quote_e8: int = 0,
    stop: int = 0,
    iceberg: int = 0,
    expires_at_ms: int = 0,
    reservation_id: int = 0,
) -> SubmitOrder:
    """`budget_e8` is what the order may need, unless it is given."""
    needed = price * lots * UNIT_E8 if side is Side.BUY else lots * LOT_E8
    if quote_e8:
        needed = quote_e8 if side is Side.BUY else -(-quote_e8 // (price * UNIT_E8)) * LOT_E8
    return SubmitOrder(
        command_id=UUID(int=order_id << 8),
        symbol=symbol,
        order_id=order_id,
        user_id=user_id,
        side=side,
        order_type=order_type,
        time_in_force=tif,
        price_ticks=price,
        quantity_lots=lots,
        budget_e8=needed if budget_e8 is None else budget_e8,
        maker_fee_ppm=maker_ppm,
        taker_fee_ppm=taker_ppm,
        accepted_at_ms=accepted_at_ms,
        self_trade_prevention=stp,
        quote_e8=quote_e8,
        stop_ticks=stop,
        iceberg_lots=iceberg,
        expires_at_ms=expires_at_ms,
        reservation_id=reservation_id,
    )


def buy(order_id: int, price: int, lots: int, *, user_id: int = 7, **terms: Any) -> SubmitOrder:
    return submit(order_id, Side.BUY, price, lots, user_id=user_id, **terms)


def sell(order_id: int, price: int, lots: int, *, user_id: int = 8, **terms: Any) -> SubmitOrder:
    return submit(order_id, Side.SELL, price, lots, user_id=user_id, **terms)


def submit_list(
    list_id: int, one: SubmitOrder, other: SubmitOrder, *, symbol: str = SYMBOL
) -> SubmitOrderList:
    return SubmitOrderList(
        command_id=UUID(int=(list_id << 8) + 2), symbol=symbol, list_id=list_id, legs=(one, other)
    )


def cancel(order_id: int, *, symbol: str = SYMBOL, client_cancel_id: str = "") -> CancelOrder:
    return CancelOrder(
        command_id=UUID(int=(order_id << 8) + 1),
        symbol=symbol,
        order_id=order_id,
        client_cancel_id=client_cancel_id,
    )


def cancel_all(user_id: int, *, symbol: str = SYMBOL) -> CancelAllOrders:
    return CancelAllOrders(command_id=UUID(int=5), symbol=symbol, user_id=user_id)


def amend(order_id: int, lots: int, *, symbol: str = SYMBOL) -> AmendOrder:
    return AmendOrder(
        command_id=UUID(int=(order_id << 8) + 3),
        symbol=symbol,
        order_id=order_id,
        new_quantity_lots=lots,
    )


def set_band(
    reference: int = 0,
    *,
    bid_up: int = 1_100_000,
    bid_down: int = 200_000,
    ask_up: int = 5_000_000,
    ask_down: int = 900_000,
    by_operator: bool = False,
    symbol: str = SYMBOL,
) -> SetBand:
    return SetBand(
        command_id=UUID(int=6),
        symbol=symbol,
        reference_ticks=reference,
        bid_up_ppm=bid_up,
        bid_down_ppm=bid_down,
        ask_up_ppm=ask_up,
        ask_down_ppm=ask_down,
        by_operator=by_operator,
    )


def restore_band(symbol: str = SYMBOL) -> RestoreBand:
    return RestoreBand(command_id=UUID(int=7), symbol=symbol)


def tick(symbol: str = SYMBOL) -> Tick:
    return Tick(command_id=UUID(int=4), symbol=symbol)


def halt(symbol: str = SYMBOL) -> HaltMarket:
    return HaltMarket(command_id=UUID(int=2), symbol=symbol, reason="test")


def resume(symbol: str = SYMBOL) -> ResumeMarket:
    return ResumeMarket(command_id=UUID(int=3), symbol=symbol)


def seeded_log(seed: int, length: int) -> list[EngineCommand]:
    """A log of one market: about a third cancels, prices that often cross."""
    rng = random.Random(seed)  # noqa: S311 - the same log each time
    commands: list[EngineCommand] = [add_symbol()]
    for order_id in range(1, length):
        if rng.random() < 0.35:
            commands.append(cancel(rng.randint(1, order_id)))
        else:
            side = rng.choice((Side.BUY, Side.SELL))
            commands.append(submit(order_id, side, rng.randint(90, 110), rng.randint(1, 50)))
    return commands
