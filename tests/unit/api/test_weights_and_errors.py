"""Every endpoint weighs what Binance says, and every mistake has its status, code and words."""

import httpx
import pytest

from api.app import create_routes
from api.calls import VIOLATIONS_MAX
from tests.unit.api.conftest import House
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
    client: httpx.AsyncClient, ada: Trader, row: Weight
) -> None:
    answer = await ask(client, ada, row)
    for header in ("X-MBX-USED-WEIGHT", "X-MBX-USED-WEIGHT-1M"):
        assert answer.headers[header] == str(row.weight), answer.json()

    refused = await ask(client, ada, row, more="1")
    sent = len(row.parameters) + 1 + (2 if row.signed else 0)
    unread = f"read '{sent - 1}' parameter(s) but was sent '{sent}'."
    assert (refused.status_code, refused.json()) == (
        400,
        {"code": -1104, "msg": f"Not all sent parameters were read; {unread}"},
    )


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
