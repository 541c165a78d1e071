"""STOMP 1.2 frames as text. Source: stomp.github.io/stomp-specification-1.2.html.

Sizes are in octets of UTF-8. Reading is strict where a doubt could be used to smuggle a frame
past a check, and lenient where the specification is: lines end in LF or CR LF, a value may hold
an unescaped colon, a frame may come in several pieces or several frames in one.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

import msgspec

FRAME_BYTES_MAX: Final = 65_536
HEADERS_MAX: Final = 32

# Codes that close a WebSocket: RFC 6455 section 7.4.1 and its registry.
NORMAL: Final = 1000
GOING_AWAY: Final = 1001
PROTOCOL_ERROR: Final = 1002
POLICY_VIOLATION: Final = 1008
INTERNAL_ERROR: Final = 1011
RESTART: Final = 1012
TRY_AGAIN_LATER: Final = 1013

HEADER_BYTES_MAX: Final = 8_192
CLIENT_COMMANDS: Final = frozenset(
    {
        *("CONNECT", "STOMP", "DISCONNECT", "SUBSCRIBE", "UNSUBSCRIBE", "SEND"),
        *("ACK", "NACK", "BEGIN", "COMMIT", "ABORT"),
    }
)
_NOT_ESCAPED: Final = frozenset({"CONNECT", "STOMP", "CONNECTED"})
_BLANK_LINE: Final = re.compile(rb"\r?\n\r?\n")
_LINE_ENDS: Final = re.compile(rb"(\r?\n)*")
_LENGTH: Final = re.compile(r"[0-9]{1,9}")
_ESCAPE: Final = re.compile(r"\\(.?)", re.DOTALL)
_MEANT: Final = {"r": "\r", "n": "\n", "c": ":", "\\": "\\"}
_ESCAPED: Final = str.maketrans({"\r": "\\r", "\n": "\\n", ":": "\\c", "\\": "\\\\"})


class ClientFrame(msgspec.Struct, frozen=True):
    """One frame of a client. Of a header that was repeated, the first value."""

    command: str
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def receipt(self) -> str | None:
        """The id that the client wants to have acknowledged."""
        return self.headers.get("receipt")


class StompError(Exception):
    """Why a session ends, for the ERROR frame after which its socket closes.

    `message` is the short fact, `advice` says what to do instead, `receipt` what the client
    wanted to have acknowledged. `code` closes the WebSocket.
    """

    def __init__(
        self, message: str, advice: str, receipt: str | None = None, *, code: int = PROTOCOL_ERROR
    ) -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice
        self.receipt = receipt
        self.code = code


class FrameReader:
    """Cuts what one client sends into frames. Holds at most one unfinished frame."""

    def __init__(self) -> None:
        self._pending = bytearray()

    def feed(self, text: str) -> Iterator[ClientFrame]:
        """The frames that this text completes; line ends between frames are heart-beats.

        Raises:
            StompError: no frame, or one beyond the limits. Nothing can be read after that.
        """
        self._pending += text.encode()
        while (frame := self._take()) is not None:
            yield frame
        if len(self._pending) > FRAME_BYTES_MAX:
            raise _too_large()

    def _take(self) -> ClientFrame | None:
        pending = self._pending
        if ends := _LINE_ENDS.match(pending):
            del pending[: ends.end()]
        blank, null = _BLANK_LINE.search(pending), pending.find(0)
        if null >= 0 and (blank is None or null < blank.start()):
            raise StompError(
                "Malformed frame", "A blank line must stand between the headers and the body."
            )
        if blank is None:
            return None
        command, headers = _head(bytes(pending[: blank.start()]))
        end = _end_of_body(pending, blank.end(), headers)
        if end is None:
            return None
        body = bytes(pending[blank.end() : end])
        del pending[: end + 1]
        if body and command != "SEND":
            raise StompError(f"{command} has no body", "Only SEND may carry a body.")
        return ClientFrame(command, headers, body)


def _head(head: bytes) -> tuple[str, dict[str, str]]:
    command, *lines = head.replace(b"\r\n", b"\n").decode().split("\n")
    if command not in CLIENT_COMMANDS:
        raise StompError(
            f"Unknown command {command[:32]!r}",
            "A client may send CONNECT, SUBSCRIBE, UNSUBSCRIBE and DISCONNECT, in capitals.",
        )
    if len(lines) > HEADERS_MAX:
        raise StompError("Too many headers", f"A frame may have {HEADERS_MAX} headers.")
    headers: dict[str, str] = {}
    for line in lines:
        name, value = _header(line, is_escaped=command not in _NOT_ESCAPED)
        headers.setdefault(name, value)
    return command, headers


def _header(line: str, *, is_escaped: bool) -> tuple[str, str]:
    if len(line.encode()) > HEADER_BYTES_MAX:
        raise StompError("Header too long", f"A header may have {HEADER_BYTES_MAX} octets.")
    name, colon, value = line.partition(":")
    if not colon or not name or "\r" in line:
        raise StompError(f"Malformed header {line[:32]!r}", "A header is written name:value.")
    if is_escaped:
        return _ESCAPE.sub(_unescaped, name), _ESCAPE.sub(_unescaped, value)
    return name, value


def _unescaped(found: re.Match[str]) -> str:
    meant = _MEANT.get(found[1])
    if meant is None:
        raise StompError(
            f"Undefined escape sequence {found[0]!r}", r"Headers know \r, \n, \c and \\ only."
        )
    return meant


def _end_of_body(pending: bytearray, start: int, headers: Mapping[str, str]) -> int | None:
    """Where the frame's NUL is; None while it has not come."""
    stated = headers.get("content-length")
    if stated is None:
        end = pending.find(0, start)
        if max(end, len(pending) if end < 0 else 0) > FRAME_BYTES_MAX:
            raise _too_large()
        return end if end >= 0 else None
    if not _LENGTH.fullmatch(stated):
        raise StompError("Malformed content-length", "It is the body's number of octets.")
    end = start + int(stated)
    if end >= FRAME_BYTES_MAX:
        raise _too_large()
    if len(pending) <= end:
        return None
    if pending[end]:
        raise StompError(
            "Wrong content-length", "NUL must follow the body after exactly so many octets."
        )
    return end


def _too_large() -> StompError:
    return StompError("Frame too large", f"A frame may have {FRAME_BYTES_MAX} octets.")


def frame_text(command: str, headers: Mapping[str, str], body: str = "") -> str:
    """A server's frame, headers escaped, ready to be sent."""
    is_escaped = command not in _NOT_ESCAPED
    lines = (
        f"{escaped(name)}:{escaped(value)}" if is_escaped else f"{name}:{value}"
        for name, value in headers.items()
    )
    return "\n".join((command, *lines, "", body)) + "\0"


def escaped(text: str) -> str:
    """A header's name or value as it is written in all frames but CONNECT and CONNECTED."""
    return text.translate(_ESCAPED)
