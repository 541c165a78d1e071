"""What compliance asks of the trail, over HTTP."""

from datetime import UTC, datetime

import httpx
import pytest

from audit.chain import Break, Head
from audit.line import Actor, AuditLine, Metadata, Outcome, Resource
from audit.verification import Page
from contracts.identity import Role
from tests.unit.api.conftest import House

LINE = AuditLine(
    id="orders.events:3:9:0",
    timestamp=datetime(2026, 1, 1, tzinfo=UTC),
    actor=Actor(user_id="7"),
    action="ORDER_REJECTED",
    resource=Resource(type="order", id="41"),
    payload={"symbol": "BTCUSDT"},
    outcome=Outcome.FAILURE,
    metadata=Metadata(latency_ms=3, node_id="n"),
)
ACTIONS = "/v1/audit/actions?user_id=7&start=5&end=9"
FAILURES = "/v1/audit/failures?symbol=BTCUSDT&start=5&end=9&skip=2&limit=3"
VERIFY = "/v1/audit/verify"
BEGUN = Head.before("orders.events:3")
END = Head("orders.events:3", 2, "a" * 64)


async def test_compliance_is_answered_both_questions(
    client: httpx.AsyncClient, house: House
) -> None:
    house.audit.found = [LINE]
    headers = await house.bearer("carl", Role.COMPLIANCE)
    for path in (ACTIONS, FAILURES):
        answer = await client.get(path, headers=headers)
        assert answer.status_code == 200, answer.text
        assert answer.json() == [
            {
                "id": "orders.events:3:9:0",
                "at_ms": 1767225600000,
                "user_id": "7",
                "ip": None,
                "session_id": None,
                "action": "ORDER_REJECTED",
                "resource_type": "order",
                "resource_id": "41",
                "outcome": "FAILURE",
                "payload": {"symbol": "BTCUSDT"},
            }
        ]
    assert house.audit.asked == [("actions", 7, 5, 9, 0, 200), ("failures", "BTCUSDT", 5, 9, 2, 3)]


@pytest.mark.parametrize("role", [Role.TRADER, Role.OPS])
@pytest.mark.parametrize("path", [ACTIONS, FAILURES, VERIFY])
async def test_nobody_else_reads_the_trail(
    client: httpx.AsyncClient, house: House, role: Role, path: str
) -> None:
    answer = await client.get(path, headers=await house.bearer("ada", role))
    assert answer.status_code == 403
    assert house.audit.asked == []


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v1/audit/actions?user_id=7&start=9&end=9", 400),
        ("/v1/audit/actions?user_id=7&start=5", 422),
        ("/v1/audit/actions?user_id=-1&start=5&end=9", 422),
        ("/v1/audit/failures?symbol={$ne:1}&start=5&end=9", 422),
        ("/v1/audit/failures?symbol=BTCUSDT&start=5&end=999999999999999999", 422),
        ("/v1/audit/failures?symbol=BTCUSDT&start=5&end=9&limit=1001", 422),
        ("/v1/audit/actions?start=5&end=9", 400),
        ("/v1/audit/actions?user_id=7&username=carl&start=5&end=9", 400),
        ("/v1/audit/actions?username=nobody&start=5&end=9", 404),
        ("/v1/audit/actions?username=$ne&start=5&end=9", 422),
        ("/v1/audit/verify?limit=501", 422),
        ("/v1/audit/verify?after=orders.events:3:2", 422),
        ("/v1/audit/verify?after=orders.events:3:-2:" + "a" * 64, 422),
    ],
)
async def test_a_wrong_question_is_refused(
    client: httpx.AsyncClient, house: House, path: str, status: int
) -> None:
    headers = await house.bearer("carl", Role.COMPLIANCE)
    assert (await client.get(path, headers=headers)).status_code == status
    assert house.audit.asked == []


async def test_a_user_may_be_asked_for_by_name(client: httpx.AsyncClient, house: House) -> None:
    headers = await house.bearer("carl", Role.COMPLIANCE)
    user = await house.store.user_by_name("carl")
    assert user is not None
    answer = await client.get("/v1/audit/actions?username=carl&start=5&end=9", headers=headers)
    assert answer.status_code == 200, answer.text
    assert house.audit.asked == [("actions", user.user_id, 5, 9, 0, 200)]


async def test_the_chains_are_verified_page_by_page(
    client: httpx.AsyncClient, house: House
) -> None:
    house.audit.pages = {
        None: Page(0, None, None, BEGUN),
        BEGUN: Page(2, END, None, None),
    }
    headers = await house.bearer("carl", Role.COMPLIANCE)
    first = (await client.get(VERIFY, headers=headers)).json()
    assert first == {
        "records": 0,
        "ended": None,
        "broken": None,
        "next": "orders.events:3:0:" + "0" * 64,
        "without_hash": None,
    }
    last = await client.get(f"{VERIFY}?after={first['next']}&limit=9", headers=headers)
    assert last.json() == {
        "records": 2,
        "ended": {"source": "orders.events:3", "position": 2, "hash": "a" * 64},
        "broken": None,
        "next": None,
        "without_hash": 4,
    }
    assert house.audit.asked == [("verify", None, 500), ("verify", BEGUN, 9)]


async def test_a_broken_chain_says_where_and_what_was_expected(
    client: httpx.AsyncClient, house: House
) -> None:
    broken = Break("orders.events:3", 3, "orders.events:3:9:0", "hash", "b" * 64, "c" * 64)
    house.audit.pages = {END: Page(0, None, broken, None)}
    after = "orders.events:3:2:" + "a" * 64
    headers = await house.bearer("carl", Role.COMPLIANCE)
    answer = (await client.get(f"{VERIFY}?after={after}", headers=headers)).json()
    assert answer["broken"] == broken._asdict()
    assert (answer["next"], answer["without_hash"]) == (None, None)


async def test_chains_hold_although_nobody_can_count_what_is_in_none(
    client: httpx.AsyncClient, house: House
) -> None:
    house.audit.pages = {BEGUN: Page(2, END, None, None)}
    house.audit.uncounted = TimeoutError()
    headers = await house.bearer("carl", Role.COMPLIANCE)
    after = "orders.events:3:0:" + "0" * 64
    answer = await client.get(f"{VERIFY}?after={after}", headers=headers)
    assert (answer.status_code, answer.json()["records"]) == (200, 2)
    assert answer.json()["without_hash"] is None
