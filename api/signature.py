"""Request signatures: HMAC-SHA256 over the raw query followed by the raw body."""

import hmac
import re
import time
from hashlib import sha256
from typing import Final

from api.errors import ApiError, bad_request, illegal_characters, missing
from api.parameters import NUMBER, SIGNATURE, Parameters
from api.time_unit import from_either_unit

RECV_WINDOW_DEFAULT_MS: Final = 5_000.0
RECV_WINDOW_MAX_MS: Final = 60_000.0
AHEAD_MAX_MS: Final = 1_000
RECV_WINDOW: Final = r"^\d{1,5}(\.\d{1,3})?$"
_RECV_WINDOW_PATTERN: Final = re.compile(r"[0-9]{1,20}(\.[0-9]{1,3})?")
_SIGNATURE_FIELD: Final = re.compile(rb"(^|&)signature=[^&]*")


def server_time_ms() -> int:
    """The time that timestamps are held against."""
    return time.time_ns() // 1_000_000


def signed_payload(query: bytes, body: bytes) -> bytes:
    """What the client has signed: everything as it was sent, but for the signature itself."""
    return _without_signature(query) + _without_signature(body)


def signature_of(secret: bytes, payload: bytes) -> str:
    """The signature in lower-case hexadecimal."""
    return hmac.new(secret, payload, sha256).hexdigest()


def verify_signature(secret: bytes, query: bytes, body: bytes, sent: str) -> None:
    """Raises ApiError where the signature is not of this request and this secret."""
    expected = signature_of(secret, signed_payload(query, body))
    if not hmac.compare_digest(expected, sent.lower()):
        raise bad_request(-1022, "Signature for this request is not valid.")


def read_signature(parameters: Parameters) -> str:
    """The mandatory `signature`, of the right form."""
    return parameters.required("signature", SIGNATURE)


def verify_time(parameters: Parameters, now_ms: int) -> None:
    """Raises ApiError where the request is too old or comes from the future."""
    sent = parameters.required("timestamp", NUMBER)
    timestamp_ms = from_either_unit(int(sent))
    window_ms = _recv_window_ms(parameters)
    if timestamp_ms >= now_ms + AHEAD_MAX_MS:
        raise bad_request(
            -1021, "Timestamp for this request was 1000ms ahead of the server's time."
        )
    if now_ms - timestamp_ms > window_ms:
        raise bad_request(-1021, "Timestamp for this request is outside of the recvWindow.")


def check_signed_parameters(parameters: Parameters) -> None:
    """Raises ApiError where what a signature needs is missing."""
    for name in ("timestamp", "signature"):
        if parameters.text(name) is None:
            raise missing(name)


def _recv_window_ms(parameters: Parameters) -> float:
    value = parameters.text("recvWindow")
    if value is None:
        return RECV_WINDOW_DEFAULT_MS
    if not _RECV_WINDOW_PATTERN.fullmatch(value):
        raise illegal_characters("recvWindow", RECV_WINDOW)
    if float(value) > RECV_WINDOW_MAX_MS:
        raise ApiError(400, -1131, "recvWindow must be less than 60000.")
    return float(value)


def _without_signature(part: bytes) -> bytes:
    stripped = _SIGNATURE_FIELD.sub(b"", part)
    return stripped.removeprefix(b"&")
