"""Heart-beats by a clock that the test holds. Times are seconds."""

import pytest

from api.stream.stomp_frames import StompError
from api.stream.stomp_heartbeats import HeartBeats

IDLE = 60.0


def agreed(header: str | None) -> HeartBeats:
    beats = HeartBeats(0.0)
    beats.agree(header, 100.0)
    return beats


@pytest.mark.parametrize(
    ("header", "sends_every_s", "silence_s"),
    [
        ("0,0", None, None),
        (None, None, None),
        ("10000,10000", 10.0, 30.0),
        ("0,4000", 4.0, None),
        ("4000,0", None, 30.0),
        ("1,1", 1.0, 30.0),
        ("20000,500", 1.0, 60.0),
    ],
)
def test_what_is_agreed(
    header: str | None, sends_every_s: float | None, silence_s: float | None
) -> None:
    beats = agreed(header)
    due = next((t for t in range(100) if beats.is_due(100.0 + t)), None)
    silent = next((t for t in range(100) if beats.is_silent(100.0 + t)), None)
    assert due == sends_every_s
    assert silent == silence_s


@pytest.mark.parametrize("header", ["", "1", "1,2,3", "-1,0", "a,b", "1 ,2", "1.5,2"])
def test_what_is_no_heart_beat_header(header: str) -> None:
    if not header:
        assert not agreed(header).is_due(1e9)
        return
    with pytest.raises(StompError, match="Malformed heart-beat"):
        agreed(header)


def test_whatever_is_sent_puts_the_next_beat_off() -> None:
    beats = agreed("0,4000")
    beats.sent(103.0)
    assert not beats.is_due(106.9)
    assert beats.is_due(107.0)


def test_whatever_is_heard_shows_that_the_client_lives() -> None:
    beats = agreed("10000,0")
    beats.heard(120.0)
    assert not beats.is_silent(149.9)
    assert beats.is_silent(150.0)


def test_it_wakes_when_something_can_be_due() -> None:
    beats = agreed("10000,4000")
    assert beats.wake_in(101.0, IDLE) == 3.0
    beats.sent(128.0)
    assert beats.wake_in(128.0, IDLE) == 2.0
    assert beats.wake_in(140.0, IDLE) == 0.0
    assert agreed("0,0").wake_in(140.0, IDLE) == IDLE
