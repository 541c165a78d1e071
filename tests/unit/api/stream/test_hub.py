"""The hub: who gets what, and that nobody's trouble is another's."""

import pytest

from api.stream.frame import Frame
from api.stream.hub import Hub, user_channel
from contracts.streams import Interval
from market_data.payloads import kline
from market_data.records import flat_candle

OPEN, OVER = '{"k":{"x":false}}', '{"k":{"x":true}}'


class Client:
    def __init__(self, hub: Hub | None = None) -> None:
        self.frames: list[Frame] = []
        self.lost: list[str] = []
        self._leaves = hub

    def deliver(self, frame: Frame) -> None:
        self.frames.append(frame)
        if self._leaves is not None:
            self._leaves.unsubscribe(frame.name, self)

    def lose(self, name: str) -> None:
        self.lost.append(name)


class Broken(Client):
    def deliver(self, frame: Frame) -> None:
        raise ValueError("defect")


def test_a_frame_reaches_the_subscribers_of_its_name_once() -> None:
    hub, one, other = Hub(), Client(), Client()
    hub.subscribe("btcusdt@trade", one)
    hub.subscribe("btcusdt@trade", one)
    hub.subscribe("ethusdt@trade", other)
    hub.publish("btcusdt@trade", '{"t":1}')
    assert [(f.name, f.payload) for f in one.frames] == [("btcusdt@trade", '{"t":1}')]
    assert other.frames == []


def test_all_share_one_frame_and_its_renderings() -> None:
    hub, one, other, calls = Hub(), Client(), Client(), []
    for client in (one, other):
        hub.subscribe("a@trade", client)
    hub.publish("a@trade", "{}")

    def wrapped(frame: Frame) -> str:
        calls.append(frame.name)
        return f'{{"stream":"{frame.name}","data":{frame.payload}}}'

    texts = [client.frames[0].rendered("wrapped", wrapped) for client in (one, other)]
    assert texts == ['{"stream":"a@trade","data":{}}'] * 2
    assert calls == ["a@trade"]
    assert one.frames[0].rendered("upper", lambda frame: frame.name.upper()) == "A@TRADE"


def test_a_stream_is_wanted_while_somebody_subscribes() -> None:
    hub, one, other, first = Hub(), Client(), Client(), []
    hub.on_wanted(first.append)
    hub.subscribe("a@trade", one)
    hub.subscribe("a@trade", other)
    hub.unsubscribe("a@trade", one)
    hub.unsubscribe("a@trade", one)
    assert hub.wanted("a@trade")
    assert list(hub.names()) == ["a@trade"]
    hub.unsubscribe("a@trade", other)
    assert not hub.wanted("a@trade")
    hub.unsubscribe("never@trade", one)
    hub.subscribe("a@trade", one)
    assert first == ["a@trade", "a@trade"]


def test_who_comes_later_is_given_the_last_state_and_no_fact() -> None:
    hub, first = Hub(), Client()
    for name in ("a@ticker", "a@kline_1m", "a@trade", "!ticker@arr"):
        hub.subscribe(name, first)
        hub.publish(name, "1")
        hub.publish(name, "2")
    hub.publish("a@kline_1m", OVER)

    later = Client()
    for name in ("a@ticker", "a@kline_1m", "a@trade", "!ticker@arr"):
        hub.subscribe(name, later)
    assert [(f.name, f.payload) for f in later.frames] == [("a@ticker", "2")]
    hub.subscribe("a@ticker", first)  # it has been told
    assert [f.payload for f in first.frames if f.name == "a@ticker"] == ["1", "2"]

    hub.publish("a@kline_1m", OPEN)
    third = Client()
    hub.subscribe("a@kline_1m", third)
    assert [f.payload for f in third.frames] == [OPEN]


def test_a_state_is_forgotten_with_its_last_subscriber_or_where_it_is_doubtful() -> None:
    hub, one, other = Hub(), Client(), Client()
    hub.subscribe("a@ticker", one)
    hub.publish("a@ticker", "1")
    hub.unsubscribe("a@ticker", one)
    hub.subscribe("a@ticker", one)
    assert not hub.has_state("a@ticker")

    hub.publish("a@ticker", "2")
    hub.forget_state("a@ticker")
    hub.subscribe("a@ticker", other)
    assert other.frames == []


def test_one_that_leaves_or_fails_while_it_is_served_leaves_the_others_alone() -> None:
    hub = Hub()
    leaves, broken, stays = Client(hub), Broken(), Client()
    for client in (leaves, broken, stays):
        hub.subscribe("a@trade", client)
    hub.publish("a@trade", "1")
    hub.publish("a@trade", "2")
    assert [f.payload for f in leaves.frames] == ["1"]
    assert [f.payload for f in stays.frames] == ["1", "2"]


def test_only_the_subscribers_of_a_broken_stream_are_told() -> None:
    hub, one, other = Hub(), Client(), Client()
    hub.subscribe("a@depth", one)
    hub.subscribe("b@depth", other)
    assert hub.lose("a@depth") == 1
    assert hub.lose("c@depth") == 0
    assert (one.lost, other.lost) == (["a@depth"], [])


@pytest.mark.parametrize(
    ("name", "payload", "supersedes", "fact"),
    [
        ("btcusdt@trade", "{}", False, True),
        ("btcusdt@aggTrade", "{}", False, True),
        ("btcusdt@depth", "{}", False, True),
        ("btcusdt@depth@100ms", "{}", False, True),
        (user_channel(7), "{}", False, True),
        ("!miniTicker@arr", "[]", False, True),
        ("!ticker@arr", "[]", False, True),
        ("!ticker_1h@arr", "[]", False, True),
        ("btcusdt@depth5", "{}", True, False),
        ("btcusdt@depth20@100ms", "{}", True, False),
        ("btcusdt@kline_1M", OPEN, True, False),
        ("btcusdt@kline_1m@+08:00", OPEN, True, False),
        ("btcusdt@kline_1M", OVER, True, True),
        ("btcusdt@kline_1m@+08:00", OVER, True, True),
        ("btcusdt@miniTicker", "{}", True, False),
        ("btcusdt@ticker", "{}", True, False),
        ("btcusdt@ticker_4h", "{}", True, False),
        ("btcusdt@bookTicker", "{}", True, False),
        ("btcusdt@avgPrice", "{}", True, False),
        ("btcusdt@referencePrice", "{}", True, False),
    ],
)
def test_what_a_frame_supersedes_and_whether_another_may_stand_for_it(
    name: str, payload: str, supersedes: bool, fact: bool
) -> None:
    frame = Frame(name, payload)
    assert (frame.supersedes, frame.fact) == (supersedes, fact)


def test_a_candle_that_is_over_is_known_as_the_projector_writes_it() -> None:
    candle = flat_candle(1, 0, 59_999)
    for over in (False, True):
        text = kline("BTCUSDT", Interval.MINUTE_1, candle, over, 60_000)
        assert Frame("btcusdt@kline_1m", text).fact is over
