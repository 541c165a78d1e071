"""Every endpoint weighs what Binance says, and every mistake has its status, code and words."""

import httpx
import msgspec
import pytest

from api.app import create_app, create_routes
from api.errors import OutcomeUnknown
from api.metering import MINUTE_S, VIOLATIONS_MAX, WEIGHT
from api.rate_limits import Window
from contracts.orders import OrderStatus
from tests.unit.api.conftest import House
from tests.unit.api.rows import pair, state
from tests.unit.api.rows import row as order_row
from tests.unit.api.signing import LIMIT_BUY, Trader
from tests.unit.api.surface_mistakes import MISTAKES, Mistake
from tests.unit.api.surface_weights import WEIGHTS, Weight

TOO_HEAVY = (
    "Too much request weight used; current limit is 3000 request weight per 1 MINUTE. Please use"
    " WebSocket Streams for live updates to avoid polling the API."
)


async def ask(
    client: httpx.AsyncClient, ada: Trader, request: Weight | Mistake, **more: str
) -> httpx.Response:
    method, path = request.request_line.split()
    parameters = {**request.parameters, **more}
    if request.signed:
        stamp = {"timestamp": parameters.pop("timestamp", str(ada.clock_ms()))}
        return await ada.call(method, path, parameters, **stamp)
    return await client.request(method, f"/api/v3/{path}", params=parameters)


async def charge_user(house: House, trader: Trader, weight: int) -> None:
    subject = f"user:{trader.user_id}"
    await house.dependencies.rate_limits.take(
        [Window(name=WEIGHT, subject=subject, cost=weight, limit=1 << 40, seconds=MINUTE_S)]
    )


def test_every_endpoint_is_in_the_table(house: House) -> None:
    offered = {
        f"{method.upper()} {path.removeprefix('/api/v3/')}"
        for path, operations in create_routes(house.dependencies).openapi()["paths"].items()
        if path.startswith("/api/v3/")
        for method in operations
    }
    assert offered == {weight.request_line for weight in WEIGHTS}


@pytest.mark.parametrize("row", WEIGHTS, ids=lambda w: f"{w.request_line} {w.weight}")
async def test_a_request_weighs_what_the_table_says_and_reads_all_that_is_sent(
    client: httpx.AsyncClient, ada: Trader, house: House, row: Weight
) -> None:
    house.orders.rows, house.orders.lists = [order_row(ada.user_id)], [pair(ada.user_id)]
    house.sagas.closed = (state(41),)
    house.sagas.amended = state(41, status=OrderStatus.OPEN)
    answer = await ask(client, ada, row)
    assert answer.status_code == 200, answer.json()
    for header in ("X-MBX-USED-WEIGHT", "X-MBX-USED-WEIGHT-1M"):
        assert answer.headers[header] == str(row.weight)

    refused = await ask(client, ada, row, more="1")
    sent = len(row.parameters) + 1 + (2 if row.signed else 0)
    unread = f"read '{sent - 1}' parameter(s) but was sent '{sent}'."
    assert (refused.status_code, refused.json()) == (
        400,
        {"code": -1104, "msg": f"Not all sent parameters were read; {unread}"},
    )
    if row.failed is not None:
        assert refused.headers["X-MBX-USED-WEIGHT-1M"] == str(row.weight + row.failed)


@pytest.mark.parametrize(
    "row",
    [row for row in WEIGHTS if row.failed is not None],
    ids=lambda w: w.request_line,
)
async def test_what_changes_orders_needs_room_and_weighs_only_where_it_fails(
    client: httpx.AsyncClient, ada: Trader, house: House, row: Weight
) -> None:
    limit = house.settings.weight_per_minute
    await charge_user(house, ada, limit - 1)
    house.orders.broken = True
    failed = await ask(client, ada, row)
    assert (failed.status_code, failed.headers["X-MBX-USED-WEIGHT-1M"]) == (503, str(limit))
    house.orders.broken = False
    refused = await ask(client, ada, row)
    assert (refused.status_code, refused.json()["code"]) == (429, -1003)
    assert refused.headers["X-MBX-USED-WEIGHT-1M"] == str(limit)
    assert house.sagas.placed == house.sagas.lists == []


async def test_a_failure_that_comes_when_the_limit_is_reached_is_still_told(
    ada: Trader, house: House
) -> None:
    """An outcome that is unknown must not be hidden by a limit."""
    limit = house.settings.weight_per_minute

    async def reached(*_: object) -> None:
        await charge_user(house, ada, 1)
        raise OutcomeUnknown

    await charge_user(house, ada, limit - 1)
    house.sagas.place = reached  # type: ignore[method-assign, assignment]
    answer = await ada.call("POST", "order", LIMIT_BUY)
    assert (answer.status_code, answer.json()["code"]) == (504, -1007)
    assert answer.headers["X-MBX-USED-WEIGHT-1M"] == str(limit + 1)


async def test_requests_are_counted_whatever_they_weigh(
    house: House, client: httpx.AsyncClient, ada: Trader
) -> None:
    settings = house.settings.model_copy(update={"raw_requests_per_5m": 3})
    dependencies = msgspec.structs.replace(house.dependencies, settings=settings)
    client._transport = httpx.ASGITransport(app=create_app(dependencies))
    for path in ("ping", "ticker/24hr", "exchangeInfo"):  # the second is charged for twice
        answer = await client.get(f"/api/v3/{path}")
        assert answer.status_code == 200
    published = {"rateLimitType": "RAW_REQUESTS", "interval": "MINUTE", "intervalNum": 5}
    assert {**published, "limit": 3} in answer.json()["rateLimits"]
    refused = await client.get("/api/v3/ping")
    assert (refused.status_code, refused.json()) == (
        429,
        {
            "code": -1003,
            "msg": "Too many requests; current limit is 3 requests per 5 MINUTE. Please use"
            " WebSocket Streams for live updates to avoid polling the API.",
        },
    )
    assert 0 < int(refused.headers["Retry-After"]) <= 300
    for _ in range(3):  # of a user, and weighing nothing
        assert (await ada.call("POST", "order", LIMIT_BUY)).status_code == 200
    assert (await ada.call("POST", "order", LIMIT_BUY)).status_code == 429
    house.now_ms += 300_000
    assert (await client.get("/api/v3/ping")).status_code == 200


@pytest.mark.parametrize(
    ("situation", "row"),
    [(situation, row) for situation, rows in MISTAKES.items() for row in rows],
    ids=lambda part: part if isinstance(part, str) else part.request_line,
)
async def test_a_mistake_is_answered_with_its_code_and_words(
    client: httpx.AsyncClient, ada: Trader, house: House, situation: str, row: Mistake
) -> None:
    row.prepare(house)
    answer = await ask(client, ada, row)
    expected = (row.status, {"code": row.code, "msg": row.msg})
    assert (answer.status_code, answer.json()) == expected, situation


async def test_signatures_and_keys_that_do_not_hold(ada: Trader) -> None:
    forged = await ada.raw("GET", "account", f"timestamp={ada.clock_ms()}&signature={'0' * 64}")
    assert (forged.status_code, forged.json()) == (
        400,
        {"code": -1022, "msg": "Signature for this request is not valid."},
    )
    ada.api_key = "k" * 64
    unknown = await ada.call("GET", "account")
    assert (unknown.status_code, unknown.json()) == (
        401,
        {"code": -2015, "msg": "Invalid API-key, IP, or permissions for action."},
    )
    ada.api_key = "short"
    malformed = await ada.call("GET", "account")
    assert (malformed.status_code, malformed.json()) == (
        401,
        {"code": -2014, "msg": "API-key format invalid."},
    )


async def test_too_many_orders(ada: Trader, house: House) -> None:
    answers = [
        await ada.call("POST", "order", LIMIT_BUY | {"newClientOrderId": f"n{n}"})
        for n in range(21)
    ]
    assert [answer.status_code for answer in answers] == [200] * 20 + [429]
    assert answers[-1].json() == {
        "code": -1015,
        "msg": "Too many new orders; current limit is 20 orders per 10 SECOND.",
    }
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 10


async def test_who_goes_on_beyond_the_weight_is_banned(
    client: httpx.AsyncClient, ada: Trader, house: House
) -> None:
    heavy = "/api/v3/depth?symbol=BTCUSDT&limit=5000"
    for _ in range(12):
        assert (await client.get(heavy)).status_code == 200
    for _ in range(VIOLATIONS_MAX):
        refused = await client.get(heavy)
        assert (refused.status_code, refused.json()) == (429, {"code": -1003, "msg": TOO_HEAVY})
        assert 0 < int(refused.headers["Retry-After"]) <= 60
    banned = await client.get(heavy)
    wait_s = int(banned.headers["Retry-After"])
    assert 0 < wait_s <= 120
    assert (banned.status_code, banned.json()) == (
        418,
        {
            "code": -1003,
            "msg": "Way too much request weight used; IP banned until"
            f" {house.now_ms + wait_s * 1_000}. Please use WebSocket Streams for live updates to"
            " avoid bans.",
        },
    )
    assert (await client.get("/api/v3/ping")).status_code == 418
    assert (await ada.call("GET", "account")).status_code == 200  # counted for the user
