"""Orders of 1 ETH that wait for the last price, which is 2000 when they are placed."""

from decimal import Decimal
from typing import NamedTuple

import pytest

from tests.e2e.outcomes.actor import Actor, Json, Placed
from tests.e2e.outcomes.stage import Stage

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]


class Case(NamedTuple):
    """A side, what the price does, and what the order then meets."""

    side: str
    stop: str
    short_of: str  # a last price that is not enough
    meets: str  # the price of the counterparty's order
    limit: str  # of an order that has one
    bound: str  # the worst price of one that has none: the stop price ± 10 %


STOP_BUY = Case("BUY", "2050", "2049.99", "2070", "2080", "2255")
STOP_SELL = Case("SELL", "1950", "1950.01", "1930", "1920", "1755")
PROFIT_BUY = Case("BUY", "1950", "1950.01", "1960", "1970", "2145")
PROFIT_SELL = Case("SELL", "2050", "2049.99", "2040", "2030", "1845")
STOPS = pytest.mark.parametrize("case", [STOP_BUY, STOP_SELL], ids=["buy", "sell"])
PROFITS = pytest.mark.parametrize("case", [PROFIT_BUY, PROFIT_SELL], ids=["buy", "sell"])
EVERY_TYPE = pytest.mark.parametrize(
    ("type", "case"),
    [
        (type + limit, case)
        for type, cases in (
            ("STOP_LOSS", (STOP_BUY, STOP_SELL)),
            ("TAKE_PROFIT", (PROFIT_BUY, PROFIT_SELL)),
        )
        for limit in ("", "_LIMIT")
        for case in cases
    ],
    ids=lambda value: value if isinstance(value, str) else value.side,
)


@STOPS
async def test_row_37_stop_loss_becomes_a_market_order(stage: Stage, case: Case) -> None:
    await _becomes_a_market_order(stage, "STOP_LOSS", case)


@STOPS
async def test_row_38_stop_loss_limit_becomes_a_limit_order(stage: Stage, case: Case) -> None:
    await _becomes_a_limit_order(stage, "STOP_LOSS_LIMIT", case)


@PROFITS
async def test_row_39_take_profit_becomes_a_market_order(stage: Stage, case: Case) -> None:
    await _becomes_a_market_order(stage, "TAKE_PROFIT", case)


@PROFITS
async def test_row_40_take_profit_limit_becomes_a_limit_order(stage: Stage, case: Case) -> None:
    await _becomes_a_limit_order(stage, "TAKE_PROFIT_LIMIT", case)


@EVERY_TYPE
async def test_row_41_the_price_is_there_already(stage: Stage, type: str, case: Case) -> None:
    order = _parameters(type, case._replace(stop="2000", limit="2000"))
    await stage.me.is_refused(-2010, "Order would trigger immediately.", **order)
    await stage.me.owns()


@EVERY_TYPE
async def test_row_42_cancelled_while_it_waits(stage: Stage, type: str, case: Case) -> None:
    order = await _waits(stage, type, case)
    assert await stage.me.open_ids() == [order.id]
    answer = await stage.me.cancels(order)
    assert (answer.status_code, answer.json()["status"]) == (200, "CANCELED")
    await stage.me.owns()
    await stage.trades_at(case.stop)
    await order.becomes("CANCELED")
    assert await stage.me.open_ids() == []


async def _becomes_a_market_order(stage: Stage, type: str, case: Case) -> None:
    """It takes the 0.4 that there are, and the rest expires."""
    order = await _waits(stage, type, case)
    counterpart = await _is_reached(stage, case)
    worth = Decimal(case.meets) * Decimal("0.4")
    found = await order.becomes("EXPIRED", "0.4", str(worth), "INSUFFICIENT_LIQUIDITY")
    assert found["isWorking"]
    await _owns(stage.me, case, bought_or_sold="0.4", locked="0")
    await counterpart.becomes("FILLED", "0.4", str(worth))
    assert await stage.me.open_ids() == []


async def _becomes_a_limit_order(stage: Stage, type: str, case: Case) -> None:
    """It takes the 0.4 that there are, and the rest rests at its limit."""
    order = await _waits(stage, type, case)
    counterpart = await _is_reached(stage, case)
    worth = Decimal(case.meets) * Decimal("0.4")
    found = await order.becomes("PARTIALLY_FILLED", "0.4", str(worth))
    assert found["isWorking"]
    await _owns(stage.me, case, bought_or_sold="0.4", locked="0.6")
    await counterpart.becomes("FILLED", "0.4", str(worth))
    await stage.shows("bids" if case.side == "BUY" else "asks", (case.limit, "0.6"))
    assert await stage.me.open_ids() == [order.id]


async def _waits(stage: Stage, type: str, case: Case) -> Placed:
    """Told NEW and not working, in no book; a last price that is short of it leaves it so."""
    order = await stage.me.places(**_parameters(type, case))
    await order.stands("NEW")
    assert order.told["workingTime"] == -1
    reserved_at = case.limit if type.endswith("LIMIT") else case.bound
    await _owns(stage.me, case, bought_or_sold="0", locked="1", price=reserved_at)
    await stage.trades_at(case.short_of)
    found = await order.now()
    assert (found["status"], found["isWorking"], found["type"]) == ("NEW", False, type)
    assert Decimal(found["stopPrice"]) == Decimal(case.stop)
    await stage.shows("bids")
    await stage.shows("asks")
    return order


async def _is_reached(stage: Stage, case: Case) -> Placed:
    """The counterparty stands ready with 0.4, then somebody trades at the stop price."""
    trade = stage.other.sells if case.side == "BUY" else stage.other.buys
    counterpart = await trade("0.4", case.meets)
    await stage.trades_at(case.stop, then=case.meets)
    return counterpart


def _parameters(type: str, case: Case) -> Json:
    limited = {"price": case.limit, "timeInForce": "GTC"} if type.endswith("LIMIT") else {}
    order = {"side": case.side, "type": type, "quantity": "1", "stopPrice": case.stop}
    return {**order, **limited}


async def _owns(
    actor: Actor, case: Case, *, bought_or_sold: str, locked: str, price: str | None = None
) -> None:
    """So many ETH traded at the counterparty's price; for so many the money is reserved, at the
    limit unless another price is named."""
    traded, rest = Decimal(bought_or_sold), Decimal(locked)
    worth = traded * Decimal(case.meets)
    if case.side == "BUY":
        held = rest * Decimal(price or case.limit)
        await actor.owns(
            usdt=str(100000 - worth - held),
            locked_usdt=str(held),
            eth=str(100 + traded * Decimal("0.999")),
        )
    else:
        await actor.owns(
            usdt=str(100000 + worth * Decimal("0.999")),
            eth=str(100 - traded - rest),
            locked_eth=str(rest),
        )
