"""One client's way out: STOMP frames, in the transport's own wrapping, onto its connection."""

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import Final, Protocol

import msgspec

from api.stream.frame import Frame
from api.stream.stomp_frames import GOING_AWAY, NORMAL, RESTART, StompError
from api.stream.stomp_heartbeats import HeartBeats
from api.stream.stomp_merging import Merging
from api.stream.stomp_messages import HEART_BEAT, error, message


class Framing(msgspec.Struct, frozen=True):
    """How a transport carries texts: one message, or several in one.

    `unwrap` raises StompError where a peer's message is none of this transport's. `join` makes
    one message of several wrapped texts, `closing` the transport's own last text; `idle` is what
    it sends when nothing else goes out.
    """

    name: str
    wrap: Callable[[str], str] = lambda text: text
    unwrap: Callable[[str], list[str]] = lambda text: [text]
    join: Callable[[Sequence[str]], str] = "".join
    closing: Callable[[int, str], str] | None = None
    idle: str | None = None


PLAIN: Final = Framing("stomp")
IDLE_S: Final = 25.0  # SockJS's usual heart-beat
MERGED_MAX: Final = 64  # frames in one message
REASON_OCTETS: Final = 123  # what a close frame has room for
LEAVING: Final = StompError("The gateway stops", "Connect again in a moment.", code=GOING_AWAY)


class Way(Protocol):
    """What an outlet needs of a connection."""

    def send(self, text: str, *, key: str | None = None, lasting: bool = False) -> None: ...

    def finish(self, code: int = 1000, reason: str = "") -> None: ...


class Outlet:
    """Sends a client's frames, and knows when it last did."""

    def __init__(
        self, way: Way, framing: Framing, clock_s: Callable[[], float] = time.monotonic
    ) -> None:
        self._way = way
        self._framing = framing
        self._clock_s = clock_s
        self._idle_at = clock_s() + IDLE_S
        self.beats = HeartBeats(clock_s())
        self.merging = Merging()
        self._waiting: list[str] = []
        self._timer: asyncio.TimerHandle | None = None

    def send(self, text: str) -> None:
        """Send one STOMP frame."""
        self._put(self._framing.wrap(text))

    def event(self, frame: Frame, kind: str, render: Callable[[Frame], str], key: str) -> None:
        """Send what `render` makes of a hub's frame, made once for all outlets and each `kind`.

        It replaces the state before it that waits under the same `key`, where it may. What comes
        one by one and in numbers may wait for more of its kind, if the client asked for that.
        """
        text = frame.rendered(
            f"{self._framing.name} {kind}", lambda it: self._framing.wrap(render(it))
        )
        if self.merging.within_s and frame.is_one_of_many:
            self._wait(text)
        elif frame.supersedes:
            self._put(text, key, lasting=frame.fact)
        else:
            self._put(text)

    def stop(self) -> None:
        """Nothing goes out by itself any more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def tick(self) -> None:
        """Send the heart-beat that is due by now, if any."""
        now = self._clock_s()
        if self.beats.is_due(now):
            self.send(HEART_BEAT)
        elif self._framing.idle is not None and now >= self._idle_at:
            self._idle_at = now + IDLE_S
            self._way.send(self._framing.idle)

    def fail(self, reason: StompError) -> None:
        """Send ERROR and close."""
        self.send(error(reason))
        self._finish(reason.code, reason.message)

    def close(self) -> None:
        """Close in peace, once what was sent is out."""
        self._finish(NORMAL, "")

    def farewell(self) -> str:
        """The last text of a socket that ends because the gateway stops."""
        self._flush()
        return self._framing.wrap(error(LEAVING))

    def _finish(self, code: int, reason: str) -> None:
        self._flush()
        if self._framing.closing is not None:
            self._way.send(self._framing.closing(code, reason))
        self._way.finish(code, reason.encode()[:REASON_OCTETS].decode(errors="ignore"))

    def _wait(self, text: str) -> None:
        self._waiting.append(text)
        if len(self._waiting) >= MERGED_MAX:
            self._flush()
        elif self._timer is None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(self.merging.within_s, self._flush)

    def _flush(self, *last: str) -> None:
        """Send what waits, and these after it, as one message."""
        self.stop()
        texts, self._waiting = [*self._waiting, *last], []
        if texts:
            self.beats.sent(self._clock_s())
            self._way.send(self._framing.join(texts))

    def _put(self, text: str, key: str | None = None, *, lasting: bool = False) -> None:
        """A state goes out by itself, as a newer one may take its place; the rest in order."""
        if key is None and self._waiting:
            self._flush(text)
            return
        self.beats.sent(self._clock_s())
        self._way.send(text, key=key, lasting=lasting)


class Recipient:
    """One subscription at the end of an outlet: everything that it gets is a MESSAGE."""

    def __init__(self, outlet: Outlet, subscription: str, destination: str) -> None:
        self._outlet = outlet
        self._subscription = subscription
        self._destination = destination
        self._kind = f"{destination} {subscription}"

    def event(self, frame: Frame) -> None:
        """Send a hub's frame."""
        self._outlet.event(frame, self._kind, self._message, self._subscription)

    def snapshot(self, payload: str) -> None:
        """Send a state that later events change, marked by the header type:snapshot."""
        self._outlet.send(message(payload, self._subscription, self._destination, is_snapshot=True))

    def lose(self) -> None:
        """End the session, because events are missing."""
        self._outlet.fail(
            StompError(
                f"Messages of {self._destination} were lost",
                "Connect and subscribe again.",
                code=RESTART,
            )
        )

    def _message(self, frame: Frame) -> str:
        return message(frame.payload, self._subscription, self._destination)
