"""Short builders of engine commands for one market: tick 0.01, lot 0.00001, as BTCUSDT has."""

import random
from uuid import UUID

from contracts.matching import (
    AddSymbol,
    CancelOrder,
    EngineCommand,
    HaltMarket,
    ResumeMarket,
    SubmitOrder,
)
from contracts.orders import OrderType, Side, TimeInForce

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
    budget_e8: int | None = None,
    maker_ppm: int = 1000,
    taker_ppm: int = 2000,
    accepted_at_ms: int = NEVER_TOO_OLD_MS,
) -> SubmitOrder:
    needed = price * lots * UNIT_E8 if side is Side.BUY else lots * LOT_E8
    return SubmitOrder(
        command_id=UUID(int=order_id << 8),
        symbol=symbol,
        order_id=order_id,
        user_id=user_id,
        side=side,
        order_type=OrderType.LIMIT,
        time_in_force=TimeInForce.GTC,
        price_ticks=price,
        quantity_lots=lots,
        budget_e8=needed if budget_e8 is None else budget_e8,
        maker_fee_ppm=maker_ppm,
        taker_fee_ppm=taker_ppm,
        accepted_at_ms=accepted_at_ms,
    )


def buy(order_id: int, price: int, lots: int, *, user_id: int = 7) -> SubmitOrder:
    return submit(order_id, Side.BUY, price, lots, user_id=user_id)


def sell(order_id: int, price: int, lots: int, *, user_id: int = 8) -> SubmitOrder:
    return submit(order_id, Side.SELL, price, lots, user_id=user_id)


def cancel(order_id: int, *, symbol: str = SYMBOL) -> CancelOrder:
    return CancelOrder(command_id=UUID(int=(order_id << 8) + 1), symbol=symbol, order_id=order_id)


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
