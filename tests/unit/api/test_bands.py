"""Ops set a market's price band; whoever describes or prices an order follows it."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
from structlog.testing import capture_logs

from api.bands import BandRequest
from api.current_markets import CurrentMarkets
from api.errors import band_refused
from config.markets import load_markets
from contracts.amounts import Amount
from contracts.identity import Role
from contracts.orders import Refusal
from orders.market_band import MarketBand
from tests.unit.api.conftest import House
from tests.unit.api.signing import Trader

PATH = "/v1/markets/BTCUSDT/band"
NARROW = {"bid_down": "0.95", "bid_up": "1.01", "ask_down": "0.99", "ask_up": "1.05"}
FIGURES = {
    "bid_down_ppm": 950_000,
    "bid_up_ppm": 1_010_000,
    "ask_down_ppm": 990_000,
    "ask_up_ppm": 1_050_000,
}
NARROW_BAND = MarketBand(log_offset=7, **FIGURES)


async def test_ops_set_and_restore_a_band(client: httpx.AsyncClient, house: House) -> None:
    ops = await house.bearer("olga", Role.OPS)
    assert (await client.put(PATH, json=NARROW, headers=ops)).status_code == 204
    ((symbol, band),) = house.markets.bands
    assert symbol == "BTCUSDT"
    assert {name: getattr(band, name) for name in FIGURES} == FIGURES
    assert band.reference_ticks == 0
    assert (await client.delete(PATH, headers=ops)).status_code == 204
    assert house.markets.done == [("restore_band", "BTCUSDT")]


async def test_the_logs_say_who_has_asked(client: httpx.AsyncClient, house: House) -> None:
    ops = await house.bearer("olga", Role.OPS)
    with capture_logs() as told:
        await client.put(PATH, json=NARROW, headers=ops)
        await client.delete(PATH, headers=ops)
        await client.post("/v1/markets/BTCUSDT/halt", json={"reason": "a bad feed"}, headers=ops)
        await client.post("/v1/markets/BTCUSDT/resume", headers=ops)
    asked = [line for line in told if line["event"] == "markets.asked"]
    olga = (await house.identity.authenticate(ops["Authorization"].split()[1])).user_id
    assert {(line["user_id"], line["symbol"]) for line in asked} == {(olga, "BTCUSDT")}
    assert [line["act"] for line in asked] == ["set_band", "restore_band", "halt", "resume"]
    assert {name: asked[0][name] for name in NARROW} == {
        "bid_down": "0.95000000",
        "bid_up": "1.01000000",
        "ask_down": "0.99000000",
        "ask_up": "1.05000000",
    }
    assert asked[2]["reason"] == "a bad feed"
    assert house.markets.askers == [olga] * 4


@pytest.mark.parametrize("role", [Role.TRADER, Role.COMPLIANCE])
async def test_nobody_else_sets_a_band(client: httpx.AsyncClient, house: House, role: Role) -> None:
    headers = await house.bearer("ada", role)
    assert (await client.put(PATH, json=NARROW, headers=headers)).status_code == 403
    assert (await client.delete(PATH, headers=headers)).status_code == 403
    assert (house.markets.bands, house.markets.done) == ([], [])


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
async def test_an_unknown_market_has_no_band(
    client: httpx.AsyncClient, house: House, method: str
) -> None:
    ops = await house.bearer("olga", Role.OPS)
    body = NARROW if method == "PUT" else None
    answer = await client.request(method, "/v1/markets/NOPE/band", json=body, headers=ops)
    assert (answer.status_code, answer.json()["code"]) == (404, -1121)


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
async def test_a_market_that_takes_no_orders_has_no_use_for_a_band(
    tmp_path: Path, method: str
) -> None:
    house = House(tmp_path, load_markets(bench=True))
    bench = next(m.symbol for m in house.current_markets.values() if not m.settles)
    ops = await house.bearer("olga", Role.OPS)
    body = NARROW if method == "PUT" else None
    transport = httpx.ASGITransport(app=house.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as client:
        answer = await client.request(method, f"/v1/markets/{bench}/band", json=body, headers=ops)
    assert (answer.status_code, answer.json()["code"]) == (400, -1130)


DOWN_RANGE = "it must be 0.01 to 0.999 times the last price"
UP_RANGE = "it must be 1.001 to 100 times the last price"
NO_NUMBER = "a string with a plain decimal number, at most 6 decimals"


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [
        ("bid_down", "0", DOWN_RANGE),
        ("bid_down", "-0.5", DOWN_RANGE),
        ("bid_down", "1", DOWN_RANGE),
        ("bid_down", "1.2", DOWN_RANGE),
        ("bid_down", "0.009999", DOWN_RANGE),
        ("ask_down", "0.999001", DOWN_RANGE),
        ("bid_up", "0.99", UP_RANGE),
        ("bid_up", "1", UP_RANGE),
        ("ask_up", "1.000999", UP_RANGE),
        ("ask_up", "100.000001", UP_RANGE),
        ("ask_up", "1000000", UP_RANGE),
        ("ask_up", "1.0500001", NO_NUMBER),
        ("ask_up", "5e0", NO_NUMBER),
        ("ask_up", "", NO_NUMBER),
        ("ask_up", 5, NO_NUMBER),
        ("ask_up", None, NO_NUMBER),
        ("ask_up", "NaN", NO_NUMBER),
    ],
)
async def test_a_senseless_figure_is_refused_by_name(
    client: httpx.AsyncClient, house: House, field: str, value: object, error: str
) -> None:
    ops = await house.bearer("olga", Role.OPS)
    answer = await client.put(PATH, json=NARROW | {field: value}, headers=ops)
    assert answer.status_code == 422
    assert answer.json()["fields"] == [{"field": f"body.{field}", "error": f"Value error, {error}"}]
    assert house.markets.bands == []


@pytest.mark.parametrize(
    "body", [{**NARROW, "reference": "1"}, {k: v for k, v in NARROW.items() if k != "ask_up"}, {}]
)
async def test_all_four_figures_and_no_more(
    client: httpx.AsyncClient, house: House, body: dict[str, str]
) -> None:
    ops = await house.bearer("olga", Role.OPS)
    assert (await client.put(PATH, json=body, headers=ops)).status_code == 422
    assert house.markets.bands == []


def test_the_widest_and_the_narrowest_band_are_let_in() -> None:
    wide = BandRequest(bid_down="0.01", bid_up="100", ask_down="0.01", ask_up="100")
    narrow = BandRequest(bid_down="0.999", bid_up="1.001", ask_down="0.999", ask_up="1.001")
    assert (wide.figures().bid_down_ppm, wide.figures().ask_up_ppm) == (10_000, 100_000_000)
    assert (narrow.figures().ask_down_ppm, narrow.figures().bid_up_ppm) == (999_000, 1_001_000)


def test_what_the_engine_refuses_is_told() -> None:
    unknown, senseless = (band_refused(r) for r in (Refusal.UNKNOWN_SYMBOL, Refusal.INVALID_ORDER))
    assert (unknown.status, unknown.code) == (404, -1121)
    assert (senseless.status, senseless.code) == (400, -1130)


async def test_exchange_info_and_execution_rules_follow_the_band(
    client: httpx.AsyncClient, house: House
) -> None:
    house.current_markets.learn("BTCUSDT", NARROW_BAND)
    symbols = (await client.get("/api/v3/exchangeInfo")).json()["symbols"]
    told = {
        s["symbol"]: next(f for f in s["filters"] if f["filterType"] == "PERCENT_PRICE_BY_SIDE")
        for s in symbols
    }
    assert told["BTCUSDT"] == {
        "filterType": "PERCENT_PRICE_BY_SIDE",
        "bidMultiplierUp": "1.01000000",
        "bidMultiplierDown": "0.95000000",
        "askMultiplierUp": "1.05000000",
        "askMultiplierDown": "0.99000000",
        "avgPriceMins": 0,
    }
    assert told["ETHUSDT"]["bidMultiplierUp"] == "1.10000000"
    rules = (await client.get("/api/v3/executionRules?symbol=BTCUSDT")).json()
    assert rules["symbolRules"][0]["rules"] == [
        {
            "ruleType": "PRICE_RANGE",
            "bidLimitMultUp": "1.01000000",
            "bidLimitMultDown": "0.95000000",
            "askLimitMultUp": "1.05000000",
            "askLimitMultDown": "0.99000000",
        }
    ]


async def test_ops_see_whose_band_holds_and_the_configured_one(
    client: httpx.AsyncClient, house: House
) -> None:
    house.current_markets.learn("BTCUSDT", NARROW_BAND)
    house.current_markets.learn("ETHUSDT", MarketBand(log_offset=3))
    ops, trader = await house.bearer("olga", Role.OPS), await house.bearer("ada")
    configured = {
        "bid_down": "0.20000000",
        "bid_up": "1.10000000",
        "ask_down": "0.90000000",
        "ask_up": "5.00000000",
    }
    assert (await client.get("/v1/markets/bands", headers=trader)).status_code == 403
    rows = (await client.get("/v1/markets/bands", headers=ops)).json()
    assert rows[0] == {
        "symbol": "BTCUSDT",
        "set_by_operator": True,
        "holds": {
            "bid_down": "0.95000000",
            "bid_up": "1.01000000",
            "ask_down": "0.99000000",
            "ask_up": "1.05000000",
        },
        "configured": configured,
    }
    assert [row["set_by_operator"] for row in rows] == [True, False, False]
    assert rows[1]["holds"] == rows[1]["configured"] == configured


async def test_a_market_order_reserves_up_to_the_band(ada: Trader, house: House) -> None:
    house.current_markets.learn("BTCUSDT", NARROW_BAND)
    house.market_data.last = Amount("60000")
    order = {"symbol": "BTCUSDT", "side": "BUY", "type": "MARKET", "quantity": "0.5"}
    await ada.call("POST", "order", order)
    (placed,) = house.sagas.placed
    assert placed.reserve_amount == Decimal("60000") * Decimal("1.01") / 2
    assert house.current_markets["BTCUSDT"].price(placed.price_ticks) == Decimal("60600")


def test_the_newest_of_the_log_counts() -> None:
    markets = CurrentMarkets(load_markets())

    def bid_up() -> int:
        return markets["BTCUSDT"].bid_up_ppm

    markets.learn("BTCUSDT", NARROW_BAND)
    assert bid_up() == 1_010_000
    for offset in (6, 7):  # late, and again
        markets.learn("BTCUSDT", MarketBand(log_offset=offset))
        assert bid_up() == 1_010_000
    markets.learn("BTCUSDT", MarketBand(log_offset=8))
    assert bid_up() == 1_100_000
    assert dict(markets) == load_markets()


def test_a_band_that_nobody_could_have_set_here_is_passed_over() -> None:
    markets = CurrentMarkets(load_markets())
    markets.learn("BTCUSDT", MarketBand(log_offset=1, **FIGURES | {"bid_up_ppm": 5}))
    markets.learn("NOPE", NARROW_BAND)
    assert dict(markets) == load_markets()


async def test_a_database_that_is_away_leaves_what_was_known() -> None:
    answers: list[Any] = [{"BTCUSDT": NARROW_BAND}, OSError("away"), {}]

    async def read() -> dict[str, MarketBand]:
        answer = answers.pop(0)
        if isinstance(answer, OSError):
            raise answer
        return answer  # type: ignore[no-any-return]

    markets = CurrentMarkets(load_markets(), read)
    for _ in range(3):
        await markets.look()
        assert markets["BTCUSDT"].bid_up_ppm == 1_010_000
