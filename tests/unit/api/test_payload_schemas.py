"""What the gateway tells in Binance's dialect is what its published schemas say, to the field."""

import json
from typing import Any, get_args

import httpx
import pytest

from api.export import openapi
from api.order_payloads import STATUSES
from api.payload_schemas import ANSWERED, STREAMED, add_payload_schemas
from api.stream.stomp_feeds import _snapshot
from api.stream.user_payloads import account_position, user_event
from contracts.account_events import AccountPosition, ExecutionReport
from contracts.amounts import Amount
from contracts.market_events import DepthSnapshot, DepthUpdate, KlineEvent, MiniTicker, TradeEvent
from contracts.matching import BookUpdated
from contracts.message import MalformedMessage, decode
from contracts.order_views import TradeView
from contracts.orders import ExpiryReason, OrderStatus
from contracts.rest_rows import (
    KlineRow,
    MiniTickerRow,
    MyTrade,
    OrderRow,
    TickerRow,
    ToldStatus,
    TradeRow,
)
from contracts.streams import Interval
from contracts.user_events import Execution
from market_data import payloads, ticker_payloads
from market_data.book_queries import Depth
from market_data.depth import DepthBook
from market_data.records import Candle, RollingFigures
from tests.support.random_trades import SYMBOL, made
from tests.unit.api.conftest import House
from tests.unit.api.fakes import Balance
from tests.unit.api.rows import row
from tests.unit.api.signing import Trader
from tests.unit.api.stream.test_user_payloads import FILL, MATCH, report
from tests.unit.api.test_market_data import get

NOW_MS = 1_800_000_000_005
BTC = {"symbol": "BTCUSDT"}


OWN_TRADE = TradeView(
    trade_id=56,
    order_id=41,
    symbol="BTCUSDT",
    price=Amount("60000"),
    quantity=Amount("0.5"),
    quote_quantity=Amount("30000"),
    commission=Amount("0.0005"),
    commission_asset="BTC",
    at_ms=NOW_MS,
    is_buyer=True,
    is_maker=False,
)


def candle() -> Candle:
    return Candle(
        open_ms=60_000,
        close_ms=119_999,
        **dict.fromkeys(("open_e8", "high_e8", "low_e8", "close_e8"), 10**8),
        **dict.fromkeys(("volume_e8", "quote_e8", "taker_volume_e8", "taker_quote_e8"), 5),
        trades=3,
        first_id=100,
        last_id=102,
    )


def figures() -> RollingFigures:
    return RollingFigures(
        symbol=SYMBOL,
        **dict.fromkeys(("open_ms", "close_ms", "first_id", "last_id", "trades"), 7),
        **dict.fromkeys(("open_e8", "high_e8", "low_e8", "last_e8", "last_quantity_e8"), 7),
        **dict.fromkeys(("previous_close_e8", "volume_e8", "quote_e8"), 7),
        **dict.fromkeys(("bid_e8", "bid_quantity_e8", "ask_e8", "ask_quantity_e8"), 7),
    )


def depth_update() -> str:
    book = DepthBook(SYMBOL)
    book.apply(BookUpdated(symbol=SYMBOL, book_seq=1, bids=((100, 5),), asks=((101, 3),)), 0)
    return payloads.depth_update(book, 1, [100, 99], [101], NOW_MS)


def depth_snapshot() -> str:
    level = (Amount("60000"), Amount("0.5"))
    return _snapshot(Depth(last_update_id=160, bids=(level, level), asks=()))


STREAMS = {
    "trade": (payloads.trade(made(1, 2, 3, 4, maker=True), NOW_MS), TradeEvent),
    "kline": (payloads.kline(SYMBOL, Interval.HOUR_1, candle(), True, NOW_MS), KlineEvent),
    "depth update": (depth_update(), DepthUpdate),
    "depth snapshot": (depth_snapshot(), DepthSnapshot),
    "mini tickers": (
        f"[{ticker_payloads.mini_ticker(figures(), NOW_MS)}]",
        tuple[MiniTicker, ...],
    ),
    "a new order": (user_event(report(), NOW_MS), ExecutionReport),
    "a fill": (user_event(report(execution=Execution.TRADE, fill=FILL), NOW_MS), ExecutionReport),
    "an end": (
        user_event(
            report(
                execution=Execution.EXPIRED,
                status=OrderStatus.EXPIRED,
                expires_at_ms=NOW_MS,
                expiry=next(iter(ExpiryReason)),
            ),
            NOW_MS,
        ),
        ExecutionReport,
    ),
    "a prevented match": (user_event(report(prevented=MATCH), NOW_MS), ExecutionReport),
    "balances": (
        account_position([Balance("USDT", Amount("5"), Amount("1"))], NOW_MS, NOW_MS),
        AccountPosition,
    ),
}


@pytest.mark.parametrize("told", STREAMS)
def test_what_streams_tell_has_the_fields_of_its_schema(told: str) -> None:
    text, kind = STREAMS[told]
    decode(text.encode(), kind)


@pytest.mark.parametrize("told", ["trade", "depth update", "a new order", "balances"])
def test_a_field_more_or_less_is_noticed(told: str) -> None:
    text, kind = STREAMS[told]
    payload = json.loads(text)
    for wrong in ({**payload, "new": 1}, {k: v for k, v in payload.items() if k != "E"}):
        with pytest.raises(MalformedMessage):
            decode(json.dumps(wrong).encode(), kind)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("trades?symbol=BTCUSDT", tuple[TradeRow, ...]),
        ("klines?symbol=BTCUSDT&interval=1m", tuple[KlineRow, ...]),
        ("ticker/24hr?symbol=BTCUSDT", TickerRow),
        ("ticker/24hr", tuple[TickerRow, ...]),
        ("ticker/24hr?type=MINI", tuple[MiniTickerRow, ...]),
        ("depth?symbol=BTCUSDT", DepthSnapshot),
    ],
)
async def test_what_everybody_is_answered_has_the_fields_of_its_schema(
    client: httpx.AsyncClient, path: str, kind: Any
) -> None:
    answer = json.dumps(await get(client, path)).encode()
    decode(answer, kind)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("openOrders", tuple[OrderRow, ...]),
        ("allOrders", tuple[OrderRow, ...]),
        ("myTrades", tuple[MyTrade, ...]),
    ],
)
async def test_what_a_user_is_answered_has_the_fields_of_its_schema(
    ada: Trader, house: House, path: str, kind: Any
) -> None:
    house.orders.rows = [row(ada.user_id), row(ada.user_id, order_id=42, expires_at_ms=NOW_MS)]
    house.orders.own_trades = [OWN_TRADE]
    answer = await ada.call("GET", path, BTC)
    assert answer.status_code == 200, answer.text
    assert answer.content != b"[]"
    decode(answer.content, kind)


def test_statuses_are_those_that_are_told() -> None:
    assert set(get_args(ToldStatus)) == set(STATUSES.values())


def test_the_document_has_all_of_them_with_amounts_as_text() -> None:
    schemas = openapi()["components"]["schemas"]
    for kind in (*ANSWERED, *STREAMED):
        assert kind.__name__ in schemas
    text = json.dumps([schemas[kind.__name__] for kind in (*ANSWERED, *STREAMED)])
    assert '"type": "number"' not in text
    assert schemas["ExecutionReport"]["properties"]["L"]["type"] == "string"
    assert schemas["KlineRow"]["prefixItems"][1]["type"] == "string"


def test_two_schemas_of_one_name_are_refused() -> None:
    document = {"components": {"schemas": {"OrderRow": {"type": "string"}}}}
    with pytest.raises(ValueError, match="two schemas of one name: OrderRow"):
        add_payload_schemas(document)
