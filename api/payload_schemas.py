"""The schemas of Binance's payloads that the screen reads, for the OpenAPI document.

Their routes answer bytes that were made elsewhere; nothing here is asked when they answer.
"""

from typing import Any, Final

from contracts.account_events import AccountPosition, ExecutionReport, PositionBalance
from contracts.market_events import (
    DepthSnapshot,
    DepthUpdate,
    Kline,
    KlineEvent,
    MiniTicker,
    TradeEvent,
)
from contracts.payloads import payload_schemas
from contracts.rest_rows import KlineRow, MiniTickerRow, MyTrade, OrderRow, TickerRow, TradeRow

ANSWERED: Final[tuple[type, ...]] = (
    DepthSnapshot,
    KlineRow,
    MiniTickerRow,
    MyTrade,
    OrderRow,
    TickerRow,
    TradeRow,
)
STREAMED: Final[tuple[type, ...]] = (
    AccountPosition,
    DepthUpdate,
    ExecutionReport,
    Kline,
    KlineEvent,
    MiniTicker,
    PositionBalance,
    TradeEvent,
)


def add_payload_schemas(document: dict[str, Any]) -> None:
    """Put them among the document's components. Raises ValueError where a name is taken."""
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    added = payload_schemas([*ANSWERED, *STREAMED])
    if taken := [name for name in added if schemas.get(name, added[name]) != added[name]]:
        raise ValueError(f"two schemas of one name: {', '.join(taken)}")
    schemas |= added


def reference(kind: type) -> dict[str, Any]:
    """To one of these schemas."""
    return {"$ref": f"#/components/schemas/{kind.__name__}"}


def list_of(kind: type) -> dict[str, Any]:
    """A list of such rows."""
    return {"type": "array", "items": reference(kind)}
