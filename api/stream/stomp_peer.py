"""One STOMP client from its first frame to its last: requests in, feeds out, time watched."""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Final

import structlog

from api.dependencies import Dependencies
from api.guarded import guarded
from api.market_data_ports import DepthView
from api.stream.connection import Connection
from api.stream.destinations import Book, Market, UnknownDestination, parse_destination
from api.stream.hub import user_channel
from api.stream.stomp_budget import MessageBudget
from api.stream.stomp_feeds import BookFeed, Feed, QueueFeed, StreamFeed
from api.stream.stomp_frames import INTERNAL_ERROR, POLICY_VIOLATION, StompError
from api.stream.stomp_login import RENEW, Login
from api.stream.stomp_messages import connected, receipt
from api.stream.stomp_outlet import IDLE_S, Framing, Outlet, Recipient
from api.stream.stomp_session import (
    SUBSCRIPTIONS_MAX,
    Connect,
    Disconnect,
    Renew,
    Request,
    StompSession,
    Subscribe,
    Unsubscribe,
)

CONNECT_WITHIN_S: Final = 10.0
BURST: Final = 2 * SUBSCRIPTIONS_MAX  # frames at once: all subscriptions, and as many back

log = structlog.get_logger()


class StompPeer:
    """Serves one connection."""

    def __init__(
        self,
        dependencies: Dependencies,
        connection: Connection,
        framing: Framing,
        clock_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._dependencies = dependencies
        self._connection = connection
        self._framing = framing
        self._clock_s = clock_s
        self._session = StompSession()
        self._outlet = Outlet(connection, framing, clock_s)
        self._login = Login(dependencies.identity.authenticate, clock_s)
        self._budget = MessageBudget(dependencies.settings.streams.messages_per_s, BURST, clock_s())
        self._feeds: dict[str, Feed] = {}
        self._connected = asyncio.Event()

    async def run(self) -> None:
        """Serve until the connection has ended, whoever ended it."""
        self._connection.farewell = self._outlet.farewell
        watch = asyncio.create_task(self._watch(), name="stomp-watch")
        try:
            await self._connection.run(self.receive)
        finally:
            watch.cancel()
            with suppress(asyncio.CancelledError):
                await watch
            self._stop_feeds()
            self._outlet.stop()

    async def receive(self, text: str) -> None:
        """Do what one message of the peer asks for; ERROR and the end where it cannot be done."""
        self._outlet.beats.heard(self._clock_s())
        try:
            for part in self._framing.unwrap(text):
                self._budget.take(self._clock_s())
                for request in self._session.receive(part):
                    await self._answer(request)
        except StompError as refusal:
            self._fail(refusal)
        except Exception:
            log.exception("stomp.failed")
            self._fail(StompError("Internal error", "Connect again.", code=INTERNAL_ERROR))

    async def tick(self) -> None:
        """Do what is due by now: a heart-beat, a look at the token; end a silent peer."""
        try:
            if self._outlet.beats.is_silent(self._clock_s()):
                raise StompError("No heart-beat came", "Send what the heart-beat header promised.")
            await self._login.check()
        except StompError as refusal:
            self._fail(refusal)
            return
        self._outlet.tick()

    async def _watch(self) -> None:
        try:
            async with asyncio.timeout(CONNECT_WITHIN_S):
                await self._connected.wait()
        except TimeoutError:
            seconds = f"{CONNECT_WITHIN_S:.0f}"
            self._fail(StompError("Not connected", f"CONNECT must come within {seconds} s."))
        while self._connection.open:
            at_most = min(IDLE_S, self._login.check_in())
            await asyncio.sleep(self._outlet.beats.wake_in(self._clock_s(), at_most))
            await self.tick()

    async def _answer(self, request: Request) -> None:
        try:
            await self._grant(request)
        except StompError as refusal:
            refusal.receipt = request.receipt
            raise

    async def _grant(self, request: Request) -> None:
        match request:
            case Connect():
                await self._connect(request)
            case Subscribe():
                await self._subscribe(request)
            case Unsubscribe():
                self._feeds.pop(request.id).stop()
                self._acknowledge(request.receipt)
            case Renew():
                await self._login.renew(request.token)
                self._acknowledge(request.receipt)
            case Disconnect():
                self._stop_feeds()
                self._acknowledge(request.receipt)
                self._outlet.close()

    async def _connect(self, request: Connect) -> None:
        if request.token is not None:
            await self._login.enter(request.token)
        self._outlet.beats.agree(request.heart_beat, self._clock_s())
        merge_ms = self._outlet.merging.agree(request.merge)
        self._outlet.send(connected(merge_ms))
        self._connected.set()

    async def _subscribe(self, request: Subscribe) -> None:
        feed = self._feeds[request.id] = self._feed(request)
        await feed.start()
        self._acknowledge(request.receipt)

    def _feed(self, request: Subscribe) -> Feed:
        hub, text = self._dependencies.hub, request.destination
        try:
            destination = parse_destination(text, self._dependencies.instruments)
        except UnknownDestination as unknown:
            raise StompError(f"Unknown destination {text[:64]!r}", str(unknown)) from None
        recipient = Recipient(self._outlet, request.id, text)
        if isinstance(destination, Book):
            return BookFeed(hub, recipient, destination, self._snapshot)
        if isinstance(destination, Market):
            return StreamFeed(hub, recipient, destination.stream)
        user_id = self._login.user_id
        if user_id is None:
            raise StompError(f"{text} needs a login", RENEW, code=POLICY_VIOLATION)
        return QueueFeed(hub, recipient, user_channel(user_id), destination.events)

    async def _snapshot(self, symbol: str, limit: int) -> DepthView:
        reads = self._dependencies.market_data
        return await guarded(self._dependencies.breakers.market_data, reads.depth, symbol, limit)

    def _acknowledge(self, receipt_id: str | None) -> None:
        if receipt_id is not None:
            self._outlet.send(receipt(receipt_id))

    def _fail(self, reason: StompError) -> None:
        self._stop_feeds()
        self._outlet.fail(reason)

    def _stop_feeds(self) -> None:
        for feed in self._feeds.values():
            feed.stop()
        self._feeds.clear()
