"""A user's own events as Binance writes them. Times in ms, amounts as text of 8 decimals.

Source of the keys: Binance's user-data-stream.md. `E` is when the gateway tells of it.
"""

from collections.abc import Sequence
from typing import Final

from api.order_payloads import NO_LIST, STATUSES
from api.ports import BalanceView
from contracts.amounts import UNIT, ZERO, Amount
from contracts.message import encode
from contracts.user_events import (
    Execution,
    ListReported,
    ListStatus,
    OrderReported,
    PreventedMatch,
    UserEvent,
)

NO_TRADE: Final = -1
_CARRIES_ORIGINAL_ID: Final = frozenset({Execution.CANCELED, Execution.REPLACED})


def user_event(event: UserEvent, now_ms: int) -> str:
    """An `executionReport` or a `listStatus` as JSON text."""
    payload = (
        execution_report(event, now_ms)
        if isinstance(event, OrderReported)
        else list_status(event, now_ms)
    )
    return encode(payload).decode()


def execution_report(report: OrderReported, now_ms: int) -> dict[str, object]:
    """One change of one order.

    Of a cancelled order `C` is its own client id and `c` the cancel's, or its own again where
    nobody named the cancel. `I` counts the changes of the order.
    """
    fill = report.fill
    payload: dict[str, object] = {
        "e": "executionReport",
        "E": now_ms,
        "s": report.symbol,
        "c": report.client_cancel_id or report.client_order_id,
        "S": report.side,
        "o": report.order_type,
        "f": report.time_in_force,
        "q": report.quantity,
        "p": report.price,
        "P": report.stop_price,
        "F": report.iceberg_quantity,
        "g": report.list_id or NO_LIST,
        "C": report.client_order_id if report.execution in _CARRIES_ORIGINAL_ID else "",
        "x": report.execution,
        "X": STATUSES[report.status],
        "r": "NONE",
        "i": report.order_id,
        "l": ZERO if fill is None else fill.quantity,
        "z": report.filled_quantity,
        "L": ZERO if fill is None else fill.price,
        "n": ZERO if fill is None else fill.commission,
        "N": None if fill is None else fill.commission_asset,
        "T": report.at_ms,
        "t": NO_TRADE if fill is None else fill.trade_id,
        "I": report.sequence,
        "w": report.working,
        "m": fill is not None and fill.is_maker,
        "M": fill is not None,
        "O": report.created_at_ms,
        "Z": report.filled_quote,
        "Y": ZERO if fill is None else fill.quote_quantity,
        "Q": report.quote_quantity,
        "V": report.self_trade_prevention,
    }
    if report.working_at_ms:
        payload["W"] = report.working_at_ms
    if report.expires_at_ms:
        payload["gtd"] = report.expires_at_ms
    if report.expiry is not None:
        payload["eR"] = report.expiry
    if report.prevented is not None:
        payload |= _prevented(report, report.prevented)
    return payload


def list_status(report: ListReported, now_ms: int) -> dict[str, object]:
    """A list of orders has begun or is done."""
    done = report.status is ListStatus.ALL_DONE
    return {
        "e": "listStatus",
        "E": now_ms,
        "s": report.symbol,
        "g": report.list_id,
        "c": "OCO",
        "l": "ALL_DONE" if done else "EXEC_STARTED",
        "L": report.status,
        "r": "NONE",
        "C": report.list_client_order_id,
        "T": report.at_ms,
        "O": [
            {"s": report.symbol, "i": leg.order_id, "c": leg.client_order_id}
            for leg in report.orders
        ],
    }


def account_position(balances: Sequence[BalanceView], changed_at_ms: int, now_ms: int) -> str:
    """`outboundAccountPosition`: what the currencies that moved have come to, as JSON text."""
    return encode(
        {
            "e": "outboundAccountPosition",
            "E": now_ms,
            "u": changed_at_ms,
            "B": [{"a": b.currency, "f": b.available, "l": b.reserved} for b in balances],
        }
    ).decode()


def balance_update(currency: str, change: Amount, at_ms: int, now_ms: int) -> str:
    """`balanceUpdate`: money came in from outside, as JSON text."""
    return encode(
        {"e": "balanceUpdate", "E": now_ms, "a": currency, "d": change, "T": at_ms}
    ).decode()


def _prevented(report: OrderReported, match: PreventedMatch) -> dict[str, object]:
    """All orders of one user are one trade group."""
    fields: dict[str, object] = {
        "v": match.prevented_match_id,
        "A": match.prevented_quantity,
        "B": match.prevented_quantity,
        "u": report.user_id,
        "U": match.counter_order_id,
        "Cs": report.symbol,
        "pL": match.price,
    }
    if match.match_quantity is not None:
        fields["pl"] = match.match_quantity
        fields["pY"] = Amount((match.match_quantity * match.price).quantize(UNIT))
    return fields
