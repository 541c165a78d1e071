"""From the engine's integers to amounts."""

import pytest

from config.markets import load_markets
from contracts.conversions import fill, order_state
from contracts.matching import (
    AnyOrderEvent,
    OrderAccepted,
    OrderFilled,
    OrderRejected,
    OrderStatusReported,
)
from contracts.orders import OrderStatus, Refusal, Side

BTCUSDT = load_markets()["BTCUSDT"]
AT_MS = 1_750_000_000_000
COMMON = {
    "symbol": "BTCUSDT",
    "order_id": 1,
    "user_id": 7,
    "sequence": 2,
    "caused_by": 9,
    "quantity_lots": 100_000,
    "filled_lots": 40_000,
    "filled_quote_e8": 24_000 * 10**8,
    "commission_e8": 40_000,
}


def filled(side: Side) -> OrderFilled:
    return OrderFilled(
        **COMMON,  # type: ignore[arg-type]
        status=OrderStatus.PARTIALLY_FILLED,
        trade_id=5,
        price_ticks=6_000_000,
        last_lots=10_000,
        last_quote_e8=6_000 * 10**8,
        last_commission_e8=10_000,
        side=side,
        is_maker=True,
    )


def test_state_carries_the_cumulative_figures() -> None:
    state = order_state(filled(Side.BUY), BTCUSDT, AT_MS)

    assert (state.sequence, state.status) == (2, OrderStatus.PARTIALLY_FILLED)
    assert str(state.filled_quantity) == "0.40000000"
    assert str(state.filled_quote) == "24000.00000000"
    assert str(state.commission) == "0.00040000"
    assert (state.filled_lots, state.at_ms) == (40_000, AT_MS)


@pytest.mark.parametrize(("caused_by", "own"), [(1, True), (9, False)])
def test_event_is_own_where_the_orders_own_command_caused_it(caused_by: int, own: bool) -> None:
    accepted = OrderAccepted(
        **(COMMON | {"caused_by": caused_by}),  # type: ignore[arg-type]
        status=OrderStatus.OPEN,
    )

    assert order_state(accepted, BTCUSDT, AT_MS).own is own


@pytest.mark.parametrize("kind", [OrderRejected, OrderStatusReported])
def test_refusal_is_kept(kind: type[OrderRejected | OrderStatusReported]) -> None:
    event: AnyOrderEvent = kind(
        **COMMON,  # type: ignore[arg-type]
        status=OrderStatus.REJECTED,
        refusal=Refusal.MARKET_CLOSED,
    )

    assert order_state(event, BTCUSDT, AT_MS).refusal is Refusal.MARKET_CLOSED


@pytest.mark.parametrize(("side", "asset"), [(Side.BUY, "BTC"), (Side.SELL, "USDT")])
def test_fill_is_the_last_execution_in_the_currency_received(side: Side, asset: str) -> None:
    made = fill(filled(side), BTCUSDT, AT_MS)

    assert (str(made.price), str(made.quantity)) == ("60000.00000000", "0.10000000")
    assert str(made.quote_quantity) == "6000.00000000"
    assert (str(made.commission), made.commission_asset) == ("0.00010000", asset)
    assert made.is_maker
