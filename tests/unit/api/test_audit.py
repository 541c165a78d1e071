"""What compliance asks of the trail, over HTTP."""

from datetime import UTC, datetime

import httpx
import pytest

from audit.line import Actor, AuditLine, Metadata, Outcome, Resource
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
@pytest.mark.parametrize("path", [ACTIONS, FAILURES])
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
    ],
)
async def test_a_wrong_question_is_refused(
    client: httpx.AsyncClient, house: House, path: str, status: int
) -> None:
    headers = await house.bearer("carl", Role.COMPLIANCE)
    assert (await client.get(path, headers=headers)).status_code == status
    assert house.audit.asked == []
