"""A request in Binance's dialect: parsed, authenticated where it must be, and charged for."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple

from starlette.requests import Request

from api.dependencies import Dependencies, correlation_id_of, dependencies_of, ip_of
from api.errors import ApiError, Overloaded, unauthorized_key, unauthorized_token
from api.metering import TOO_MUCH, Meter
from api.parameters import Parameters
from api.rate_limits import LimitReached, Window
from api.responses import add_headers
from api.signature import check_signed_parameters, read_signature, verify_signature, verify_time
from identity.api_keys import KEY_FORMAT, Credential
from identity.errors import InvalidToken

TEN_SECONDS = 10
DAY_S = 86_400
PLACEMENT_WEIGHT = 1
CANCEL_WEIGHT = 1
TOO_MANY_ORDERS = -1015
VERIFIED = "tradeflow.verified"
"""The scope's key of a `Verified`: clients write no scopes."""


class Verified(NamedTuple):
    """Who has signed a request, and with what, where that was checked before."""

    credential: Credential
    signature: str


class Call:
    """One request to a public endpoint."""

    def __init__(self, request: Request, parameters: Parameters, subject: str) -> None:
        self.request = request
        self.parameters = parameters
        self.dependencies: Dependencies = dependencies_of(request)
        self._meter = Meter(request, subject)

    async def charge(self, weight: int) -> None:
        """Take the request's weight, and say in the headers how much was used.

        Raises:
            ApiError: 429, or 418 for who goes on all the same; with the seconds to wait.
        """
        if weight:
            await self._meter.charge(weight)


class SignedCall(Call):
    """One request whose signature was verified."""

    def __init__(
        self, request: Request, parameters: Parameters, credential: Credential, signature: str
    ) -> None:
        super().__init__(request, parameters, f"user:{credential.user_id}")
        self.signature = signature  # the very same request has the very same
        self.user_id = credential.user_id
        self.can_trade = credential.can_trade
        self._orders_counted = 0
        self._orders_counted_s = 0  # when that was

    def require_trading(self) -> None:
        """Raises ApiError where the key may only read."""
        if not self.can_trade:
            raise unauthorized_key()

    @asynccontextmanager
    async def charged_if_it_fails(self, weight: int) -> AsyncIterator[None]:
        """What succeeds weighs nothing; orders that an overloaded exchange did not take are not
        counted. For whatever changes orders; inside, `require_room` or `admit_orders` comes
        before anything is done."""
        try:
            yield
        except ApiError as error:
            if isinstance(error, Overloaded) and self._orders_counted:
                await self._uncount_orders(self._orders_counted)
            if self._meter.has_admitted:
                await self._meter.charge_failure(weight)
            elif error.code != TOO_MUCH:
                await self._meter.charge(weight)
            raise

    async def require_room(self, weight: int) -> None:
        """Raises ApiError, 429 or 418, where there is no room for the weight. Takes none of it."""
        await self._meter.admit(weight)

    async def admit_orders(self, count: int, memory_key: str = "") -> str | None:
        """Count a placement's orders where there is room for its weight, in one question to
        Redis.

        Returns what is remembered under the key. A request that was answered before is counted
        as no order.

        Raises:
            ApiError: 429, where there were too many orders, or too much was asked.
        """
        limits = self.dependencies.rate_limits
        self._orders_counted_s = limits.now_s()
        try:
            admission = await self._meter.admit(
                PLACEMENT_WEIGHT, self.order_windows(count), memory_key
            )
        except LimitReached as reached:
            span = "10 SECOND" if reached.window.seconds == TEN_SECONDS else "1 DAY"
            raise ApiError(
                429,
                TOO_MANY_ORDERS,
                f"Too many new orders; current limit is {reached.window.limit} orders per {span}.",
                {"Retry-After": str(reached.retry_after_s)},
            ) from reached
        if admission.remembered is None:
            self._orders_counted = count
            of_10s, of_day = admission.used
            add_headers(
                self.request,
                {"X-MBX-ORDER-COUNT-10S": str(of_10s), "X-MBX-ORDER-COUNT-1D": str(of_day)},
            )
        return admission.remembered

    async def uncount_order(self) -> None:
        """One of the orders has traded: it is not among the unfilled ones that are limited."""
        if self._orders_counted:
            await self._uncount_orders(1)

    async def _uncount_orders(self, count: int) -> None:
        windows = self.order_windows(count)
        await self.dependencies.rate_limits.give_back(windows, self._orders_counted_s)

    def order_windows(self, count: int) -> list[Window]:
        """Where the user's new orders are counted."""
        settings, subject = self.dependencies.settings, str(self.user_id)
        return [
            Window(
                name=name,
                subject=subject,
                cost=count,
                limit=limit,
                seconds=seconds,
            )
            for name, limit, seconds in (
                ("orders", settings.orders_per_10s, TEN_SECONDS),
                ("orders-day", settings.orders_per_day, DAY_S),
            )
        ]


async def public_call(request: Request, weight: int) -> Call:
    """A public request, charged to the address it comes from."""
    call = Call(request, Parameters(_query(request)), f"ip:{ip_of(request)}")
    await call.charge(weight)
    return call


async def signed_call(request: Request, weight: int) -> SignedCall:
    """A signed request, charged to the user once the signature is known to hold. An access token
    in the Authorization header stands for key, time and signature.

    Raises:
        ApiError: they do not hold. Such a request is charged to its address.
    """
    try:
        call = await _authenticate(request)
    except ApiError:
        await charge_address(request, 1)
        raise
    await call.charge(weight)
    return call


async def _authenticate(request: Request) -> SignedCall:
    verified = request.scope.get(VERIFIED)
    if isinstance(verified, Verified):
        return SignedCall(request, Parameters(_query(request)), *verified)
    token = _bearer_token(request)
    if token is not None:
        return await _of_token(request, token)
    dependencies = dependencies_of(request)
    api_key = request.headers.get("X-MBX-APIKEY", "")
    if not KEY_FORMAT.fullmatch(api_key):
        raise ApiError(401, -2014, "API-key format invalid.")
    query = _query(request)
    body = await _body(request)
    parameters = Parameters(query, body)
    check_signed_parameters(parameters)
    signature = read_signature(parameters)
    credential = await dependencies.api_keys.find(api_key)
    if credential is None:
        raise unauthorized_key()
    verify_time(parameters, dependencies.clock_ms())
    verify_signature(credential.secret, query, body, signature)
    return SignedCall(request, parameters, credential, signature)


async def _of_token(request: Request, token: str) -> SignedCall:
    """The caller of `/v1`'s access token, which stands for a signature: the trading screen has
    no API key, and keeps no secret."""
    try:
        caller = await dependencies_of(request).identity.authenticate(token)
    except InvalidToken as error:
        raise unauthorized_token() from error
    parameters = Parameters(_query(request), await _body(request))
    credential = Credential(api_key="", user_id=caller.user_id, secret=b"", can_trade=True)
    return SignedCall(request, parameters, credential, correlation_id_of(request))


def _bearer_token(request: Request) -> str | None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token if scheme.lower() == "bearer" and token else None


async def _body(request: Request) -> bytes:
    return b"" if request.method == "GET" else await request.body()


async def charge_address(request: Request, weight: int) -> None:
    """Charge a request whose sender is not known by more than an address."""
    await Call(request, Parameters(b""), f"ip:{ip_of(request)}").charge(weight)


async def charge_user(request: Request, user_id: int, weight: int) -> None:
    """Charge a request to its user."""
    await Call(request, Parameters(b""), f"user:{user_id}").charge(weight)


def _query(request: Request) -> bytes:
    raw: bytes = request.scope["query_string"]
    return raw
