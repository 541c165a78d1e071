"""OpenAPI for endpoints that read their parameters by hand: said once, beside the route."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple, TypedDict

SIGNED_SECURITY: Final[list[dict[str, list[str]]]] = [
    {"apiKey": []},
    {"OAuth2PasswordBearer": []},  # without timestamp and signature: the trading screen's way
]

SECURITY_SCHEMES: Final = {
    "apiKey": {
        "type": "apiKey",
        "in": "header",
        "name": "X-MBX-APIKEY",
        "description": "Also sign the request: `signature` is the hexadecimal HMAC-SHA256, under"
        " the key's secret, of the raw query string followed by the raw body.",
    },
}
_ERROR_SCHEMA: Final = {
    "type": "object",
    "required": ["code", "msg"],
    "properties": {"code": {"type": "integer"}, "msg": {"type": "string"}},
}


class Field(NamedTuple):
    """One parameter: its name, an example, and what it is for."""

    name: str
    example: str | int
    about: str = ""
    required: bool = False


class Documented(TypedDict):
    """What FastAPI's route decorators take."""

    summary: str
    openapi_extra: dict[str, Any]
    responses: dict[int | str, dict[str, Any]]


SYMBOL: Final = Field("symbol", "BTCUSDT", "The market.", required=True)
OPTIONAL_SYMBOL: Final = Field("symbol", "BTCUSDT", "The market; all of them without it.")
STATUS: Final = Field("symbolStatus", "TRADING", "Only if the market has this status.")
ORDER_ID: Final = Field("orderId", 288230376151711744, "The exchange's id of the order.")
LIMIT: Final = Field("limit", 500, "At most so many rows. Default 500, maximum 1000; more is cut.")
START: Final = Field("startTime", 1767225600000, "In ms or µs since 1970, included.")
END: Final = Field("endTime", 1767229200000, "In ms or µs since 1970, included.")
_SIGNED_FIELDS: Final = (
    Field("recvWindow", 5000, "How many milliseconds the request is good for; at most 60000."),
    Field("timestamp", 1767225600000, "When it was sent, in ms or µs. Mandatory with a key."),
    Field("signature", "0" * 64, "Sent last. Mandatory with a key."),
)


def documented(
    summary: str,
    *fields: Field,
    example: object,
    schema: dict[str, Any] | None = None,
    signed: bool = False,
    error: tuple[int, str] = (-1121, "Invalid symbol."),
    also: Sequence[tuple[int, int, str]] = (),
) -> Documented:
    """The keyword arguments of a route in Binance's dialect. Without a schema the answer has that
    of its example. `also` adds errors of its own as (HTTP status, code, message)."""
    extra: dict[str, Any] = {
        "parameters": [_parameter(f) for f in (*fields, *(_SIGNED_FIELDS if signed else ()))]
    }
    if signed:
        extra["security"] = SIGNED_SECURITY
    responses: dict[int | str, dict[str, Any]] = {
        200: {"description": "Done", "content": _json(schema or _schema_of(example), example)},
        400: _error("The request is refused.", *error),
        429: _error("A limit is reached; see Retry-After.", -1003, "Too much request weight used."),
    }
    if signed:
        responses[401] = _error(
            "The key does not hold.", -2015, "Invalid API-key, IP, or permissions for action."
        )
        responses[504] = _error(
            "Unknown outcome: ask again.",
            -1007,
            "Timeout waiting for response from backend server. Send status unknown;"
            " execution status unknown.",
        )
    responses |= errors(*also)
    return {"summary": summary, "openapi_extra": extra, "responses": responses}


def errors(*statuses: tuple[int, int, str]) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route's errors: (HTTP status, code, message)."""
    return {status: _error(msg, code, msg) for status, code, msg in statuses}


def _parameter(field: Field) -> dict[str, Any]:
    kind = "integer" if isinstance(field.example, int) else "string"
    return {
        "name": field.name,
        "in": "query",
        "required": field.required,
        "description": field.about,
        "schema": {"type": kind},
        "example": field.example,
    }


def _error(description: str, code: int, msg: str) -> dict[str, Any]:
    return {
        "description": description,
        "content": _json(_ERROR_SCHEMA, {"code": code, "msg": msg}),
    }


def _json(schema: dict[str, Any], example: object) -> dict[str, Any]:
    return {"application/json": {"schema": schema, "example": example}}


def _schema_of(example: object) -> dict[str, Any]:
    """The schema that an example implies: every field of an object is always there."""
    if isinstance(example, dict):
        return {
            "type": "object",
            "properties": {name: _schema_of(value) for name, value in example.items()},
            "required": list(example),
        }
    if isinstance(example, Sequence) and not isinstance(example, str):
        return {"type": "array", "items": _schema_of(example[0]) if example else {}}
    names: dict[type, str] = {bool: "boolean", int: "integer", float: "number", str: "string"}
    return {"type": names[type(example)]} if type(example) in names else {}
