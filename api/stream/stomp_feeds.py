"""What a subscription is fed from: the hub's streams, as its destination shows them."""

from collections import deque
from collections.abc import Awaitable, Callable
from typing import Final, Protocol

import msgspec

from api.market_data_ports import DepthView
from api.order_payloads import levels
from api.stream.destinations import Book
from api.stream.hub import Frame, Hub
from api.stream.stomp_frames import TRY_AGAIN_LATER, StompError
from api.stream.stomp_outlet import Recipient
from contracts.message import encode

SNAPSHOT_LEVELS: Final = 1_000
PENDING_MAX: Final = 256  # changes of a book while its snapshot is read: 25 s of them

Snapshots = Callable[[str, int], Awaitable[DepthView]]
"""A book's best levels: (symbol, levels of each side). Raises ApiError where it cannot be read."""


class Feed(Protocol):
    """One subscription's source."""

    async def start(self) -> None:
        """Raises StompError where it cannot begin; `stop` is due all the same."""
        ...

    def stop(self) -> None: ...


class StreamFeed:
    """A stream as it is."""

    def __init__(self, hub: Hub, recipient: Recipient, stream: str) -> None:
        self._hub = hub
        self._recipient = recipient
        self._stream = stream

    async def start(self) -> None:
        self._hub.subscribe(self._stream, self)

    def stop(self) -> None:
        self._hub.unsubscribe(self._stream, self)

    def deliver(self, frame: Frame) -> None:
        self._recipient.event(frame)

    def lose(self, _: str) -> None:
        self._recipient.lose()


class QueueFeed(StreamFeed):
    """Of a user's own events, those that belong into one queue."""

    def __init__(self, hub: Hub, recipient: Recipient, stream: str, events: frozenset[str]) -> None:
        super().__init__(hub, recipient, stream)
        self._events = events

    def deliver(self, frame: Frame) -> None:
        if frame.rendered("event", _event_of) in self._events:
            super().deliver(frame)


class BookFeed(StreamFeed):
    """A snapshot of the book, then every change after it.

    Changes are taken from before the snapshot is read, so that none is missing between; those
    that the snapshot holds are dropped, also where they come only after it.
    """

    def __init__(self, hub: Hub, recipient: Recipient, book: Book, snapshots: Snapshots) -> None:
        super().__init__(hub, recipient, book.stream)
        self._symbol = book.symbol
        self._snapshots = snapshots
        self._pending: deque[Frame] | None = deque()
        self._held: int | None = None  # the snapshot's update id, until a change beyond it came

    async def start(self) -> None:
        await super().start()
        try:
            depth = await self._snapshots(self._symbol, SNAPSHOT_LEVELS)
        except Exception as error:
            raise StompError(
                f"The order book of {self._symbol} cannot be read now",
                "Connect again in a few seconds.",
                code=TRY_AGAIN_LATER,
            ) from error
        self._recipient.snapshot(_snapshot(depth))
        self._held = depth.last_update_id
        pending, self._pending = self._pending or (), None
        for frame in pending:
            self.deliver(frame)

    def deliver(self, frame: Frame) -> None:
        if self._pending is not None:
            if len(self._pending) < PENDING_MAX:
                self._pending.append(frame)
            else:
                self.lose(frame.name)
        elif self._held is None:
            super().deliver(frame)
        else:
            self._begin(frame, self._held)

    def _begin(self, frame: Frame, held: int) -> None:
        """Deliver the first change that goes beyond the snapshot, if it joins on."""
        change = _changes.decode(frame.payload)
        if change.last <= held:
            return
        self._held = None
        if change.first > held + 1:
            self.lose(frame.name)
        else:
            super().deliver(frame)


class _Change(msgspec.Struct):
    first: int = msgspec.field(name="U")
    last: int = msgspec.field(name="u")


class _Event(msgspec.Struct):
    e: str


_changes: Final = msgspec.json.Decoder(_Change)
_events: Final = msgspec.json.Decoder(_Event)


def _event_of(frame: Frame) -> str:
    return _events.decode(frame.payload).e


def _snapshot(depth: DepthView) -> str:
    """As the answer of GET /api/v3/depth: amounts are decimal text, best levels first."""
    book = {
        "lastUpdateId": depth.last_update_id,
        "bids": levels(depth.bids),
        "asks": levels(depth.asks),
    }
    return encode(book).decode()
