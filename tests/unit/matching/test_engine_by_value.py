"""Market orders by value: rows 22 to 24. Whole lots, and never beyond the value."""

from typing import Any

import pytest

from contracts.matching import (
    MatchPrevented,
    OrderFilled,
    SubmitOrder,
)
from contracts.orders import (
    ExpiryReason,
    OrderType,
    SelfTradePrevention,
    Side,
)
from matching.step import Limits
from tests.support.engine_commands import (
    LOT_E8,
    buy,
    sell,
    submit,
)
from tests.support.engine_log import EngineLog, ending, told, traded


@pytest.fixture
def log() -> EngineLog:
    return EngineLog()


def spend(order_id: int, side: Side, value_e8: int, bound: int, **terms: Any) -> SubmitOrder:
    """A market order by value; one lot at a price of 100 ticks costs 1,000."""
    return submit(order_id, side, bound, 0, order_type=OrderType.MARKET, quote_e8=value_e8, **terms)


def test_a_buy_is_filled_when_less_than_a_lots_worth_is_left(log: EngineLog) -> None:
    log.all(sell(1, 100, 2), sell(2, 110, 5))

    outcome = log.send(spend(3, Side.BUY, 2_000 + 2 * 1_100 + 1_099, 120))

    assert traded(outcome) == [(1, 100, 2), (2, 110, 2)]
    mine = [e for e in outcome.events if isinstance(e, OrderFilled) and e.order_id == 3]
    assert [(e.quantity_lots, e.filled_lots, e.status.value) for e in mine] == [
        (2, 2, "PARTIALLY_FILLED"),
        (4, 4, "FILLED"),
    ]
    assert mine[-1].filled_quote_e8 == 2_000 + 2_200
    assert [t.buyer_refund_e8 for t in outcome.trades] == [0, 0]
    assert log.engine.closed[3].quantity == 4


def test_a_buy_whose_value_is_spent_to_the_last_unit_is_filled(log: EngineLog) -> None:
    log.send(sell(1, 100, 2))

    outcome = log.send(spend(2, Side.BUY, 2_000, 120))

    assert told(outcome) == ["Accepted 2 OPEN", "Filled 2 FILLED", "Filled 1 FILLED"]


def test_with_an_empty_book_the_price_of_the_last_trade_tells_what_a_lot_is_worth(
    log: EngineLog,
) -> None:
    log.all(sell(1, 90, 1), sell(2, 100, 2))

    outcome = log.send(spend(3, Side.BUY, 900 + 2_000 + 999, 120))

    assert traded(outcome) == [(1, 90, 1), (2, 100, 2)]
    assert told(outcome)[-2] == "Filled 3 FILLED"
    assert log.asks() == {}


def test_a_buy_is_filled_when_a_partly_used_level_is_too_dear_for_the_rest(
    log: EngineLog,
) -> None:
    log.send(sell(1, 100, 9))

    outcome = log.send(spend(2, Side.BUY, 2_999, 120))

    assert traded(outcome) == [(1, 100, 2)]
    assert told(outcome)[1] == "Filled 2 FILLED"


@pytest.mark.parametrize("there", [0, 2])
def test_a_buy_expires_where_the_book_runs_out(log: EngineLog, there: int) -> None:
    if there:
        log.send(sell(1, 100, there))

    outcome = log.send(spend(2, Side.BUY, 5_000, 120))

    end = ending(outcome, 2)
    assert (end.reason, end.quantity_lots, end.filled_lots) == (
        ExpiryReason.INSUFFICIENT_LIQUIDITY,
        there,
        there,
    )


def test_a_buy_expires_where_the_rest_is_beyond_its_bound(log: EngineLog) -> None:
    log.all(sell(1, 100, 2), sell(2, 121, 5))

    outcome = log.send(spend(3, Side.BUY, 5_000, 120))

    assert traded(outcome) == [(1, 100, 2)]
    assert told(outcome)[-1] == "Cancelled 3 EXPIRED EXECUTION_RULE_PRICE_RANGE_EXCEEDED"


def test_a_buy_that_does_not_pay_for_one_lot_buys_nothing(log: EngineLog) -> None:
    log.send(sell(1, 100, 2))

    outcome = log.send(spend(2, Side.BUY, 999, 120))

    assert told(outcome) == ["Accepted 2 OPEN", "Cancelled 2 EXPIRED BUDGET_SPENT"]
    assert log.asks() == {100: 2}


def test_a_sell_is_filled_with_not_more_than_the_value(log: EngineLog) -> None:
    log.all(buy(1, 110, 2), buy(2, 100, 5))

    outcome = log.send(spend(3, Side.SELL, 2_200 + 1_900, 90))

    assert traded(outcome) == [(1, 110, 2), (2, 100, 1)]
    assert told(outcome)[-2] == "Filled 3 FILLED"
    assert sum(t.quote_e8 for t in outcome.trades) == 3_200
    assert [t.buyer_refund_e8 for t in outcome.trades] == [0, 0]


def test_a_sell_stops_where_its_budget_is_spent(log: EngineLog) -> None:
    log.send(buy(1, 100, 9))

    outcome = log.send(spend(2, Side.SELL, 9_000, 90, budget_e8=3 * LOT_E8 + 1))

    assert traded(outcome) == [(1, 100, 3)]
    assert told(outcome)[-1] == "Cancelled 2 EXPIRED BUDGET_SPENT"


def test_an_order_by_value_ends_at_its_users_own_order(log: EngineLog) -> None:
    log.all(sell(1, 100, 1), sell(2, 101, 5, user_id=7))
    order = spend(3, Side.BUY, 5_040, 120, user_id=7, stp=SelfTradePrevention.EXPIRE_BOTH)

    outcome = log.send(order)

    (match,) = [e for e in outcome.events if isinstance(e, MatchPrevented)]
    assert (match.taker_prevented_lots, match.maker_prevented_lots) == (4, 5)
    assert told(outcome)[-2:] == [
        "Cancelled 2 EXPIRED_IN_MATCH SELF_TRADE_PREVENTION",
        "Cancelled 3 EXPIRED_IN_MATCH SELF_TRADE_PREVENTION",
    ]


def test_an_order_by_value_is_filled_behind_its_users_own_order(log: EngineLog) -> None:
    log.all(sell(1, 100, 1), sell(2, 101, 5, user_id=7))
    order = spend(3, Side.BUY, 1_999, 120, user_id=7, stp=SelfTradePrevention.EXPIRE_MAKER)

    outcome = log.send(order)

    assert told(outcome) == ["Accepted 3 OPEN", "Filled 3 FILLED", "Filled 1 FILLED"]
    assert log.asks() == {101: 5}


def test_an_order_by_value_meets_no_more_makers_than_the_bound() -> None:
    log = EngineLog(limits=Limits(matches=2))
    log.all(*[sell(i, 100, 1) for i in (1, 2, 3)])

    outcome = log.send(spend(4, Side.BUY, 9_000, 120))

    assert len(outcome.trades) == 2
    assert told(outcome)[-1] == "Cancelled 4 EXPIRED TOO_MANY_MATCHES"
