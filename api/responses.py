"""How answers become bytes: compact JSON, amounts as text with eight decimals."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from api.errors import ApiError
from api.time_unit import with_times
from contracts.message import encode

JSON_TYPE = "application/json"
_HEADERS_KEY = "tradeflow.headers"


def json_response(content: object, status: int = 200) -> Response:
    """Any value made of messages, amounts and plain containers."""
    return Response(with_times(encode(content)), status_code=status, media_type=JSON_TYPE)


def error_response(error: ApiError) -> Response:
    """The answer to an error, in Binance's shape."""
    response = json_response(error.body, error.status)
    response.headers.update(error.headers)
    return response


def add_headers(request: Request, headers: Mapping[str, str]) -> None:
    """Headers for the response to this request, whether it succeeds or fails."""
    request.scope.setdefault(_HEADERS_KEY, {}).update(headers)


def added_headers(scope: Mapping[str, object]) -> dict[str, str]:
    """What `add_headers` has collected."""
    found = scope.get(_HEADERS_KEY)
    return found if isinstance(found, dict) else {}
