"""For how long what was read of the log may be shown as what is.

Each of the two writers says so in Redis, again and again. Its word ends by itself: where it is
missing, readers answer nothing rather than what may have changed long ago.
"""

from collections.abc import Mapping
from typing import Final

from aiokafka import AIOKafkaConsumer, TopicPartition

FRESH_MS: Final = 5_000


class LogEnd:
    """How far a consumer's reader has come, and when that was all that there is."""

    def __init__(self, consumer: AIOKafkaConsumer, next_offsets: Mapping[TopicPartition, int]):
        self._consumer = consumer
        self._next = dict(next_offsets)

    def passed(self, place: TopicPartition, offset: int) -> None:
        """The record at this offset was read."""
        self._next[place] = offset + 1

    def fresh_ms(self, now_ms: int) -> int:
        """For how long from now on what was read may be shown: until FRESH_MS after the broker
        has said last that there is no more. 0 where there is more, or it is silent."""
        reached_ms = min((self._reached_ms(place) for place in self._next), default=0)
        return max(0, min(reached_ms + FRESH_MS - now_ms, FRESH_MS))

    def _reached_ms(self, place: TopicPartition) -> int:
        end = self._consumer.highwater(place)
        answered_ms = self._consumer.last_poll_timestamp(place)
        if end is None or answered_ms is None or self._next[place] < end:
            return 0
        return int(answered_ms)
