"""The ways to write an event: bare, wrapped, in microseconds."""

import json
from typing import Any

import pytest

from api.stream.frame import Frame
from api.stream.rendering import rendering


def written(payload: object, *, combined: bool = False, microseconds: bool = False) -> Any:
    kind, write = rendering("x@y", combined=combined, microseconds=microseconds)
    return json.loads(Frame("x@y", json.dumps(payload)).rendered(kind, write))


def test_a_bare_event_is_the_payload_itself() -> None:
    payload = '{"e":"trade",  "E":1}'
    kind, write = rendering("a@trade", combined=False, microseconds=False)
    assert Frame("a@trade", payload).rendered(kind, write) is payload


def test_a_wrapped_event_has_the_name_that_the_client_gave() -> None:
    assert written({"e": "trade"}, combined=True) == {"stream": "x@y", "data": {"e": "trade"}}


def test_clients_with_other_wishes_do_not_get_each_others_text() -> None:
    frame = Frame("a@trade", '{"e":"trade","E":1,"T":2}')
    texts = {
        frame.rendered(*rendering(asked, combined=combined, microseconds=microseconds))
        for asked in ("a@trade", "alias")
        for combined in (False, True)
        for microseconds in (False, True)
    }
    assert len(texts) == 6


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        ({"e": "trade", "E": 5, "T": 6, "t": 7}, {"E": 5000, "T": 6000, "t": 7}),
        ({"e": "aggTrade", "E": 5, "T": 6, "a": 7}, {"E": 5000, "T": 6000, "a": 7}),
        (
            {"e": "kline", "E": 5, "k": {"t": 1, "T": 2, "f": 3, "L": 4, "n": 5}},
            {"E": 5000, "k": {"t": 1000, "T": 2000, "f": 3, "L": 4, "n": 5}},
        ),
        ({"e": "24hrTicker", "E": 1, "O": 2, "C": 3, "n": 4}, {"E": 1000, "O": 2000, "C": 3000}),
        ({"e": "4hTicker", "E": 1, "O": 2, "C": 3, "F": 4}, {"E": 1000, "O": 2000, "C": 3000}),
        ({"e": "24hrMiniTicker", "E": 1, "o": "2"}, {"E": 1000, "o": "2"}),
        ({"e": "avgPrice", "E": 1, "T": 2, "i": "5m"}, {"E": 1000, "T": 2000}),
        ({"e": "depthUpdate", "E": 1, "U": 2, "u": 3}, {"E": 1000, "U": 2, "u": 3}),
        ({"e": "referencePrice", "s": "A", "r": "1", "t": 4}, {"t": 4000}),
        ({"u": 1, "s": "A", "b": "2", "B": "3", "a": "4", "A": "5"}, {"u": 1}),
        ({"lastUpdateId": 9, "bids": [], "asks": []}, {"lastUpdateId": 9}),
        (
            {"e": "executionReport", "E": 1, "T": 2, "W": 3, "O": 4, "C": "id", "t": 5, "I": 6},
            {"E": 1000, "T": 2000, "W": 3000, "O": 4000, "C": "id", "t": 5, "I": 6},
        ),
        ({"e": "executionReport", "t": -1, "T": -1}, {"t": -1, "T": -1}),
        ({"e": "outboundAccountPosition", "E": 1, "u": 2}, {"E": 1000, "u": 2000}),
    ],
)
def test_times_and_nothing_else_are_in_microseconds(
    payload: dict[str, Any], expected: dict[str, Any]
) -> None:
    assert written(payload, microseconds=True) == payload | expected
    assert list(written(payload, microseconds=True)) == list(payload)


def test_every_event_of_an_array_is_in_microseconds() -> None:
    payload = [{"e": "24hrMiniTicker", "E": 1}, {"e": "24hrMiniTicker", "E": 2}]
    wrapped = written(payload, combined=True, microseconds=True)
    assert [event["E"] for event in wrapped["data"]] == [1000, 2000]
