"""Control messages: what makes sense, and the exact answer to what does not."""

import json
from typing import Any

import pytest

from api.stream.control import ControlError, Method, Request, answer, parse

VARIANTS = "`SUBSCRIBE`, `UNSUBSCRIBE`, `LIST_SUBSCRIPTIONS`, `SET_PROPERTY`, `GET_PROPERTY`"


@pytest.mark.parametrize(
    ("message", "request_"),
    [
        (
            {"method": "SUBSCRIBE", "params": ["a@trade", "b@depth"], "id": 1},
            Request(Method.SUBSCRIBE, 1, ("a@trade", "b@depth")),
        ),
        (
            {"method": "SUBSCRIBE", "params": ["a@trade", "a@trade"], "id": None},
            Request(Method.SUBSCRIBE, None, ("a@trade",)),
        ),
        (
            {"method": "UNSUBSCRIBE", "params": ["a@trade"], "id": "0b97f1e2-4"},
            Request(Method.UNSUBSCRIBE, "0b97f1e2-4", ("a@trade",)),
        ),
        ({"method": "LIST_SUBSCRIPTIONS", "id": -5}, Request(Method.LIST_SUBSCRIPTIONS, -5)),
        (
            {"method": "LIST_SUBSCRIPTIONS", "params": [], "id": 2**63 - 1},
            Request(Method.LIST_SUBSCRIPTIONS, 2**63 - 1),
        ),
        (
            {"method": "SET_PROPERTY", "params": ["combined", True], "id": 5},
            Request(Method.SET_PROPERTY, 5, combined=True),
        ),
        (
            {"method": "GET_PROPERTY", "params": ["combined"], "id": 6, "more": 1},
            Request(Method.GET_PROPERTY, 6),
        ),
    ],
)
def test_what_makes_sense(message: dict[str, Any], request_: Request) -> None:
    assert parse(json.dumps(message)) == request_


@pytest.mark.parametrize(
    ("text", "code", "msg", "request_id"),
    [
        ("", 3, "Invalid JSON: expected value at line 1 column 0", None),
        ("hello", 3, "Invalid JSON: expected value at line 1 column 1", None),
        ('{"id":1,}', 3, "Invalid JSON: expected value at line 1 column 9", None),
        ('{"id":1', 3, "Invalid JSON: expected value at line 1 column 7", None),
        ("[" * 5_000, 3, "Invalid JSON: expected value at line 1 column 5000", None),
        ("[1]", 2, "Invalid request: expected an object", None),
        ("17", 2, "Invalid request: expected an object", None),
        ('{"id":1}', 2, "Invalid request: missing field `method` at line 1 column 8", 1),
        (
            '{"method":"subscribe","id":"x"}',
            2,
            f"Invalid request: unknown variant `subscribe`, expected one of {VARIANTS}",
            "x",
        ),
        (
            '{"method":7,"id":2}',
            2,
            f"Invalid request: unknown variant `7`, expected one of {VARIANTS}",
            2,
        ),
        *(
            (
                f'{{"method":"LIST_SUBSCRIPTIONS"{bad}}}',
                2,
                "Invalid request: request ID must be an unsigned integer",
                None,
            )
            for bad in (
                "",
                ',"id":1.5',
                ',"id":true',
                ',"id":[]',
                ',"id":""',
                f',"id":"{"x" * 37}"',
                ',"id":"a b"',
                f',"id":{2**63}',
            )
        ),
        (
            '{"method":"SUBSCRIBE","params":"a@trade","id":1}',
            2,
            "Invalid request: params must be an array",
            1,
        ),
        (
            '{"method":"SUBSCRIBE","id":1}',
            2,
            "Invalid request: params must name at least one stream",
            1,
        ),
        (
            '{"method":"UNSUBSCRIBE","params":[],"id":1}',
            2,
            "Invalid request: params must name at least one stream",
            1,
        ),
        (
            '{"method":"SUBSCRIBE","params":["a@trade",1],"id":1}',
            2,
            "Invalid request: a stream name must be a string",
            1,
        ),
        (
            '{"method":"LIST_SUBSCRIPTIONS","params":["x"],"id":1}',
            2,
            "Invalid request: too many parameters",
            1,
        ),
        *(
            (
                f'{{"method":"{method}","params":{bad},"id":1}}',
                2,
                "Invalid request: property name must be a string",
                1,
            )
            for method in ("SET_PROPERTY", "GET_PROPERTY")
            for bad in ("[]", "[7]", "null", "[true, true]")
        ),
        ('{"method":"GET_PROPERTY","params":["colour"],"id":1}', 0, "Unknown property", 1),
        ('{"method":"SET_PROPERTY","params":["colour",true],"id":1}', 0, "Unknown property", 1),
        (
            '{"method":"GET_PROPERTY","params":["combined",true],"id":1}',
            2,
            "Invalid request: too many parameters",
            1,
        ),
        (
            '{"method":"SET_PROPERTY","params":["combined",true,1],"id":1}',
            2,
            "Invalid request: too many parameters",
            1,
        ),
        *(
            (
                f'{{"method":"SET_PROPERTY","params":["combined"{bad}],"id":1}}',
                1,
                "Invalid value type: expected Boolean",
                1,
            )
            for bad in ("", ",1", ',"true"', ",null")
        ),
    ],
)
def test_what_does_not(text: str, code: int, msg: str, request_id: object) -> None:
    with pytest.raises(ControlError) as refused:
        parse(text)
    assert json.loads(refused.value.answer()) == {
        "code": code,
        "msg": msg,
        "id": request_id,
        "error": {"code": code, "msg": msg},
    }


def test_an_answer_repeats_the_id() -> None:
    assert answer(1) == '{"result":null,"id":1}'
    assert answer("x", ["a@trade"]) == '{"result":["a@trade"],"id":"x"}'
    assert answer(None, True) == '{"result":true,"id":null}'
