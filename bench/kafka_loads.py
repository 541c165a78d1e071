"""What `bench.kafka` compares: settings of a reader, and loads; and what it finds."""

import dataclasses
import json
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Final, Self

from contracts.topology import ORDERBOOK_UPDATES, ORDERS_EVENTS, PARTITIONS

MAX_POLL_RECORDS: Final = (1, 50, 500)
FETCH_MIN_BYTES: Final = (1, 1024, 10_240)
FETCH_MAX_WAIT_MS: Final = (5, 50, 500)
POLL_WAIT_MS: Final = (5, 200, 1000)
MESSAGE_BYTES: Final = 300
RATES: Final = (20, 100, 1000)
WORK_S: Final = 0.12  # longer than aiokafka waits before it fetches past unread records
ASKS: Final = 5


@dataclass(frozen=True)
class Setting:
    """One reader's settings."""

    max_poll_records: int
    min_bytes: int
    max_wait_ms: int
    poll_wait_ms: int = 200


BLUEPRINT: Final = Setting(500, 10_240, 500)
ONE_BYTE: Final = Setting(500, 1, 500)


class Sweep(Enum):
    """How many settings are compared."""

    QUICK = auto()  # the fetches
    USUAL = auto()  # and the two kinds of poll, one varied at a time
    FULL = auto()  # and every combination


def settings(sweep: Sweep) -> list[Setting]:
    """The blueprint's row first, then the others; each once."""
    found = [BLUEPRINT, ONE_BYTE]
    for wait in FETCH_MAX_WAIT_MS:
        found += [Setting(500, size, wait) for size in FETCH_MIN_BYTES]
    if sweep is Sweep.QUICK:
        return list(dict.fromkeys(found))
    for most in MAX_POLL_RECORDS:
        found += [
            dataclasses.replace(base, max_poll_records=most) for base in (ONE_BYTE, BLUEPRINT)
        ]
    found += [dataclasses.replace(ONE_BYTE, poll_wait_ms=wait) for wait in POLL_WAIT_MS]
    if sweep is Sweep.FULL:
        found += [
            Setting(most, size, wait)
            for most in MAX_POLL_RECORDS
            for size in FETCH_MIN_BYTES
            for wait in FETCH_MAX_WAIT_MS
        ]
    return list(dict.fromkeys(found))


@dataclass(frozen=True)
class Load:
    """What a reader meets: `count` messages at `rate` a second, or all at once without one."""

    name: str
    topic: str = ORDERS_EVENTS
    rate: int = 0
    count: int = 0
    seconds: float = 0.0
    partitions: int = PARTITIONS
    works_s: float = 0.0  # what the reader does after each poll
    asks: int = 0  # no messages: how often it asks where the log ends

    @property
    def is_backlog(self) -> bool:
        return self.topic == ORDERBOOK_UPDATES


def loads(seconds: float, backlog: int) -> list[Load]:
    """All of them, in the order of the columns."""
    busy = Load(
        "busy", ORDERS_EVENTS, 20, round(20 * seconds), seconds, partitions=1, works_s=WORK_S
    )
    return [
        Load("idle", seconds=seconds),
        *(Load(f"{r}/s", rate=r, count=round(r * seconds), seconds=seconds) for r in RATES),
        busy,
        Load("ask", asks=ASKS),
        Load("backlog", topic=ORDERBOOK_UPDATES, count=backlog, seconds=120.0),
    ]


@dataclass(frozen=True)
class Task:
    """One line to the reading process."""

    bootstrap: str
    setting: Setting
    load: Load

    def to_json(self) -> str:
        return json.dumps(dataclasses.asdict(self))

    @classmethod
    def from_json(cls, line: str) -> Self:
        told = json.loads(line)
        return cls(told["bootstrap"], Setting(**told["setting"]), Load(**told["load"]))


@dataclass
class Figures:
    """What one reader found under one load; the broker's share is added by who watches it."""

    received: int = 0
    waits_ms: list[float] = field(default_factory=list)
    took_s: float = 0.0
    cpu_s: float = 0.0
    broker_cpu_s: float = 0.0

    def percentile_ms(self, share: float) -> float:
        """The wait that this share of the messages did not exceed, in milliseconds."""
        ordered = sorted(self.waits_ms)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0

    @property
    def cpu_us(self) -> float:
        """The reader's processor time for one message, in microseconds."""
        return self.cpu_s / self.received * 1e6 if self.received else 0.0

    @property
    def rate(self) -> float:
        """Messages a second."""
        return self.received / self.took_s if self.took_s else 0.0

    def to_json(self) -> str:
        return json.dumps(dataclasses.asdict(self))

    @classmethod
    def from_json(cls, line: str) -> Self:
        return cls(**json.loads(line))
