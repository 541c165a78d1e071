"""Frames as clients write them, well and badly, whole and in pieces."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.stream.stomp_frames import (
    FRAME_BYTES_MAX,
    HEADER_BYTES_MAX,
    HEADERS_MAX,
    ClientFrame,
    FrameReader,
    StompError,
    frame_text,
)


def read(*texts: str) -> list[ClientFrame]:
    reader = FrameReader()
    return [frame for text in texts for frame in reader.feed(text)]


GOOD = {
    "line feeds": (
        "SUBSCRIBE\nid:0\ndestination:/topic/x\n\n\0",
        ClientFrame("SUBSCRIBE", {"id": "0", "destination": "/topic/x"}),
    ),
    "carriage returns": (
        "SUBSCRIBE\r\nid:0\r\ndestination:/topic/x\r\n\r\n\0\r\n",
        ClientFrame("SUBSCRIBE", {"id": "0", "destination": "/topic/x"}),
    ),
    "no headers": ("DISCONNECT\n\n\0", ClientFrame("DISCONNECT", {})),
    "heart-beats before": ("\n\r\n\nDISCONNECT\n\n\0\n", ClientFrame("DISCONNECT", {})),
    "a raw colon in a value": (
        "SUBSCRIBE\nid:a:b\n\n\0",
        ClientFrame("SUBSCRIBE", {"id": "a:b"}),
    ),
    "escapes in name and value": (
        "SUBSCRIBE\nid\\c:a\\\\cb\\nc\\rd\\ce\n\n\0",
        ClientFrame("SUBSCRIBE", {"id:": "a\\cb\nc\rd:e"}),
    ),
    "CONNECT has no escapes": (
        "CONNECT\nhost:a\\tb:80\n\n\0",
        ClientFrame("CONNECT", {"host": "a\\tb:80"}),
    ),
    "STOMP is CONNECT": ("STOMP\nhost:a\\b\n\n\0", ClientFrame("STOMP", {"host": "a\\b"})),
    "spaces belong to the value": (
        "SUBSCRIBE\nid: 7 \n\n\0",
        ClientFrame("SUBSCRIBE", {"id": " 7 "}),
    ),
    "the first of repeated headers": (
        "SUBSCRIBE\nid:first\nid:second\n\n\0",
        ClientFrame("SUBSCRIBE", {"id": "first"}),
    ),
    "an empty value": ("SUBSCRIBE\nid:\n\n\0", ClientFrame("SUBSCRIBE", {"id": ""})),
    "a body to NUL": ("SEND\n\nhello\n\nyou\0", ClientFrame("SEND", {}, b"hello\n\nyou")),
    "a body with NUL": (
        "SEND\ncontent-length:3\n\na\0b\0",
        ClientFrame("SEND", {"content-length": "3"}, b"a\0b"),
    ),
    "octets, not characters": (
        "SEND\ncontent-length:3\n\n€\0",
        ClientFrame("SEND", {"content-length": "3"}, "€".encode()),
    ),
}


@pytest.mark.parametrize(("text", "frame"), GOOD.values(), ids=GOOD)
def test_what_is_well_written_is_read_whole_and_in_pieces(text: str, frame: ClientFrame) -> None:
    assert read(text) == [frame]
    assert read(*text) == [frame]
    assert read(text + text) == [frame, frame]


BAD = {
    "unknown command": ("HELLO\n\n\0", "Unknown command 'HELLO'"),
    "a server's command": ("MESSAGE\n\n\0", "Unknown command 'MESSAGE'"),
    "lower case": ("subscribe\nid:0\n\n\0", "Unknown command 'subscribe'"),
    "HTTP": ("GET / HTTP/1.1\r\nHost: x\r\n\r\n", "Unknown command 'GET / HTTP/1.1'"),
    "NUL alone": ("\0", "Malformed frame"),
    "no blank line": ("DISCONNECT\nreceipt:1\0", "Malformed frame"),
    "no colon": ("SUBSCRIBE\nid\n\n\0", "Malformed header 'id'"),
    "no name": ("SUBSCRIBE\n:0\n\n\0", "Malformed header ':0'"),
    "a bare carriage return": ("SUBSCRIBE\nid:a\rb\n\n\0", r"Malformed header 'id:a\rb'"),
    "undefined escape": ("SUBSCRIBE\nid:a\\tb\n\n\0", r"Undefined escape sequence '\\t'"),
    "half an escape": ("SUBSCRIBE\nid:a\\\n\n\0", r"Undefined escape sequence '\\'"),
    "a body where none may be": ("SUBSCRIBE\nid:0\n\nx\0", "SUBSCRIBE has no body"),
    "content-length too small": ("SEND\ncontent-length:2\n\nabc\0", "Wrong content-length"),
    "content-length no number": ("SEND\ncontent-length:x\n\nabc\0", "Malformed content-length"),
    "content-length negative": ("SEND\ncontent-length:-1\n\nabc\0", "Malformed content-length"),
    "content-length beyond limits": (
        f"SEND\ncontent-length:{FRAME_BYTES_MAX}\n\n",
        "Frame too large",
    ),
    "an endless head": ("S" * (FRAME_BYTES_MAX + 1), "Frame too large"),
    "an endless body": ("SEND\n\n" + "x" * FRAME_BYTES_MAX, "Frame too large"),
    "a body too large": ("SEND\n\n" + "x" * FRAME_BYTES_MAX + "\0", "Frame too large"),
    "too many headers": (
        "SUBSCRIBE\n" + "".join(f"h{i}:0\n" for i in range(HEADERS_MAX + 1)) + "\n\0",
        "Too many headers",
    ),
    "a header too long": ("SUBSCRIBE\nid:" + "x" * HEADER_BYTES_MAX + "\n\n\0", "Header too long"),
}


@pytest.mark.parametrize(("text", "message"), BAD.values(), ids=BAD)
def test_what_is_badly_written_is_refused(text: str, message: str) -> None:
    with pytest.raises(StompError) as refusal:
        read(text)
    assert refusal.value.message == message
    assert refusal.value.advice


def test_frames_before_a_bad_one_are_read() -> None:
    frames = FrameReader().feed("DISCONNECT\n\n\0HELLO\n\n\0")
    assert next(frames) == ClientFrame("DISCONNECT", {})
    with pytest.raises(StompError):
        next(frames)


def test_an_unfinished_frame_waits() -> None:
    assert read("SUBSCRIBE\nid:0\n\n") == []


HEADER = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1)


@given(headers=st.dictionaries(HEADER, HEADER, max_size=4), body=st.text(max_size=40))
def test_what_a_server_writes_reads_back_the_same(headers: dict[str, str], body: str) -> None:
    headers["content-length"] = str(len(body.encode()))
    text = frame_text("SEND", headers, body)
    assert read(text) == [ClientFrame("SEND", headers, body.encode())]
