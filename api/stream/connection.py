"""One WebSocket's way out: a bounded queue that never makes the sender wait.

While the peer reads, texts go straight to the transport. What it has not taken waits here; too
much of it, or a peer that takes nothing for a while, ends the connection: the others must not
pay for one that does not read.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from itertools import islice
from typing import Final

import structlog
from starlette.websockets import WebSocket

from api.stream.figures import StreamFigures
from api.stream.wire import Wire, wire_of
from config.settings import StreamSettings

JOINED_TEXTS: Final = 64  # written together when the peer reads again
GRACE_S: Final = 0.1
GOING_AWAY: Final = 1001
NOT_UTF8: Final = 1007

log = structlog.get_logger()


class Connection:
    """The socket of one client, already accepted. Belongs to one event loop.

    `farewell` makes the last text of a socket that ends because the gateway stops.
    """

    def __init__(
        self,
        websocket: WebSocket,
        settings: StreamSettings,
        figures: StreamFigures | None = None,
        *,
        wire: Wire | None = None,
    ) -> None:
        self._websocket = websocket
        self._settings = settings
        self._figures = StreamFigures() if figures is None else figures
        self._wire = wire_of(websocket) if wire is None else wire
        self._queue: dict[object, str] = {}  # in the order of going out; by key, or a number
        self._queued_bytes = 0
        self._unkeyed = 0
        self._wake = asyncio.Event()
        self._closing: tuple[int, str] | None = None
        self._gone = False
        self.farewell: Callable[[], str] | None = None

    @property
    def open(self) -> bool:
        """Whether texts still go out."""
        return self._closing is None and not self._gone

    def send(self, text: str, *, key: str | None = None, lasting: bool = False) -> None:
        """Send a text frame as soon as the peer takes it; after the end, nothing happens.

        A text with the same `key` as one that still waits takes its place. A `lasting` one makes
        that other worthless too, but goes out itself, whatever follows under its key.
        """
        if not self.open:
            return
        if not self._queue and self._wire.try_write(text):
            self._figures.sent += 1
            return
        self._enqueue(text, key, lasting=lasting)
        limits = self._settings
        if len(self._queue) > limits.queue_frames or self._queued_bytes > limits.queue_bytes:
            self._abort("the queue is full")
        else:
            self._wake.set()

    def finish(self, code: int = 1000, reason: str = "") -> None:
        """Close once what is queued has been sent. The first call counts."""
        if self.open:
            self._closing = (code, reason)
            self._wake.set()

    def go_away(self, code: int, reason: str) -> None:
        """Say farewell and finish: the gateway stops."""
        if self.farewell is not None:
            self.send(self.farewell())
        self.finish(code, reason)

    async def run(self, receive: Callable[[str], Awaitable[None]]) -> None:
        """Hand each text of the peer to `receive`, one after the other, until it is gone.

        Returns when the connection has ended, whoever ended it.
        """
        loop = asyncio.get_running_loop()
        writer = loop.create_task(self._write(), name="socket-writer")
        life_s = self._settings.connection_life_s
        life = loop.call_later(life_s, self.finish, GOING_AWAY, "a connection's life is over")
        self._figures.enter(self)
        try:
            while (message := await self._websocket.receive())["type"] == "websocket.receive":
                text = self._text(message.get("text"), message.get("bytes"))
                if self.open and text is not None:
                    await receive(text)
        finally:
            self._figures.leave(self)
            life.cancel()
            self._end()
            writer.cancel()
            with suppress(asyncio.CancelledError):
                await writer

    def _text(self, text: str | None, data: bytes | None) -> str | None:
        if text is not None or data is None:
            return text
        try:
            return data.decode()
        except UnicodeDecodeError:
            self.finish(NOT_UTF8, "not UTF-8")
            return None

    def _enqueue(self, text: str, key: str | None, *, lasting: bool) -> None:
        if key is not None and (replaced := self._queue.get(key)) is not None:
            self._queued_bytes -= len(replaced)
            self._figures.conflated += 1
            if lasting:  # what follows must not take that earlier place, before this text
                del self._queue[key]
        self._unkeyed += 1
        self._queue[self._unkeyed if key is None or lasting else key] = text
        self._queued_bytes += len(text)

    async def _write(self) -> None:
        """Bring out what is queued; close when that was asked for."""
        try:
            while not self._gone:
                await self._wake.wait()
                self._wake.clear()
                while self._queue and await self._has_room():
                    await self._wire.write(self._taken())
                if self._closing is not None and not self._gone:
                    await self._close(*self._closing)
                    return
        except ConnectionError:  # the reader learns of it too
            self._end()

    async def _has_room(self) -> bool:
        """Wait for room; False where the peer takes nothing."""
        while not self._gone:
            untaken = self._wire.untaken_bytes()
            try:
                async with asyncio.timeout(self._settings.stall_s):
                    await self._wire.room()
            except TimeoutError:
                await asyncio.sleep(
                    GRACE_S
                )  # if the loop was late, it has not looked at the socket
                if self._wire.untaken_bytes() >= untaken:
                    self._abort("the peer does not read")
            else:
                return bool(self._queue)
        return False

    def _taken(self) -> list[str]:
        texts = [self._queue.pop(key) for key in list(islice(self._queue, JOINED_TEXTS))]
        self._queued_bytes -= sum(map(len, texts))
        self._figures.sent += len(texts)
        return texts

    async def _close(self, code: int, reason: str) -> None:
        try:
            async with asyncio.timeout(self._settings.stall_s):
                await self._websocket.close(code, reason)
        except (TimeoutError, RuntimeError):  # it does not read, or is gone
            self._wire.abort()

    def _abort(self, reason: str) -> None:
        log.warning("socket.aborted", reason=reason, waiting=len(self._queue))
        self._figures.aborted += 1
        self._end()
        self._wire.abort()

    def _end(self) -> None:
        self._gone = True
        self._queue.clear()
        self._queued_bytes = 0
        self._wake.set()
