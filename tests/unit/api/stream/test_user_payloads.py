"""Users' events against the keys and examples of Binance's user-data-stream.md."""

import json
from typing import Any

import pytest

from api.stream.user_payloads import (
    account_position,
    balance_update,
    execution_report,
    user_event,
)
from contracts.amounts import ZERO, Amount
from contracts.orders import (
    ExpiryReason,
    Fill,
    OrderStatus,
    OrderType,
    SelfTradePrevention,
    Side,
    TimeInForce,
)
from contracts.user_events import (
    Execution,
    ListedOrder,
    ListReported,
    ListStatus,
    OrderReported,
    PreventedMatch,
    UserEvent,
)
from tests.unit.api.fakes import Balance

NOW = 1_800_000_000_005
ALWAYS = set("eEscSofqpPFgCxXrilzLnNTtIwmMOZYQV")
FILL = Fill(
    trade_id=56,
    price=Amount("0.04"),
    quantity=Amount("0.5"),
    quote_quantity=Amount("0.02"),
    commission=Amount("0.0005"),
    commission_asset="ETH",
    is_maker=True,
    executed_at_ms=1_800_000_000_001,
)
MATCH = PreventedMatch(
    prevented_match_id=3,
    counter_order_id=37,
    price=Amount("0.04"),
    prevented_quantity=Amount("2"),
    match_quantity=Amount("0.5"),
)


def report(**changes: object) -> OrderReported:
    """A new limit buy of 2 ETH at 0.04 BTC, and whatever the test cares about."""
    values: dict[str, object] = {
        "user_id": 7,
        "order_id": 42,
        "symbol": "ETHBTC",
        "sequence": 1,
        "execution": Execution.NEW,
        "status": OrderStatus.OPEN,
        "client_order_id": "mine",
        "side": Side.BUY,
        "order_type": OrderType.LIMIT,
        "time_in_force": TimeInForce.GTC,
        "price": Amount("0.04"),
        "quantity": Amount("2"),
        "filled_quantity": ZERO,
        "filled_quote": ZERO,
        "quote_quantity": ZERO,
        "stop_price": ZERO,
        "iceberg_quantity": ZERO,
        "self_trade_prevention": SelfTradePrevention.NONE,
        "list_id": 0,
        "created_at_ms": 1_800_000_000_000,
        "at_ms": 1_800_000_000_001,
        "working": True,
        "working_at_ms": 1_800_000_000_001,
    }
    return OrderReported(**(values | changes))  # type: ignore[arg-type]


def told(event: UserEvent) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(user_event(event, NOW))
    return found


def test_a_new_order_has_exactly_these_fields() -> None:
    assert told(report()) == {
        "e": "executionReport",
        "E": NOW,
        "s": "ETHBTC",
        "c": "mine",
        "S": "BUY",
        "o": "LIMIT",
        "f": "GTC",
        "q": "2.00000000",
        "p": "0.04000000",
        "P": "0.00000000",
        "F": "0.00000000",
        "g": -1,
        "C": "",
        "x": "NEW",
        "X": "NEW",
        "r": "NONE",
        "i": 42,
        "l": "0.00000000",
        "z": "0.00000000",
        "L": "0.00000000",
        "n": "0.00000000",
        "N": None,
        "T": 1_800_000_000_001,
        "t": -1,
        "I": 1,
        "w": True,
        "m": False,
        "M": False,
        "O": 1_800_000_000_000,
        "Z": "0.00000000",
        "Y": "0.00000000",
        "Q": "0.00000000",
        "V": "NONE",
        "W": 1_800_000_000_001,
    }


def test_a_trade_tells_the_last_fill_and_the_sums() -> None:
    said = told(
        report(
            execution=Execution.TRADE,
            status=OrderStatus.PARTIALLY_FILLED,
            sequence=3,
            filled_quantity=Amount("1.5"),
            filled_quote=Amount("0.06"),
            fill=FILL,
        )
    )

    assert {key: said[key] for key in ("x", "X", "l", "L", "Y", "n", "N", "t", "m", "M")} == {
        "x": "TRADE",
        "X": "PARTIALLY_FILLED",
        "l": "0.50000000",
        "L": "0.04000000",
        "Y": "0.02000000",
        "n": "0.00050000",
        "N": "ETH",
        "t": 56,
        "m": True,
        "M": True,
    }
    assert (said["z"], said["Z"], said["I"]) == ("1.50000000", "0.06000000", 3)


@pytest.mark.parametrize(
    ("execution", "status", "cancel", "both"),
    [
        (Execution.CANCELED, OrderStatus.CANCELLED, "no-more", ("no-more", "mine")),
        (Execution.CANCELED, OrderStatus.CANCELLED, "", ("mine", "mine")),
        (Execution.REPLACED, OrderStatus.OPEN, "", ("mine", "mine")),
        (Execution.EXPIRED, OrderStatus.EXPIRED, "", ("mine", "")),
        (Execution.TRADE, OrderStatus.FILLED, "", ("mine", "")),
    ],
)
def test_a_cancel_has_two_client_ids(
    execution: Execution, status: OrderStatus, cancel: str, both: tuple[str, str]
) -> None:
    said = told(report(execution=execution, status=status, client_cancel_id=cancel))

    assert (said["c"], said["C"]) == both


@pytest.mark.parametrize(
    ("status", "written"),
    [
        (OrderStatus.OPEN, "NEW"),
        (OrderStatus.PARTIALLY_FILLED, "PARTIALLY_FILLED"),
        (OrderStatus.FILLED, "FILLED"),
        (OrderStatus.CANCELLED, "CANCELED"),
        (OrderStatus.EXPIRED, "EXPIRED"),
        (OrderStatus.EXPIRED_IN_MATCH, "EXPIRED_IN_MATCH"),
    ],
)
def test_statuses_are_written_as_binance_does(status: OrderStatus, written: str) -> None:
    assert told(report(status=status))["X"] == written


@pytest.mark.parametrize(
    ("changes", "there"),
    [
        ({}, {"W"}),
        ({"working": False, "working_at_ms": 0}, set()),
        ({"expiry": ExpiryReason.OCO_TRIGGER}, {"W", "eR"}),
        ({"expires_at_ms": 5}, {"W", "gtd"}),
        ({"prevented": MATCH}, {"W", *["v", "A", "B", "u", "U", "Cs", "pl", "pL", "pY"]}),
    ],
)
def test_conditional_fields_are_there_only_where_they_mean_something(
    changes: dict[str, object], there: set[str]
) -> None:
    assert set(told(report(**changes))) - ALWAYS == there


def test_a_prevented_match_is_told_with_what_it_would_have_been() -> None:
    said = told(
        report(
            execution=Execution.TRADE_PREVENTION,
            status=OrderStatus.EXPIRED_IN_MATCH,
            expiry=ExpiryReason.SELF_TRADE_PREVENTION,
            prevented=MATCH,
        )
    )

    assert (said["x"], said["X"]) == ("TRADE_PREVENTION", "EXPIRED_IN_MATCH")
    assert (said["v"], said["A"], said["B"], said["u"]) == (3, "2.00000000", "2.00000000", 7)
    assert (said["U"], said["Cs"]) == (37, "ETHBTC")
    assert (said["pl"], said["pL"], said["pY"]) == ("0.50000000", "0.04000000", "0.02000000")


def test_a_leg_names_its_list() -> None:
    assert execution_report(report(list_id=9), NOW)["g"] == 9


@pytest.mark.parametrize(
    ("status", "kind"), [(ListStatus.EXECUTING, "EXEC_STARTED"), (ListStatus.ALL_DONE, "ALL_DONE")]
)
def test_a_list_is_told_with_its_orders(status: ListStatus, kind: str) -> None:
    event = ListReported(
        user_id=7,
        list_id=9,
        symbol="ETHBTC",
        list_client_order_id="pair",
        status=status,
        orders=(
            ListedOrder(order_id=42, client_order_id="above"),
            ListedOrder(order_id=43, client_order_id="below"),
        ),
        at_ms=1_800_000_000_001,
    )

    assert told(event) == {
        "e": "listStatus",
        "E": NOW,
        "s": "ETHBTC",
        "g": 9,
        "c": "OCO",
        "l": kind,
        "L": status,
        "r": "NONE",
        "C": "pair",
        "T": 1_800_000_000_001,
        "O": [{"s": "ETHBTC", "i": 42, "c": "above"}, {"s": "ETHBTC", "i": 43, "c": "below"}],
    }


def test_balances_are_told_as_free_and_locked() -> None:
    held = [Balance("BTC", Amount("1.5"), Amount("0.00000001"))]

    assert json.loads(account_position(held, 5, NOW)) == {
        "e": "outboundAccountPosition",
        "E": NOW,
        "u": 5,
        "B": [{"a": "BTC", "f": "1.50000000", "l": "0.00000001"}],
    }


def test_a_deposit_is_told_as_its_change() -> None:
    assert json.loads(balance_update("BTC", Amount("100"), 5, NOW)) == {
        "e": "balanceUpdate",
        "E": NOW,
        "a": "BTC",
        "d": "100.00000000",
        "T": 5,
    }
