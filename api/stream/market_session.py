"""What one client of the market streams follows, and how it changes that."""

import time
from collections import deque
from typing import Final

import msgspec

from api.stream import control
from api.stream.connection import Connection
from api.stream.control import ControlError, Method, Request
from api.stream.frame import Frame
from api.stream.hub import Hub
from api.stream.offered import OfferedStreams, UnknownStream
from api.stream.rendering import Rendering, rendering
from config.settings import StreamSettings

COME_AGAIN: Final = 1012
TOO_MANY_MESSAGES: Final = 1008
SERVER_SHUTDOWN: Final = "!serverShutdown"  # as Binance calls the stream that nobody subscribes to


class TooManyStreams(ValueError):
    """The connection may not follow that many."""


class MarketSession:
    """A subscriber of the hub, and the receiver of its client's control messages."""

    def __init__(
        self,
        connection: Connection,
        hub: Hub,
        streams: OfferedStreams,
        limits: StreamSettings,
        *,
        combined: bool,
        microseconds: bool,
    ) -> None:
        self._connection = connection
        self._hub = hub
        self._streams = streams
        self._limits = limits
        self._combined = combined
        self._microseconds = microseconds
        self._followed: dict[str, str] = {}  # as the client wrote it → the hub's name
        self._ways: dict[str, list[tuple[str, Rendering]]] = {}  # the hub's name → how to write it
        self._received: deque[float] = deque(maxlen=limits.messages_per_s)
        connection.farewell = self._farewell

    async def receive(self, text: str) -> None:
        """Carry out a control message and answer it."""
        if self._is_too_fast():
            self._connection.finish(TOO_MANY_MESSAGES, "Too many messages")
            return
        try:
            request = control.parse(text)
            try:
                await self._answer(request)
            except (UnknownStream, TooManyStreams) as error:
                raise ControlError(2, f"Invalid request: {error}", request.request_id) from error
        except ControlError as error:
            self._connection.send(error.answer())

    async def follow(self, streams: tuple[str, ...]) -> None:
        """Subscribe to all of these or to none. Raises UnknownStream, TooManyStreams."""
        self._begin(await self._resolved(streams))

    async def _resolved(self, streams: tuple[str, ...]) -> dict[str, str]:
        new = tuple(asked for asked in streams if asked not in self._followed)
        if len(self._followed) + len(new) > self._limits.subscriptions:
            raise TooManyStreams(f"at most {self._limits.subscriptions} streams on a connection")
        return await self._streams.resolve(new)

    def _begin(self, found: dict[str, str]) -> None:
        self._followed.update(found)
        self._find_ways()
        for name in found.values():
            self._hub.subscribe(name, self)

    def leave(self) -> None:
        """Follow nothing any more."""
        self._unfollow(tuple(self._followed))

    def deliver(self, frame: Frame) -> None:
        """Send a frame, once under each name that the client gave its stream."""
        for asked, (kind, write) in self._ways.get(frame.name, ()):
            text = frame.rendered(kind, write)
            key = asked if frame.supersedes else None
            self._connection.send(text, key=key, lasting=frame.fact)

    def lose(self, name: str) -> None:
        """A gap is never shown as if it were none."""
        self._connection.finish(COME_AGAIN, f"Frames of {name} were lost: connect again"[:120])

    async def _answer(self, request: Request) -> None:
        found: dict[str, str] = {}
        result: object = None
        match request.method:
            case Method.SUBSCRIBE:
                found = await self._resolved(request.streams)
            case Method.UNSUBSCRIBE:
                self._unfollow(request.streams)
            case Method.LIST_SUBSCRIPTIONS:
                result = list(self._followed)
            case Method.GET_PROPERTY:
                result = self._combined
            case Method.SET_PROPERTY:
                self._combined = request.combined
                self._find_ways()
        self._connection.send(control.answer(request.request_id, result))
        if found:
            self._begin(found)  # a stream's last state comes at once, but after the answer

    def _unfollow(self, streams: tuple[str, ...]) -> None:
        left = {self._followed.pop(asked) for asked in streams if asked in self._followed}
        self._find_ways()
        for name in left - self._ways.keys():
            self._hub.unsubscribe(name, self)

    def _find_ways(self) -> None:
        self._ways = {}
        for asked, name in self._followed.items():
            way = rendering(asked, combined=self._combined, microseconds=self._microseconds)
            self._ways.setdefault(name, []).append((asked, way))

    def _is_too_fast(self) -> bool:
        now_s = time.monotonic()
        full = len(self._received) == self._limits.messages_per_s
        too_fast = full and now_s - self._received[0] < 1.0
        self._received.append(now_s)
        return too_fast

    def _farewell(self) -> str:
        now = time.time_ns() // (1_000 if self._microseconds else 1_000_000)
        event: dict[str, object] = {"e": "serverShutdown", "E": now}
        if self._combined:
            event = {"stream": SERVER_SHUTDOWN, "data": event}
        return msgspec.json.encode(event).decode()
