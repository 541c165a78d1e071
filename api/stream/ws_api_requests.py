"""A request of the WebSocket API: `{"id", "method", "params"}`, numbers kept as they were written.

What a client has signed is its own text: `1.10` must not become `1.1` on the way.
"""

from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

import msgspec

from api.errors import ApiError, bad_request, missing
from api.stream.ws_api_methods import VERSION_PREFIX

ID_LENGTH: Final = 36
NO_ID: Final = "null"
PARAMETERS_MAX: Final = 100
_NOT_PASSED_ON: Final = frozenset({"apiKey", "signature", "returnRateLimits"})
_OF_A_SIGNATURE: Final = frozenset({"timestamp", "recvWindow"})


class Request(msgspec.Struct, frozen=True):
    """`id_json` is the id as JSON text, to be echoed. Values are text: strings themselves,
    booleans in lower case, numbers and arrays as they were written."""

    id_json: str
    method: str
    values: Mapping[str, str]

    def signed_payload(self) -> bytes:
        """What the signature is over: all but itself, by name, without percent-encoding."""
        rest = (f"{k}={v}" for k, v in sorted(self.values.items()) if k != "signature")
        return "&".join(rest).encode()

    def query(self, *, signed: bool = False) -> bytes:
        """The parameters for the REST endpoint, without those that were for the door."""
        left_out = _NOT_PASSED_ON | _OF_A_SIGNATURE if signed else _NOT_PASSED_ON
        pairs = (
            f"{quote(name, safe='')}={quote(value, safe='')}"
            for name, value in self.values.items()
            if name not in left_out
        )
        return "&".join(pairs).encode()

    def wants_rate_limits(self, *, default: bool) -> bool:
        """Whether the answer tells what the limits have come to."""
        asked = self.values.get("returnRateLimits")
        return default if asked is None else asked.lower() != "false"


class RequestError(Exception):
    """The text is no request. `id_json` is `null` where no id could be read."""

    def __init__(self, error: ApiError, id_json: str = NO_ID) -> None:
        super().__init__(str(error))
        self.error = error
        self.id_json = id_json


def parse(text: str) -> Request:
    """Read one message. Raises RequestError."""
    try:
        fields = msgspec.json.decode(text, type=dict[str, msgspec.Raw])
    except (msgspec.MsgspecError, RecursionError, UnicodeEncodeError) as error:
        raise RequestError(bad_request(-1135, "Invalid JSON Request")) from error
    if "id" not in fields:
        raise RequestError(missing("id"))
    id_json = _id(fields["id"])
    try:
        return Request(id_json, _method(fields.get("method")), _values(fields.get("params")))
    except ApiError as error:
        raise RequestError(error, id_json) from error


def _id(raw: msgspec.Raw) -> str:
    found = msgspec.json.decode(raw)
    known = found is None or (type(found) is int) or (type(found) is str)
    if not known or len(str(found)) > ID_LENGTH:
        raise RequestError(_invalid("id"))
    return msgspec.json.encode(found).decode()


def _method(raw: msgspec.Raw | None) -> str:
    found = None if raw is None else msgspec.json.decode(raw)
    if found is None or found == "":
        raise missing("method")
    if not isinstance(found, str):
        raise _invalid("method")
    return found.removeprefix(VERSION_PREFIX)


def _values(raw: msgspec.Raw | None) -> dict[str, str]:
    if raw is None:
        return {}
    try:
        fields = msgspec.json.decode(raw, type=dict[str, msgspec.Raw])
    except msgspec.ValidationError as error:
        raise bad_request(-1135, "Invalid 'params' in JSON request; expected an object.") from error
    if len(fields) > PARAMETERS_MAX:
        raise bad_request(
            -1101, f"Too many parameters; expected '{PARAMETERS_MAX}' and received '{len(fields)}'."
        )
    return {name: _text(name, bytes(value)) for name, value in fields.items()}


def _text(name: str, raw: bytes) -> str:
    raw = raw.strip()
    if raw.startswith(b'"'):
        return msgspec.json.decode(raw, type=str)
    if raw.startswith(b"{"):
        raise _invalid(name)
    return "" if raw == b"null" else raw.decode()


def _invalid(name: str) -> ApiError:
    return bad_request(-1135, f"JSON sent for parameter '{name}' is not valid")
