"""Answers of the WebSocket API: `{"id", "status", "result" | "error", "rateLimits"}`."""

from typing import Final

import msgspec

from api.stream.ws_api_calls import Answer
from config.settings import GatewaySettings

TOO_MANY: Final = frozenset({418, 429})
_RETRY_AFTER: Final = "retry-after"


def text_of(
    id_json: str, answer: Answer, settings: GatewaySettings, now_ms: int, *, rate_limits: bool
) -> str:
    """The whole answer as JSON text; the endpoint's own JSON is put in as it is."""
    name = "result" if answer.good else "error"
    body = answer.body if answer.status not in TOO_MANY else _with_retry(answer, now_ms)
    limits = ""
    if rate_limits:
        limits = f',"rateLimits":{msgspec.json.encode(limits_of(answer, settings)).decode()}'
    return f'{{"id":{id_json},"status":{answer.status},"{name}":{body}{limits}}}'


def limits_of(answer: Answer, settings: GatewaySettings) -> list[dict[str, object]]:
    """The limits that the request has counted against, and what they have come to."""
    rows = (
        ("x-mbx-order-count-10s", "ORDERS", "SECOND", 10, settings.orders_per_10s),
        ("x-mbx-order-count-1d", "ORDERS", "DAY", 1, settings.orders_per_day),
        ("x-mbx-used-weight-1m", "REQUEST_WEIGHT", "MINUTE", 1, settings.weight_per_minute),
    )
    return [
        {
            "rateLimitType": kind,
            "interval": interval,
            "intervalNum": number,
            "limit": limit,
            "count": int(answer.headers[header]),
        }
        for header, kind, interval, number, limit in rows
        if header in answer.headers
    ]


def _with_retry(answer: Answer, now_ms: int) -> str:
    """Say when to come back, in ms since 1970: there is no header to say it in."""
    error: dict[str, object] = msgspec.json.decode(answer.body)
    wait_ms = int(answer.headers.get(_RETRY_AFTER, "0")) * 1000
    data = {"serverTime": now_ms, "retryAfter": now_ms + wait_ms}
    return msgspec.json.encode({**error, "data": data}).decode()
