"""Gaps, repetitions and overlaps in the streams that count."""

import msgspec
import pytest

from api.stream.sequences import Sequences, Step

NEXT, REPEAT, GAP = Step.NEXT, Step.REPEAT, Step.GAP


def depth(first: int, last: int) -> str:
    return f'{{"e":"depthUpdate","U":{first},"u":{last},"b":[],"a":[]}}'


@pytest.mark.parametrize(
    ("name", "payloads", "steps"),
    [
        (
            "a@depth",
            [depth(5, 9), depth(10, 10), depth(10, 10), depth(7, 9), depth(12, 13), depth(14, 14)],
            [NEXT, NEXT, REPEAT, REPEAT, GAP, NEXT],
        ),
        ("a@depth@100ms", [depth(1, 4), depth(3, 6)], [NEXT, GAP]),
        (
            "a@trade",
            ['{"t":7,"T":1}', '{"t":8}', '{"t":8}', '{"t":10}', '{"t":11}'],
            [NEXT, NEXT, REPEAT, GAP, NEXT],
        ),
        ("a@aggTrade", ['{"a":1,"l":9}', '{"a":2}', '{"a":4}'], [NEXT, NEXT, GAP]),
        ("a@depth5", ["{}", "{}"], [NEXT, NEXT]),
        ("a@kline_1m", ["{}", "{}"], [NEXT, NEXT]),
        ("!ticker@arr", ["[]", "[]"], [NEXT, NEXT]),
        ("!pulse", ["{}", "{}"], [NEXT, NEXT]),
    ],
)
def test_steps(name: str, payloads: list[str], steps: list[Step]) -> None:
    sequences = Sequences()
    assert [sequences.step(name, payload) for payload in payloads] == steps


def test_streams_count_apart_and_a_forgotten_one_begins_anew() -> None:
    sequences = Sequences()
    assert sequences.step("a@trade", '{"t":1}') is NEXT
    assert sequences.step("b@trade", '{"t":7}') is NEXT
    sequences.forget("a@trade")
    sequences.forget("never@trade")
    assert sequences.step("a@trade", '{"t":9}') is NEXT
    assert sequences.step("b@trade", '{"t":9}') is GAP


def test_a_frame_that_cannot_be_read_is_an_error() -> None:
    with pytest.raises(msgspec.MsgspecError):
        Sequences().step("a@trade", "[]")
