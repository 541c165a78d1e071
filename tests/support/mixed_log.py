"""A seeded log with every command and order type, in two markets of one partition."""

import itertools
import random
from collections.abc import Iterator
from uuid import UUID

from msgspec.structs import replace

from contracts.matching import (
    AmendOrder,
    CancelAllOrders,
    ClaimPartition,
    EngineCommand,
    SetBand,
    SubmitOrder,
    SubmitOrderList,
    Tick,
)
from contracts.orders import OrderType, SelfTradePrevention, Side, TimeInForce
from tests.support.engine_commands import (
    LOT_E8,
    UNIT_E8,
    add_symbol,
    cancel,
    halt,
    restore_band,
    resume,
    submit,
)

MARKETS = ("BTCUSDT", "ETHUSDT")
USERS = 12
RECENT_IDS = 400


def mixed_commands(seed: int, length: int) -> list[EngineCommand]:
    """The first commands of `mixed_log`."""
    return list(itertools.islice(mixed_log(seed), length))


def mixed_log(seed: int, *, ms_per_command: int = 1) -> Iterator[EngineCommand]:
    """Commands without end. Good-till dates assume a record every `ms_per_command`."""
    return iter(_Flow(seed, ms_per_command))


class _Flow:
    def __init__(self, seed: int, ms_per_command: int) -> None:
        self._chance = random.Random(seed)  # noqa: S311 - the same log each time
        self._ms = ms_per_command
        self._order_ids = itertools.count(1)
        self._last_id = 0
        self._number = 0

    def __iter__(self) -> Iterator[EngineCommand]:
        for number, symbol in enumerate(MARKETS, start=1):
            yield add_symbol(symbol, number=number)
        while True:
            self._number += 1
            yield self._next()

    def _next(self) -> EngineCommand:
        chance, symbol = self._chance, self._chance.choice(MARKETS)
        command_id = UUID(int=(self._number << 40) + 9)
        roll = chance.random()
        if roll < 0.60:
            return self._order(symbol)
        if roll < 0.84:
            return cancel(self._known_id(), symbol=symbol)
        if roll < 0.90:
            return AmendOrder(
                command_id=command_id,
                symbol=symbol,
                order_id=self._known_id(),
                new_quantity_lots=chance.randint(1, 40),
            )
        if roll < 0.95:
            return self._list(symbol, command_id)
        if roll < 0.97:
            user = chance.randint(1, USERS)
            return CancelAllOrders(command_id=command_id, symbol=symbol, user_id=user)
        if roll < 0.98:
            return Tick(command_id=command_id, symbol=symbol)
        if roll < 0.982:
            return ClaimPartition(command_id=command_id, symbol="*", engine_id=f"{self._number}")
        if roll < 0.983:
            return halt(symbol)
        if roll < 0.993:
            return resume(symbol)
        if roll < 0.995:
            return restore_band(symbol)
        return SetBand(
            command_id=command_id,
            symbol=symbol,
            reference_ticks=100,
            bid_up_ppm=chance.choice([1_050_000, 1_500_000]),
            bid_down_ppm=500_000,
            ask_up_ppm=1_500_000,
            ask_down_ppm=chance.choice([500_000, 950_000]),
            by_operator=chance.random() < 0.5,
        )

    def _known_id(self) -> int:
        return self._chance.randint(max(1, self._last_id - RECENT_IDS), self._last_id + 1)

    def _order(self, symbol: str, side: Side | None = None) -> SubmitOrder:
        chance = self._chance
        self._last_id = order_id = next(self._order_ids)
        lots, price = chance.randint(1, 50), chance.randint(90, 110)
        order = submit(
            order_id,
            side or chance.choice((Side.BUY, Side.SELL)),
            price,
            lots,
            symbol=symbol,
            user_id=chance.randint(1, USERS),
        )
        order = replace(order, self_trade_prevention=chance.choice(list(SelfTradePrevention)))
        kind = chance.choice(list(OrderType))
        if kind is OrderType.LIMIT:
            return self._limit(order)
        if kind is OrderType.MARKET and chance.random() < 0.5:
            quote_e8 = price * lots * UNIT_E8
            budget_e8 = quote_e8 if order.side is Side.BUY else lots * LOT_E8
            return replace(
                order,
                order_type=kind,
                time_in_force=TimeInForce.IOC,
                quantity_lots=0,
                quote_e8=quote_e8,
                budget_e8=budget_e8,
            )
        if kind.conditional:
            return replace(order, order_type=kind, stop_ticks=chance.randint(85, 115))
        return replace(order, order_type=kind)

    def _limit(self, order: SubmitOrder) -> SubmitOrder:
        chance = self._chance
        terms = chance.choice([*TimeInForce, TimeInForce.GTC, TimeInForce.GTC, TimeInForce.GTD])
        if terms is TimeInForce.GTD:
            expires_at_ms = (self._number + chance.randint(1, 1_500)) * self._ms
            return replace(order, time_in_force=terms, expires_at_ms=expires_at_ms)
        if terms is TimeInForce.GTC and order.quantity_lots > 10 and chance.random() < 0.5:
            return replace(order, iceberg_lots=chance.randint(1, 5))
        return replace(order, time_in_force=terms)

    def _list(self, symbol: str, command_id: UUID) -> SubmitOrderList:
        one = self._order(symbol, Side.SELL)
        other = self._order(symbol, Side.SELL)
        plain = {
            "time_in_force": TimeInForce.GTC,
            "quantity_lots": 10,
            "budget_e8": 10 * LOT_E8,
            "user_id": one.user_id,
            "expires_at_ms": 0,
            "iceberg_lots": 0,
            "quote_e8": 0,
            "reservation_id": one.order_id,
        }
        target, stop = self._chance.randint(101, 112), self._chance.randint(88, 99)
        above = replace(
            one, **plain, order_type=OrderType.LIMIT_MAKER, price_ticks=target, stop_ticks=0
        )
        below = replace(
            other,
            **plain,
            order_type=OrderType.STOP_LOSS_LIMIT,
            price_ticks=stop - 2,
            stop_ticks=stop,
        )
        return SubmitOrderList(
            command_id=command_id, symbol=symbol, list_id=one.order_id, legs=(above, below)
        )
