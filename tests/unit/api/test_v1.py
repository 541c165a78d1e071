"""TradeFlow's own resources: identity, keys, funds, operations."""

import httpx
import pytest

from contracts.amounts import Amount
from contracts.funding import FundingStatus
from contracts.identity import Role
from tests.unit.api.conftest import PASSWORD, House

TOKEN = "/v1/oauth/token"
NEW_USER = {"username": "ada", "password": PASSWORD}


def login(username: str = "ada", password: str = PASSWORD) -> dict[str, str]:
    return {"grant_type": "password", "username": username, "password": password}


async def test_from_registration_to_a_signed_key(client: httpx.AsyncClient, house: House) -> None:
    assert (await client.post("/v1/users", json=NEW_USER)).json() == {
        "user_id": 1,
        "username": "ada",
    }
    tokens = (await client.post(TOKEN, data=login())).json()
    assert (tokens["token_type"], tokens["expires_in"]) == ("bearer", 900)
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    made = await client.post("/v1/api-keys", json={"label": "bot"}, headers=bearer)
    assert (made.status_code, len(made.json()["secret"])) == (201, 64)
    listed = await client.get("/v1/api-keys", headers=bearer)
    assert [key["label"] for key in listed.json()] == ["bot"]
    assert made.json()["secret"] not in listed.text
    path = f"/v1/api-keys/{made.json()['api_key']}"
    assert (await client.delete(path, headers=bearer)).status_code == 204
    assert (await client.delete(path, headers=bearer)).status_code == 404
    assert await house.api_keys.find(made.json()["api_key"]) is None


async def test_a_taken_name_is_a_conflict(client: httpx.AsyncClient) -> None:
    await client.post("/v1/users", json=NEW_USER)
    assert (await client.post("/v1/users", json=NEW_USER)).status_code == 409


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"username": "ada"},
        {**NEW_USER, "role": "ops"},
        {**NEW_USER, "user_id": 0},
        {**NEW_USER, "password": "short"},
        {**NEW_USER, "password": "x" * 129},
        {**NEW_USER, "username": "Ada"},
        {**NEW_USER, "username": "a' OR 1=1"},
        {**NEW_USER, "username": ["ada"]},
    ],
)
async def test_a_bad_registration_says_which_field_and_never_what_it_held(
    client: httpx.AsyncClient, house: House, body: dict[str, object]
) -> None:
    answer = await client.post("/v1/users", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, -1130)
    assert PASSWORD not in answer.text
    assert "x" * 129 not in answer.text
    assert house.store.users == {}


async def test_wrong_password_and_unknown_name_look_the_same(client: httpx.AsyncClient) -> None:
    await client.post("/v1/users", json=NEW_USER)
    wrong = await client.post(TOKEN, data=login(password="wrong password"))
    unknown = await client.post(TOKEN, data=login("nobody"))
    assert (wrong.status_code, wrong.json()) == (unknown.status_code, unknown.json())
    assert wrong.json()["error"] == "invalid_grant"


async def test_the_sixth_failure_is_told_to_wait(client: httpx.AsyncClient) -> None:
    answers = [await client.post(TOKEN, data=login("nobody")) for _ in range(6)]
    assert [a.status_code for a in answers] == [400] * 5 + [429]
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 60


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ("", "unsupported_grant_type"),
        ("grant_type=client_credentials", "unsupported_grant_type"),
        ("grant_type=password", "invalid_request"),
        ("grant_type=password&grant_type=refresh_token", "unsupported_grant_type"),
        ("grant_type=refresh_token&refresh_token=made-up", "invalid_grant"),
        ("grant_type=%ff", "unsupported_grant_type"),
        ("&".join(f"a{i}=1" for i in range(20)), "unsupported_grant_type"),
    ],
)
async def test_grants_that_are_none(client: httpx.AsyncClient, form: str, error: str) -> None:
    answer = await client.post(TOKEN, content=form.encode())
    assert (answer.status_code, answer.json()["error"]) == (400, error)


async def test_refresh_rotates_and_logout_ends_the_session(client: httpx.AsyncClient) -> None:
    await client.post("/v1/users", json=NEW_USER)
    first = (await client.post(TOKEN, data=login())).json()
    renewal = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
    second = (await client.post(TOKEN, data=renewal)).json()
    bearer = {"Authorization": f"Bearer {second['access_token']}"}
    assert (await client.get("/v1/balances", headers=bearer)).status_code == 200
    assert (await client.post("/v1/logout", headers=bearer)).status_code == 204
    assert (await client.get("/v1/balances", headers=bearer)).status_code == 401


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/api-keys"),
        ("POST", "/v1/api-keys"),
        ("POST", "/v1/deposits"),
        ("GET", "/v1/balances"),
        ("GET", "/v1/ledger"),
        ("GET", "/v1/orders/1"),
        ("GET", "/v1/orders/1/saga"),
        ("POST", "/v1/logout"),
        ("POST", "/v1/markets/BTCUSDT/halt"),
        ("GET", "/v1/markets/bands"),
        ("PUT", "/v1/markets/BTCUSDT/band"),
        ("DELETE", "/v1/markets/BTCUSDT/band"),
    ],
)
@pytest.mark.parametrize("header", ["", "Bearer", "Bearer x.y.z", "Basic YWRhOmFkYQ=="])
async def test_nobody_gets_in_without_a_token(
    client: httpx.AsyncClient, method: str, path: str, header: str
) -> None:
    answer = await client.request(method, path, headers={"Authorization": header}, json={})
    assert (answer.status_code, answer.json()["code"]) == (401, -1002)


async def test_a_deposit_goes_to_its_saga_with_the_clients_key(
    client: httpx.AsyncClient, house: House
) -> None:
    headers = {**await house.bearer("ada"), "Idempotency-Key": "first"}
    body = {"currency": "USDT", "amount": "1000"}
    answer = await client.post("/v1/deposits", json=body, headers=headers)
    assert (answer.status_code, answer.json()["amount"]) == (201, "1000.00000000")
    (asked,) = house.sagas.deposits
    assert (asked.user_id, asked.amount) == (1, Amount("1000"))
    assert asked.idempotency_key == "first"


@pytest.mark.parametrize(
    ("body", "key", "status"),
    [
        ({"currency": "USDT", "amount": "1"}, None, 422),
        ({"currency": "USDT", "amount": "1"}, "a b", 422),
        ({"currency": "USDT", "amount": 1}, "k", 422),
        ({"currency": "USDT", "amount": 1.5}, "k", 422),
        ({"currency": "USDT", "amount": "1e3"}, "k", 422),
        ({"currency": "USDT", "amount": "0.000000001"}, "k", 422),
        ({"currency": "USDT", "amount": "1", "user_id": 2}, "k", 422),
        ({"currency": "USDT", "amount": "0"}, "k", 400),
        ({"currency": "USDT", "amount": "-1"}, "k", 400),
        ({"currency": "USDT", "amount": "1000.00000001"}, "k", 400),
        ({"currency": "DOGE", "amount": "1"}, "k", 400),
    ],
)
async def test_a_bad_deposit_moves_nothing(
    client: httpx.AsyncClient, house: House, body: dict[str, object], key: str | None, status: int
) -> None:
    headers = await house.bearer("ada")
    if key is not None:
        headers["Idempotency-Key"] = key
    assert (await client.post("/v1/deposits", json=body, headers=headers)).status_code == status
    assert house.sagas.deposits == []


async def test_the_faucet_gives_only_so_much_a_day(client: httpx.AsyncClient, house: House) -> None:
    headers = await house.bearer("ada")
    body = {"currency": "USDT", "amount": "1000"}
    statuses = [
        (
            await client.post(
                "/v1/deposits", json=body, headers={**headers, "Idempotency-Key": f"k{i}"}
            )
        ).status_code
        for i in range(3)
    ]
    assert statuses == [201, 201, 429]


@pytest.mark.parametrize(
    ("outcome", "status"), [(FundingStatus.CONFLICT, 409), (FundingStatus.INVALID, 400)]
)
async def test_a_refused_deposit(
    client: httpx.AsyncClient, house: House, outcome: FundingStatus, status: int
) -> None:
    house.sagas.funding = outcome
    headers = {**await house.bearer("ada"), "Idempotency-Key": "k"}
    body = {"currency": "USDT", "amount": "1"}
    assert (await client.post("/v1/deposits", json=body, headers=headers)).status_code == status


async def test_balances_and_ledger_are_text(client: httpx.AsyncClient, house: House) -> None:
    headers = await house.bearer("ada")
    balances = (await client.get("/v1/balances", headers=headers)).json()
    assert balances[0] == {
        "currency": "BTC",
        "available": "1.50000000",
        "reserved": "0.00000001",
    }
    ledger = (await client.get("/v1/ledger", headers=headers)).json()
    assert (ledger[0]["amount"], ledger[0]["reference_type"]) == ("1.50000000", "DEPOSIT")
    for query in ("limit=0", "limit=501", "before_id=0", "currency=' OR 1"):
        assert (await client.get(f"/v1/ledger?{query}", headers=headers)).status_code == 422


async def test_only_ops_halt_and_resume(client: httpx.AsyncClient, house: House) -> None:
    body = {"reason": "Maintenance."}
    trader, ops = await house.bearer("ada"), await house.bearer("olga", Role.OPS)
    halt, resume = "/v1/markets/BTCUSDT/halt", "/v1/markets/BTCUSDT/resume"
    assert (await client.post(halt, json=body, headers=trader)).status_code == 403
    assert (await client.post(resume, headers=trader)).status_code == 403
    assert house.markets.done == []
    assert (await client.post(halt, json=body, headers=ops)).status_code == 204
    assert (await client.post(resume, headers=ops)).status_code == 204
    assert house.markets.done == [("halt", "BTCUSDT"), ("resume", "BTCUSDT")]
    unknown = await client.post("/v1/markets/NOPE/halt", json=body, headers=ops)
    assert unknown.status_code == 404
