"""Signatures in every client's style, and what is refused."""

from urllib.parse import urlencode

import pytest

from tests.unit.api.conftest import House
from tests.unit.api.signing import LIMIT_BUY, Trader


def stamped(ada: Trader, **more: str) -> str:
    return urlencode({**LIMIT_BUY, "timestamp": str(ada.clock_ms()), **more})


async def test_everything_in_the_query(ada: Trader, house: House) -> None:
    query = stamped(ada)
    answer = await ada.raw(
        "POST",
        "order",
        f"{query}&signature={ada.sign(query)}",
        content_type="application/json;charset=utf-8",
    )
    assert (answer.status_code, len(house.sagas.placed)) == (200, 1)


async def test_everything_in_the_body(ada: Trader, house: House) -> None:
    body = stamped(ada, recvWindow="10000")
    answer = await ada.raw("POST", "order", "", f"{body}&signature={ada.sign(body)}")
    assert (answer.status_code, len(house.sagas.placed)) == (200, 1)


async def test_query_and_body_mixed_are_signed_one_after_the_other(
    ada: Trader, house: House
) -> None:
    query = "symbol=BTCUSDT&side=BUY&type=LIMIT"
    body = f"timeInForce=GTC&quantity=0.5&price=60000&timestamp={ada.clock_ms()}"
    signature = ada.sign(query + body)
    assert (
        await ada.raw("POST", "order", query, f"{body}&signature={signature}")
    ).status_code == 200
    assert (
        await ada.raw("POST", "order", f"{query}&signature={signature}", body)
    ).status_code == 200
    assert len(house.sagas.placed) == 2


async def test_delete_with_a_body(ada: Trader) -> None:
    body = f"symbol=BTCUSDT&orderId=7&timestamp={ada.clock_ms()}"
    answer = await ada.raw("DELETE", "order", "", f"{body}&signature={ada.sign(body)}")
    assert answer.json() == {"code": -2011, "msg": "Unknown order sent."}


async def test_on_a_clash_the_query_wins(ada: Trader, house: House) -> None:
    query, body = "quantity=0.25", stamped(ada)
    signature = ada.sign(query + body)
    answer = await ada.raw("POST", "order", query, f"{body}&signature={signature}")
    assert answer.json()["origQty"] == "0.25000000"


async def test_an_upper_case_signature_and_microseconds_hold(ada: Trader) -> None:
    query = urlencode({"timestamp": f"{ada.clock_ms()}000", "recvWindow": "5000.125"})
    answer = await ada.raw("GET", "account", f"{query}&signature={ada.sign(query).upper()}")
    assert answer.status_code == 200


async def test_percent_encoding_is_signed_as_sent(ada: Trader) -> None:
    query = f"symbol=BTC%55SDT&origClientOrderId=a%3Ab&timestamp={ada.clock_ms()}"
    answer = await ada.raw("GET", "order", f"{query}&signature={ada.sign(query)}")
    assert answer.json()["code"] == -2013


@pytest.mark.parametrize(
    ("shift_ms", "window", "code", "text"),
    [
        (-5_000, None, None, ""),
        (-5_001, None, -1021, "Timestamp for this request is outside of the recvWindow."),
        (-60_000, "60000", None, ""),
        (999, None, None, ""),
        (1_000, None, -1021, "1000ms ahead of the server's time."),
        (0, "60000.001", -1131, "recvWindow must be less than 60000."),
        (0, "-1", -1100, "Illegal characters found in parameter 'recvWindow'"),
        (0, "1.2345", -1100, "Illegal characters found in parameter 'recvWindow'"),
    ],
)
async def test_time_windows(
    ada: Trader, shift_ms: int, window: str | None, code: int | None, text: str
) -> None:
    more: dict[str, str] = {"recvWindow": window} if window else {}
    stamp = str(ada.clock_ms() + shift_ms)
    answer = await ada.call("GET", "account", more, timestamp=stamp)
    assert answer.status_code == (200 if code is None else 400)
    if code is not None:
        assert answer.json()["code"] == code
        assert text in answer.json()["msg"]


async def test_a_changed_request_is_refused(ada: Trader, house: House) -> None:
    query = stamped(ada)
    signature = ada.sign(query)
    changed = query.replace("0.5", "0.6")
    answer = await ada.raw("POST", "order", f"{changed}&signature={signature}")
    assert answer.status_code == 400
    assert answer.json() == {"code": -1022, "msg": "Signature for this request is not valid."}
    assert house.sagas.placed == []


@pytest.mark.parametrize(
    ("key", "status", "code"), [("", 401, -2014), ("short", 401, -2014), ("x" * 64, 401, -2015)]
)
async def test_a_key_that_does_not_hold(ada: Trader, key: str, status: int, code: int) -> None:
    ada.api_key = key
    answer = await ada.call("GET", "account")
    assert (answer.status_code, answer.json()["code"]) == (status, code)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", -1102),
        ("timestamp=1800000000000", -1102),
        ("signature=" + "0" * 64, -1102),
        ("timestamp=1800000000000&signature=zz", -1100),
        ("timestamp=&signature=" + "0" * 64, -1105),
        ("timestamp=x&signature=" + "0" * 64, -1100),
        ("timestamp=1&timestamp=2&signature=" + "0" * 64, -1101),
        ("timestamp=1&signature=" + "0" * 64 + "&signature=" + "1" * 64, -1101),
        ("a=%ff&timestamp=1&signature=" + "0" * 64, -1100),
    ],
)
async def test_requests_that_cannot_be_checked(ada: Trader, query: str, code: int) -> None:
    answer = await ada.raw("GET", "account", query)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


async def test_a_read_only_key_places_and_cancels_nothing(house: House, ada: Trader) -> None:
    _, key = await house.key_of("ada", can_trade=False)
    ada.api_key, ada.secret = key.api_key, key.secret
    for method, path in (("POST", "order"), ("DELETE", "order"), ("DELETE", "openOrders")):
        answer = await ada.call(method, path, LIMIT_BUY)
        assert (answer.status_code, answer.json()["code"]) == (401, -2015)
    assert (await ada.call("GET", "account")).json()["canTrade"] is False
