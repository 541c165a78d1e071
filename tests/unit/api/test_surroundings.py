"""What surrounds every request: limits, headers, pages, documentation, health."""

from collections.abc import AsyncIterator

import httpx
import pytest

from api.app import create_routes
from api.health import Health
from tests.unit.api.conftest import House
from tests.unit.api.signing import Trader


async def _chunks(total: int) -> AsyncIterator[bytes]:
    for _ in range(total // 1024 + 1):
        yield b"x" * 1024


@pytest.mark.parametrize("path", ["/v1/users", "/v1/oauth/token"])
async def test_a_body_beyond_the_limit_is_refused_with_or_without_a_length(
    client: httpx.AsyncClient, path: str
) -> None:
    for answer in (
        await client.post(path, content=b"x" * 65_537),
        await client.post(path, content=_chunks(65_537)),
        await client.post(path, content=b"x", headers={"Content-Length": "many"}),
    ):
        assert answer.status_code == 413
        assert answer.json()["code"] == -1101


async def test_a_signed_request_with_a_large_body_is_refused(ada: Trader) -> None:
    assert (await ada.raw("POST", "order", "", "x" * 65_537)).status_code == 413


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
@pytest.mark.parametrize("path", ["/api/v3/nothing", "/v1/nothing", "/sapi/v1/nothing"])
async def test_an_unknown_path_is_a_json_404(
    client: httpx.AsyncClient, method: str, path: str
) -> None:
    answer = await client.request(method, path)
    assert (answer.status_code, answer.json()) == (404, {"code": -1000, "msg": "Not Found."})


async def test_every_answer_carries_a_correlation_id_and_security_headers(
    client: httpx.AsyncClient,
) -> None:
    for path in ("/api/v3/ping", "/api/v3/nothing", "/", "/docs"):
        answer = await client.get(path, headers={"X-Correlation-Id": "mine-1"})
        assert answer.headers["X-Correlation-Id"] == "mine-1"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
        assert "Access-Control-Allow-Origin" not in answer.headers
    forged = await client.get("/api/v3/ping", headers={"X-Correlation-Id": "a\tb" * 50})
    assert len(forged.headers["X-Correlation-Id"]) == 36


def _policy(answer: httpx.Response) -> dict[str, str]:
    directives = answer.headers["Content-Security-Policy"].split("; ")
    return dict(directive.split(" ", 1) for directive in directives)


@pytest.mark.parametrize(
    ("base", "sockets"),
    [
        ("http://127.0.0.1:8000", "ws://127.0.0.1:8000"),
        ("http://gateway", "ws://gateway"),
        ("https://exchange.example", "wss://exchange.example"),
        ("http://[::1]:8000", "ws://[::1]:8000"),
    ],
)
async def test_a_page_may_talk_to_its_own_host_alone(house: House, base: str, sockets: str) -> None:
    transport = httpx.ASGITransport(app=house.app)
    async with httpx.AsyncClient(transport=transport, base_url=base) as client:
        policy = _policy(await client.get("/"))
    assert policy["connect-src"] == f"'self' {sockets}"


async def test_a_host_that_is_none_is_not_repeated(client: httpx.AsyncClient) -> None:
    for host in ("evil; script-src *", "a b", "*", "x" * 9 + ":99999999", "a,b"):
        policy = _policy(await client.get("/", headers={"Host": host}))
        assert policy["connect-src"] == "'self'"
        assert "script-src" not in policy


@pytest.mark.parametrize("path", ["/", "/docs", "/api/v3/ping", "/api/v3/nothing"])
async def test_nobody_frames_a_page_or_moves_its_base_or_its_forms(
    client: httpx.AsyncClient, path: str
) -> None:
    policy = _policy(await client.get(path))
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert policy["form-action"] == policy["default-src"] == "'self'"


async def test_a_defect_shows_no_stack_trace(client: httpx.AsyncClient, house: House) -> None:
    bearer = await house.bearer("ada")
    house.store.sessions = None  # type: ignore[assignment]
    answer = await client.get("/v1/balances", headers=bearer)
    assert answer.status_code == 500
    assert answer.json() == {
        "code": -1000,
        "msg": "An unknown error occurred while processing the request.",
    }


async def test_weight_is_counted_and_ends(client: httpx.AsyncClient) -> None:
    answers = [await client.get("/api/v3/depth?symbol=BTCUSDT&limit=5000") for _ in range(13)]
    assert [a.status_code for a in answers] == [200] * 12 + [429]
    assert answers[0].headers["X-MBX-USED-WEIGHT-1M"] == "250"
    assert answers[-1].json()["code"] == -1003
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 60


async def test_depth_is_text_and_its_limit_is_cut(client: httpx.AsyncClient, house: House) -> None:
    answer = await client.get("/api/v3/depth?symbol=BTCUSDT&limit=9999")
    assert answer.json() == {
        "lastUpdateId": 160,
        "bids": [["60000.00000000", "0.50000000"]],
        "asks": [["60001.00000000", "1.00000000"]],
    }
    assert house.market_data.limits == [5000]


async def test_exchange_info_is_what_clients_need_to_trade(client: httpx.AsyncClient) -> None:
    info = (await client.get("/api/v3/exchangeInfo?symbol=BTCUSDT")).json()
    (market,) = info["symbols"]
    assert (market["status"], market["permissionSets"]) == ("TRADING", [["SPOT"]])
    assert [limit["limit"] for limit in info["rateLimits"]] == [3_000, 20, 200_000, 61_000]
    assert market["orderTypes"] == [
        "LIMIT",
        "MARKET",
        "LIMIT_MAKER",
        "STOP_LOSS",
        "STOP_LOSS_LIMIT",
        "TAKE_PROFIT",
        "TAKE_PROFIT_LIMIT",
    ]
    allowed = {name for name, value in market.items() if value is True}
    assert allowed == {
        "icebergAllowed",
        "ocoAllowed",
        "quoteOrderQtyMarketAllowed",
        "cancelReplaceAllowed",
        "amendAllowed",
        "isSpotTradingAllowed",
    }
    modes = ["NONE", "EXPIRE_TAKER", "EXPIRE_MAKER", "EXPIRE_BOTH"]
    assert market["allowedSelfTradePreventionModes"] == modes
    assert market["defaultSelfTradePreventionMode"] == "NONE"


async def test_the_filters_are_those_that_orders_are_held_against(
    client: httpx.AsyncClient,
) -> None:
    info = (await client.get("/api/v3/exchangeInfo?symbol=BTCUSDT")).json()
    sizes = {"minQty": "0.00001000", "maxQty": "9000.00000000", "stepSize": "0.00001000"}
    assert {f.pop("filterType"): f for f in info["symbols"][0]["filters"]} == {
        "PRICE_FILTER": {
            "minPrice": "0.01000000",
            "maxPrice": "1000000.00000000",
            "tickSize": "0.01000000",
        },
        "LOT_SIZE": sizes,
        "MARKET_LOT_SIZE": sizes,
        "ICEBERG_PARTS": {"limit": 10},
        "PERCENT_PRICE_BY_SIDE": {
            "bidMultiplierUp": "1.10000000",
            "bidMultiplierDown": "0.20000000",
            "askMultiplierUp": "5.00000000",
            "askMultiplierDown": "0.90000000",
            "avgPriceMins": 0,
        },
        "NOTIONAL": {
            "minNotional": "5.00000000",
            "applyMinToMarket": True,
            "maxNotional": "9000000.00000000",
            "applyMaxToMarket": True,
            "avgPriceMins": 0,
        },
        "MAX_NUM_ORDERS": {"maxNumOrders": 200},
        "MAX_NUM_ALGO_ORDERS": {"maxNumAlgoOrders": 5},
        "MAX_NUM_ICEBERG_ORDERS": {"maxNumIcebergOrders": 20},
        "MAX_NUM_ORDER_LISTS": {"maxNumOrderLists": 20},
    }


@pytest.mark.parametrize(
    ("query", "symbols"),
    [
        ("", ["BTCUSDT", "ETHUSDT", "ETHBTC"]),
        ("symbols=%5B%22ETHBTC%22%2C%22BTCUSDT%22%5D", ["ETHBTC", "BTCUSDT"]),
        ("permissions=SPOT", ["BTCUSDT", "ETHUSDT", "ETHBTC"]),
        ("permissions=%5B%22MARGIN%22%2C%22SPOT%22%5D", ["BTCUSDT", "ETHUSDT", "ETHBTC"]),
        ("permissions=MARGIN", []),
        ("permissions=SPOT&symbolStatus=TRADING", ["BTCUSDT", "ETHUSDT", "ETHBTC"]),
        ("symbolStatus=HALT", []),
        ("showPermissionSets=false", ["BTCUSDT", "ETHUSDT", "ETHBTC"]),
    ],
)
async def test_exchange_info_of_what_was_asked_for(
    client: httpx.AsyncClient, query: str, symbols: list[str]
) -> None:
    info = (await client.get(f"/api/v3/exchangeInfo?{query}")).json()
    assert [market["symbol"] for market in info["symbols"]] == symbols
    shown = [] if "showPermissionSets=false" in query else [["SPOT"]]
    assert all(market["permissionSets"] == shown for market in info["symbols"])


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("symbol=NOPE", -1121),
        ("symbols=NOPE", -1100),
        ("symbols=%5B%22NOPE%22%5D", -1121),
        ("symbols=%5B%22BTCUSDT%22%2C%22BTCUSDT%22%5D", -1151),
        ("symbols=" + "%5B" * 500, -1100),
        ("symbol=BTCUSDT&permissions=SPOT", -1128),
        ("symbolStatus=ODD", -1122),
        ("what=1", -1104),
        ("symbol=BTCUSDT&symbol=ETHUSDT", -1101),
    ],
)
async def test_exchange_info_refuses(client: httpx.AsyncClient, query: str, code: int) -> None:
    answer = await client.get(f"/api/v3/exchangeInfo?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, code)


async def test_the_interface_answers_its_own_views(client: httpx.AsyncClient) -> None:
    for path in ("/", "/health", "/orders/7"):
        assert "<title>TradeFlow</title>" in (await client.get(path)).text
    assert (await client.get("/missing.js")).status_code == 404
    assert (await client.get("/..%2f..%2fetc/passwd")).status_code in {200, 404}
    assert "root:" not in (await client.get("/..%2f..%2fetc/passwd")).text


async def test_health_tells_what_is_down(client: httpx.AsyncClient) -> None:
    async def well() -> None:
        return None

    async def unwell() -> None:
        raise ConnectionError("refused")

    for checks, status in (
        ({"mysql": well}, "ok"),
        ({"mysql": well, "kafka": unwell}, "degraded"),
        ({"kafka": unwell}, "down"),
    ):
        health = Health(checks, version="1", temporal_ui="http://x")
        report = await health.report()
        assert report.status == status
        assert (await health.report()) is report
    answer = (await client.get("/v1/health")).json()
    assert set(answer) == {"status", "version", "time", "temporal_ui", "components"}


def test_every_documented_operation_has_an_example(house: House) -> None:
    document = create_routes(house.dependencies).openapi()
    assert {"apiKey", "OAuth2PasswordBearer"} <= set(document["components"]["securitySchemes"])
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            assert operation["summary"], (method, path)
            if path.startswith("/api/v3"):
                content = operation["responses"]["200"]["content"]["application/json"]
                assert "example" in content, (method, path)
            for parameter in operation.get("parameters", ()):
                assert "schema" in parameter, (method, path)
