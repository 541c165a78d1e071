"""The parameters of a request in Binance's dialect, read by hand from raw query and raw body.

Clients send them in the query, in a form body, or in both, under whatever Content-Type; on a
clash the query wins. Every parameter must be read by somebody: what nobody reads is an error.
"""

import re
from collections.abc import Container
from typing import Final
from urllib.parse import unquote_to_bytes

from api.errors import bad_request, empty, illegal_characters, invalid_symbol, missing

SYMBOL: Final = "^[A-Z0-9-_.]{1,20}$"
SYMBOLS: Final = r'^\["[A-Z0-9-_.]{1,20}"(,"[A-Z0-9-_.]{1,20}"){0,}\]$'
PERMISSIONS: Final = (
    r'^(SPOT|MARGIN|LEVERAGED|TRD_GRP_[0-9]{3}|\["(SPOT|MARGIN|LEVERAGED|TRD_GRP_[0-9]{3})"'
    r'(,"(SPOT|MARGIN|LEVERAGED|TRD_GRP_[0-9]{3})"){0,}\])$'
)
NUMBER: Final = "^[0-9]{1,20}$"
DECIMAL: Final = r"^([0-9]{1,20})(\.[0-9]{1,20})?$"
CLIENT_ORDER_ID: Final = "^[a-zA-Z0-9-_.:/]{1,36}$"
SIGNATURE: Final = "^[A-Fa-f0-9]{64}$"
PARAMETERS_MAX: Final = 100
INT64_MAX: Final = (1 << 63) - 1
_PATTERNS: Final = {
    SYMBOL: re.compile(r"[A-Z0-9\-_.]{1,20}"),
    SYMBOLS: re.compile(r'\["[A-Z0-9\-_.]{1,20}"(,"[A-Z0-9\-_.]{1,20}")*\]'),
    PERMISSIONS: re.compile(PERMISSIONS),
    NUMBER: re.compile(r"[0-9]{1,20}"),
    DECIMAL: re.compile(r"([0-9]{1,20})(\.[0-9]{1,20})?"),
    CLIENT_ORDER_ID: re.compile(r"[a-zA-Z0-9\-_.:/]{1,36}"),
    SIGNATURE: re.compile(r"[A-Fa-f0-9]{64}"),
}


class Parameters:
    """What was sent, and what of it has been read."""

    def __init__(self, query: bytes, body: bytes = b"") -> None:
        self._values = _parse(body) | _parse(query)
        self._read: set[str] = set()

    def text(self, name: str, legal: str | None = None) -> str | None:
        """A parameter, or None where it was not sent.

        Raises:
            ApiError: it is empty, or holds characters outside `legal`.
        """
        self._read.add(name)
        value = self._values.get(name)
        if value is None:
            return None
        if not value:
            raise empty(name)
        if legal is not None and not _PATTERNS[legal].fullmatch(value):
            raise illegal_characters(name, legal)
        return value

    def required(self, name: str, legal: str | None = None) -> str:
        """A parameter that must be there."""
        value = self.text(name, legal)
        if value is None:
            raise missing(name)
        return value

    def number(self, name: str) -> int | None:
        """A non-negative integer."""
        value = self.text(name, NUMBER)
        if value is None:
            return None
        number = int(value)
        if number > INT64_MAX:
            raise bad_request(-1108, f"Parameter '{name}' overflowed.")
        return number

    def flag(self, name: str, *, default: bool = False) -> bool:
        """A boolean; `default` when it was not sent."""
        value = self.text(name)
        if value is None:
            return default
        if value.lower() not in {"true", "false"}:
            raise illegal_characters(name, "^(true|false)$")
        return value.lower() == "true"

    def limit(self, *, default: int, maximum: int) -> int:
        """How many rows to answer: at least one, cut to what the endpoint allows."""
        value = self.number("limit")
        if value is None:
            return default
        if value < 1:
            raise bad_request(-1130, "Data sent for parameter 'limit' is not valid.")
        return min(value, maximum)

    def finish(self) -> None:
        """Refuse the request when something was sent that nobody reads."""
        unread = self._values.keys() - self._read
        if unread:
            sent = len(self._values)
            raise bad_request(
                -1104,
                f"Not all sent parameters were read; read '{sent - len(unread)}'"
                f" parameter(s) but was sent '{sent}'.",
            )


def _parse(raw: bytes) -> dict[str, str]:
    values: dict[str, str] = {}
    pairs = [pair for pair in raw.split(b"&") if pair]
    if len(pairs) > PARAMETERS_MAX:
        raise bad_request(
            -1101, f"Too many parameters; expected '{PARAMETERS_MAX}' and received '{len(pairs)}'."
        )
    for pair in pairs:
        name, _, value = pair.partition(b"=")
        decoded = _decode(name)
        if decoded in values:
            raise bad_request(-1101, "Duplicate values for a parameter detected.")
        values[decoded] = _decode(value)
    return values


def _decode(raw: bytes) -> str:
    try:
        return unquote_to_bytes(raw.replace(b"+", b" ")).decode()
    except UnicodeDecodeError as error:
        raise bad_request(-1100, "Illegal characters found in a parameter.") from error


def known_symbol(parameters: Parameters, symbols: Container[str]) -> str:
    """The mandatory `symbol`, which must be a market of ours."""
    symbol = parameters.required("symbol", SYMBOL)
    if symbol not in symbols:
        raise invalid_symbol()
    return symbol
