"""For how long what was read may be shown: as long as the broker says that it is all there is."""

from aiokafka import TopicPartition

from market_data.freshness import FRESH_MS, LogEnd

ONE, OTHER = TopicPartition("t", 0), TopicPartition("t", 1)
NOW_MS = 1_800_000_000_000


class Broker:
    """What its last answers said: each partition's end, and when that was."""

    def __init__(self) -> None:
        self.ends: dict[TopicPartition, int | None] = {ONE: 7, OTHER: 0}
        self.answered_ms: dict[TopicPartition, int | None] = {ONE: NOW_MS, OTHER: NOW_MS}

    def highwater(self, place: TopicPartition) -> int | None:
        return self.ends[place]

    def last_poll_timestamp(self, place: TopicPartition) -> int | None:
        return self.answered_ms[place]


def fresh_ms(broker: Broker, end: LogEnd, later_ms: int = 0) -> int:
    return end.fresh_ms(NOW_MS + later_ms)


def test_what_is_unread_is_not_fresh() -> None:
    broker = Broker()
    end = LogEnd(broker, {ONE: 0, OTHER: 0})
    assert fresh_ms(broker, end) == 0
    end.passed(ONE, 5)
    assert fresh_ms(broker, end) == 0
    end.passed(ONE, 6)
    assert fresh_ms(broker, end) == FRESH_MS
    broker.ends[OTHER] = 1
    assert fresh_ms(broker, end) == 0


def test_it_lasts_from_the_last_answer_of_the_partition_that_is_silent_longest() -> None:
    broker = Broker()
    end = LogEnd(broker, {ONE: 7, OTHER: 0})
    assert fresh_ms(broker, end, 1_000) == FRESH_MS - 1_000
    broker.answered_ms[ONE] = NOW_MS + 3_000
    assert fresh_ms(broker, end, 3_000) == FRESH_MS - 3_000
    assert fresh_ms(broker, end, FRESH_MS) == 0
    assert fresh_ms(broker, end, 10 * FRESH_MS) == 0
    broker.answered_ms[OTHER] = NOW_MS + 4_000
    assert fresh_ms(broker, end, 4_000) == FRESH_MS - 1_000


def test_before_any_answer_nothing_is_known() -> None:
    broker = Broker()
    end = LogEnd(broker, {ONE: 7, OTHER: 0})
    broker.answered_ms[OTHER] = None
    assert fresh_ms(broker, end) == 0
    broker.answered_ms[OTHER], broker.ends[OTHER] = NOW_MS, None
    assert fresh_ms(broker, end) == 0
    assert fresh_ms(broker, LogEnd(broker, {})) == 0
