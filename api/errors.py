"""Every error that a client can see, and the one place where HTTP statuses are chosen.

    ApiError            anything with a status, a code and a message
    ├── OutcomeUnknown  no answer in time: the request may have been carried out
    └── Overloaded      a partner does not answer, or is not asked: nothing was carried out

Codes and texts are Binance's: clients match on them.
"""

from collections.abc import Mapping

from contracts.orders import Refusal


class ApiError(Exception):
    """Answered to the client as `{"code": …, "msg": …}`, with `data` where there is some."""

    def __init__(
        self,
        status: int,
        code: int,
        msg: str,
        headers: Mapping[str, str] | None = None,
        data: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(f"{code}: {msg}")
        self.status = status
        self.code = code
        self.msg = msg
        self.headers = dict(headers or {})
        self.data = data

    @property
    def body(self) -> dict[str, object]:
        """What the client reads."""
        body: dict[str, object] = {"code": self.code, "msg": self.msg}
        return body if self.data is None else {**body, "data": self.data}


class OutcomeUnknown(ApiError):
    """The saga did not answer in time; the client must ask again, never assume a refusal."""

    def __init__(self) -> None:
        super().__init__(
            504,
            -1007,
            "Timeout waiting for response from backend server."
            " Send status unknown; execution status unknown.",
        )


class Overloaded(ApiError):
    """A read that cannot be answered now. Where an order or a cancel meets it, nothing was done."""

    def __init__(self) -> None:
        super().__init__(
            503,
            -1008,
            "Server is currently overloaded with other requests."
            " Please try again in a few minutes.",
        )


def bad_request(code: int, msg: str) -> ApiError:
    """An error that the client can mend."""
    return ApiError(400, code, msg)


def missing(name: str) -> ApiError:
    return bad_request(
        -1102, f"Mandatory parameter '{name}' was not sent, was empty/null, or malformed."
    )


def missing_both(first: str, second: str) -> ApiError:
    return bad_request(
        -1102, f"Param '{first}' or '{second}' must be sent, but both were empty/null!"
    )


def empty(name: str) -> ApiError:
    return bad_request(-1105, f"Parameter '{name}' was empty.")


def illegal_characters(name: str, legal: str) -> ApiError:
    return bad_request(
        -1100, f"Illegal characters found in parameter '{name}'; legal range is '{legal}'."
    )


def not_required(name: str) -> ApiError:
    return bad_request(-1106, f"Parameter '{name}' sent when not required.")


def bad_combination() -> ApiError:
    """Parameters that exclude one another."""
    return bad_request(-1128, "Combination of optional parameters invalid.")


def unsupported_combination() -> ApiError:
    """An order type with a time in force, or an iceberg quantity, that do not go together."""
    return bad_request(-1014, "Unsupported order combination.")


def invalid_data(name: str) -> ApiError:
    return bad_request(-1130, f"Data sent for parameter '{name}' is not valid.")


def filter_failure(name: str) -> ApiError:
    return bad_request(-1013, f"Filter failure: {name}")


def invalid_symbol() -> ApiError:
    return bad_request(-1121, "Invalid symbol.")


def unknown_order() -> ApiError:
    """A query or a look-up for an order that is not there, or is somebody else's."""
    return bad_request(-2013, "Order does not exist.")


def cancel_rejected() -> ApiError:
    return bad_request(-2011, "Unknown order sent.")


def unknown_list() -> ApiError:
    """A query for an order list that is not there, or is somebody else's."""
    return bad_request(-2013, "Order list does not exist.")


def list_cancel_rejected() -> ApiError:
    return bad_request(-2011, "Unknown order list sent.")


def amend_rejected(msg: str) -> ApiError:
    return bad_request(-2038, msg)


def no_liquidity() -> ApiError:
    """A market order where neither a trade nor the book tells a price."""
    return bad_request(
        -2010, "Order book liquidity is less than `LOT_SIZE` filter minimum quantity."
    )


def unauthorized_key() -> ApiError:
    return ApiError(401, -2015, "Invalid API-key, IP, or permissions for action.")


def unauthorized_token() -> ApiError:
    """An access token that is wrong, has expired, or whose session has ended."""
    return ApiError(
        401,
        -1002,
        "You are not authorized to execute this request.",
        {"WWW-Authenticate": 'Bearer error="invalid_token"'},
    )


def not_found() -> ApiError:
    return ApiError(404, -1000, "Not found.")


_REFUSALS: dict[Refusal, tuple[int, str]] = {
    Refusal.DUPLICATE_ORDER: (-2010, "Duplicate order sent."),
    Refusal.INSUFFICIENT_FUNDS: (-2010, "Account has insufficient balance for requested action."),
    Refusal.MARKET_CLOSED: (-2010, "Market is closed."),
    Refusal.UNKNOWN_SYMBOL: (-1121, "Invalid symbol."),
    Refusal.INVALID_ORDER: (-2010, "Unsupported order combination"),
    Refusal.TOMBSTONED: (-2010, "Order was canceled before it was accepted."),
    Refusal.UNKNOWN_ORDER: (-2011, "Unknown order sent."),
    Refusal.NO_ANSWER: (-2010, "Order was canceled: the matching engine did not answer."),
    Refusal.WOULD_TAKE: (-2010, "Order would immediately match and take."),
    Refusal.WOULD_TRIGGER: (-2010, "Order would trigger immediately."),
    Refusal.PRICE_OUT_OF_BAND: (-1013, "Filter failure: PERCENT_PRICE_BY_SIDE"),
    Refusal.TOO_LATE: (-2010, "Order was not accepted before its goodTillDate."),
    Refusal.INVALID_AMENDMENT: (
        -2038,
        "The new quantity must be less than the order's and more than what is filled.",
    ),
}


def band_refused(refusal: Refusal) -> ApiError:
    """The engine knows no such market, or finds that the band contradicts itself."""
    if refusal is Refusal.UNKNOWN_SYMBOL:
        return ApiError(404, -1121, "Invalid symbol.")
    return invalid_data("band")


def refused(refusal: Refusal) -> ApiError:
    """The answer to what a partner refused. INDETERMINATE is none: the outcome is unknown."""
    if refusal is Refusal.INDETERMINATE:
        return OutcomeUnknown()
    code, msg = _REFUSALS[refusal]
    return bad_request(code, msg)
