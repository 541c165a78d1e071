"""One client of the WebSocket API: its requests side by side, its users' events between them."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import structlog
from starlette.requests import Request as HttpRequest
from starlette.websockets import WebSocket

from api.calls import charge_address, charge_user
from api.dependencies import dependencies_of
from api.errors import ApiError, bad_request
from api.middleware import defect
from api.parameters import Parameters
from api.stream.connection import Connection
from api.stream.ws_api_answers import text_of
from api.stream.ws_api_calls import Answer, answered, ask, refused, request_of
from api.stream.ws_api_methods import ENDPOINTS, NEEDS_ED25519, Endpoint
from api.stream.ws_api_requests import NO_ID, Request, RequestError, parse
from api.stream.ws_api_signing import authenticated
from api.stream.ws_api_subscriptions import Subscriptions
from contracts.message import encode

AT_ONCE: Final = 16
WAITING_MAX: Final = 128  # requests of one connection, those at work among them
RECHECK_KEYS_S: Final = 30.0
STREAM_WEIGHT: Final = 2
INVALID_WEIGHT: Final = 1
HERE: Final = Endpoint("GET", "/ws-api/v3")

log = structlog.get_logger()


class WsApiSession:
    """What one connection asks and follows."""

    def __init__(
        self,
        websocket: WebSocket,
        connection: Connection,
        *,
        rate_limits: bool = True,
        microseconds: bool = False,
    ) -> None:
        self._websocket = websocket
        self._connection = connection
        self._dependencies = dependencies_of(websocket)
        self._rate_limits = rate_limits
        self._microseconds = microseconds
        self._subscriptions = Subscriptions(
            connection, self._dependencies.hub, self._now, microseconds=microseconds
        )
        self._since = self._now()
        self._requests: set[asyncio.Task[None]] = set()
        self._places = asyncio.Semaphore(AT_ONCE)
        self._own: dict[str, Callable[[Request, HttpRequest], Awaitable[object]]] = {
            "userDataStream.subscribe.signature": self._subscribe,
            "userDataStream.unsubscribe": self._unsubscribe,
            "session.subscriptions": self._list_subscriptions,
            "session.status": self._status,
            "session.logout": self._status,
        }
        connection.farewell = self._farewell

    async def run(self) -> None:
        """Serve until the client is gone; an order that is being placed is placed all the same."""
        watch = asyncio.create_task(self._watch_keys(), name="ws-api-keys")
        try:
            await self._connection.run(self._receive)
        finally:
            watch.cancel()
            self._subscriptions.end()
            if self._requests:
                await asyncio.wait(self._requests)

    async def _receive(self, text: str) -> None:
        """Begin a request. Those of one connection are answered as they are done."""
        if len(self._requests) >= WAITING_MAX:
            self._connection.send(self._too_many(text))
            return
        task = asyncio.create_task(self._serve(text), name="ws-api-request")
        self._requests.add(task)
        task.add_done_callback(self._requests.discard)

    async def _serve(self, text: str) -> None:
        id_json, shows_limits = NO_ID, self._rate_limits
        http = request_of(self._websocket, HERE)
        try:
            request = parse(text)
            id_json = request.id_json
            shows_limits = request.wants_rate_limits(default=self._rate_limits)
            if request.method == "ping":  # must tell of the connection, not of what else it does
                answer = await self._answer(request, http)
            else:
                async with self._places:
                    answer = await self._answer(request, http)
        except RequestError as invalid:
            id_json = invalid.id_json
            answer = await self._invalid(invalid.error, http)
        except Exception:
            log.exception("ws_api.request_failed")
            answer = refused(defect(), http)
        self._say(id_json, answer, shows_limits=shows_limits)

    async def _answer(self, request: Request, http: HttpRequest) -> Answer:
        endpoint, own = ENDPOINTS.get(request.method), self._own.get(request.method)
        try:
            if own is not None:
                return answered(200, await own(request, http), http)
            if endpoint is None:
                return await self._invalid(_unknown(request.method), http)
            verified = await authenticated(request, self._dependencies) if endpoint.signed else None
        except ApiError as error:
            return await self._invalid(error, http)
        query = request.query(signed=endpoint.signed)
        return await ask(
            self._websocket, endpoint, query, verified, microseconds=self._microseconds
        )

    async def _subscribe(self, request: Request, http: HttpRequest) -> object:
        credential, _ = await authenticated(request, self._dependencies)
        Parameters(request.query(signed=True)).finish()
        await charge_user(http, credential.user_id, STREAM_WEIGHT)
        return {"subscriptionId": self._subscriptions.begin(credential)}

    async def _unsubscribe(self, request: Request, http: HttpRequest) -> object:
        parameters = Parameters(request.query())
        number = parameters.number("subscriptionId")
        parameters.finish()
        await charge_address(http, STREAM_WEIGHT)
        self._subscriptions.end(number)
        return {}

    async def _list_subscriptions(self, request: Request, http: HttpRequest) -> object:
        Parameters(request.query()).finish()
        await charge_address(http, STREAM_WEIGHT)
        return [{"subscriptionId": number} for number in self._subscriptions.numbers]

    async def _status(self, request: Request, http: HttpRequest) -> object:
        """Nobody is logged on: that takes an Ed25519 key. So logging out changes nothing."""
        Parameters(request.query()).finish()
        await charge_address(http, STREAM_WEIGHT)
        return {
            "apiKey": None,
            "authorizedSince": None,
            "connectedSince": self._since,
            "returnRateLimits": self._rate_limits,
            "serverTime": self._now(),
            "userDataStream": bool(self._subscriptions.numbers),
        }

    async def _invalid(self, error: ApiError, http: HttpRequest) -> Answer:
        """Charged to the address: nobody knows more of who it was."""
        try:
            await charge_address(http, INVALID_WEIGHT)
        except ApiError as too_much:
            return refused(too_much, http)
        return refused(error, http)

    def _too_many(self, text: str) -> str:
        try:
            id_json = parse(text).id_json
        except RequestError as invalid:
            id_json = invalid.id_json
        error = ApiError(
            429,
            -1003,
            f"Too many requests on this connection; at most {WAITING_MAX} may wait for an answer.",
        )
        answer = refused(error, request_of(self._websocket, HERE))
        settings, now_ms = self._dependencies.settings, self._dependencies.clock_ms()
        return text_of(id_json, answer, settings, now_ms, rate_limits=False)

    def _say(self, id_json: str, answer: Answer, *, shows_limits: bool) -> None:
        settings, now_ms = self._dependencies.settings, self._dependencies.clock_ms()
        self._connection.send(text_of(id_json, answer, settings, now_ms, rate_limits=shows_limits))

    async def _watch_keys(self) -> None:
        while True:
            await asyncio.sleep(RECHECK_KEYS_S)
            try:
                await self._subscriptions.end_revoked(self._dependencies)
            except Exception as error:  # the key's server is away: look again later
                log.warning("ws_api.keys_not_checked", error=repr(error))

    def _farewell(self) -> str:
        self._subscriptions.end()
        return encode({"event": {"e": "serverShutdown", "E": self._now()}}).decode()

    def _now(self) -> int:
        return self._dependencies.clock_ms() * (1000 if self._microseconds else 1)


def _unknown(method: str) -> ApiError:
    if method in NEEDS_ED25519:
        return bad_request(
            -1020,
            f"This operation is not supported: {method} needs an Ed25519 key, and keys here are"
            " HMAC. Sign each request, or use userDataStream.subscribe.signature.",
        )
    return bad_request(-1020, f"This operation is not supported: unknown method '{method[:60]}'.")
