"""Control messages of the market streams: what a client asks, and how it is answered. Pure.

Source: Binance's web-socket-streams.md, "Live Subscribing/Unsubscribing to streams". Errors have
`code` and `msg` where the document shows them and under `error`, where Binance's servers put them
and ccxt looks for them.
"""

import re
from enum import StrEnum
from typing import Any, Final

import msgspec

RequestId = int | str | None
COMBINED: Final = "combined"
_TEXT_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,36}")
_INT64: Final = range(-(2**63), 2**63)
_PLACE: Final = re.compile(r"\(byte (\d+)\)")


class Method(StrEnum):
    SUBSCRIBE = "SUBSCRIBE"
    UNSUBSCRIBE = "UNSUBSCRIBE"
    LIST_SUBSCRIPTIONS = "LIST_SUBSCRIPTIONS"
    SET_PROPERTY = "SET_PROPERTY"
    GET_PROPERTY = "GET_PROPERTY"


class ControlError(Exception):
    """The message is refused and changes nothing. `code`: 0 unknown property, 1 wrong type of
    value, 2 invalid request, 3 not JSON."""

    def __init__(self, code: int, msg: str, request_id: RequestId = None) -> None:
        super().__init__(msg)
        self.code = code
        self.msg = msg
        self.request_id = request_id

    def answer(self) -> str:
        """The text that the client is sent."""
        error = {"code": self.code, "msg": self.msg}
        return _text({**error, "id": self.request_id, "error": error})


class Request(msgspec.Struct, frozen=True):
    """A control message that makes sense. `streams` of the first two methods, `combined` only of
    SET_PROPERTY."""

    method: Method
    request_id: RequestId
    streams: tuple[str, ...] = ()
    combined: bool = False


def answer(request_id: RequestId, result: object = None) -> str:
    """The text that says that a request was carried out."""
    return _text({"result": result, "id": request_id})


def parse(text: str) -> Request:
    """Read a control message. Raises ControlError."""
    try:
        content = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError) as error:
        place = _PLACE.search(str(error))
        column = int(place[1]) + 1 if place else len(text)
        raise ControlError(3, f"Invalid JSON: expected value at line 1 column {column}") from error
    if not isinstance(content, dict):
        raise ControlError(2, "Invalid request: expected an object")
    request_id = _request_id(content)
    try:
        return _request(content, request_id, len(text))
    except ControlError as error:
        error.request_id = request_id
        raise


def _request_id(content: dict[str, Any]) -> RequestId:
    """A signed 64-bit integer, text of at most 36 letters and digits, or null."""
    found = content.get("id", ...)
    if found is None or (type(found) is int and found in _INT64):
        return found
    if isinstance(found, str) and _TEXT_ID.fullmatch(found):
        return found
    raise ControlError(2, "Invalid request: request ID must be an unsigned integer")


def _request(content: dict[str, Any], request_id: RequestId, size: int) -> Request:
    if "method" not in content:
        raise ControlError(2, f"Invalid request: missing field `method` at line 1 column {size}")
    method = _method(content["method"])
    parameters = content.get("params")
    if parameters is None:
        parameters = []
    if not isinstance(parameters, list):
        raise ControlError(2, "Invalid request: params must be an array")
    if method in (Method.SUBSCRIBE, Method.UNSUBSCRIBE):
        return Request(method, request_id, streams=_streams(parameters))
    if method is Method.SET_PROPERTY:
        return Request(method, request_id, combined=_value(parameters))
    if method is Method.GET_PROPERTY:
        _property(parameters, at_most=1)
    elif parameters:
        raise ControlError(2, "Invalid request: too many parameters")
    return Request(method, request_id)


def _method(found: object) -> Method:
    try:
        return Method(str(found))
    except ValueError:
        variants = ", ".join(f"`{method}`" for method in Method)
        raise ControlError(
            2, f"Invalid request: unknown variant `{found}`, expected one of {variants}"
        ) from None


def _streams(parameters: list[Any]) -> tuple[str, ...]:
    if not parameters:
        raise ControlError(2, "Invalid request: params must name at least one stream")
    for name in parameters:
        if not isinstance(name, str):
            raise ControlError(2, "Invalid request: a stream name must be a string")
    return tuple(dict.fromkeys(parameters))


def _property(parameters: list[Any], at_most: int) -> None:
    if not parameters or not isinstance(parameters[0], str):
        raise ControlError(2, "Invalid request: property name must be a string")
    if len(parameters) > at_most:
        raise ControlError(2, "Invalid request: too many parameters")
    if parameters[0] != COMBINED:
        raise ControlError(0, "Unknown property")


def _value(parameters: list[Any]) -> bool:
    _property(parameters, at_most=2)
    value = parameters[1] if len(parameters) > 1 else None
    if not isinstance(value, bool):
        raise ControlError(1, "Invalid value type: expected Boolean")
    return value


def _text(content: object) -> str:
    return msgspec.json.encode(content).decode()
