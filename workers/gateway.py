"""The gateway process: HTTP in front, the outbox of identity events and sagas beside it."""

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import AsyncExitStack, contextmanager, suppress
from functools import partial
from typing import Any, Final

import structlog
import uvicorn
from starlette.types import ASGIApp

from adapters import temporal
from adapters.lifecycle import run, run_until_stopped, stop_event
from adapters.websocket import DirectWebSocket
from api.answers import AnsweringOrders, Answers
from api.main import gateway
from api.stream.figures import StreamFigures
from config.logs import configure_logging
from config.settings import GatewaySettings, Settings
from workers.sagas import saga_host

FINISH_REQUESTS_S: Final = 12  # longer than the longest wait for a saga's answer
SAY_FAREWELL_S: Final = 1.0  # what WebSocket clients get to close by themselves
KEEP_ALIVE_S: Final = 30
RESTARTS: Final = 1012
BACKLOG: Final = 1024

log = structlog.get_logger()


class HttpServer:
    """Uvicorn under this process's own signal handling."""

    def __init__(
        self, app: ASGIApp, settings: GatewaySettings, sockets: StreamFigures | None = None
    ) -> None:
        self._sockets = StreamFigures() if sockets is None else sockets
        self._server = uvicorn.Server(
            uvicorn.Config(
                app,
                host=settings.host,
                port=settings.port,
                http="httptools",
                ws=DirectWebSocket,
                ws_max_size=settings.streams.max_message_bytes,
                ws_ping_interval=settings.streams.ping_every_s,
                ws_ping_timeout=settings.streams.pong_within_s,
                ws_per_message_deflate=False,
                log_config=None,
                log_level="warning",  # its notes of WebSockets name paths, and so listenKeys
                access_log=False,
                server_header=False,
                proxy_headers=False,
                lifespan="off",
                backlog=BACKLOG,
                timeout_keep_alive=KEEP_ALIVE_S,
                timeout_graceful_shutdown=FINISH_REQUESTS_S,
            )
        )
        self._server.capture_signals = _no_signals  # type: ignore[method-assign]  # its only switch

    async def run(self, stop: asyncio.Event, finished: asyncio.Event) -> None:
        """Serve until `stop`; then finish what has begun, set `finished`, and wait for the end."""
        watcher = asyncio.create_task(self._watch(stop), name="http-stop")
        try:
            await self._server.serve()
        finally:
            watcher.cancel()
        if stop.is_set():
            finished.set()
            await asyncio.Event().wait()

    async def _watch(self, stop: asyncio.Event) -> None:
        await stop.wait()
        log.info("gateway.stopping")
        for socket in self._sockets.connected():
            socket.go_away(RESTARTS, "The gateway stops: connect again")
        with suppress(TimeoutError):
            async with asyncio.timeout(SAY_FAREWELL_S):
                await self._sockets.all_gone()
        self._server.should_exit = True


@contextmanager
def _no_signals() -> Iterator[None]:
    yield


async def main() -> None:
    settings = Settings()
    configure_logging("gateway", settings.log_level)
    stop, finished = stop_event(), asyncio.Event()

    client = await temporal.connect(settings.temporal)
    answers = Answers() if settings.gateway.runs_sagas else None
    async with AsyncExitStack() as opened:
        tasks: dict[str, Coroutine[Any, Any, None]] = {}
        if answers is not None:
            orders_as = partial(AnsweringOrders, answers=answers)
            host = await opened.enter_async_context(saga_host(settings, client, orders_as))
            tasks["sagas"] = host.worker.run()
        built = await opened.enter_async_context(gateway(settings, client, answers))
        tasks["identity-outbox"] = built.identity_events.run()
        tasks["market-feed"] = built.market_feed.run()
        tasks["user-feed"] = built.user_feed.run()
        tasks["market-statuses"] = built.market_statuses.run()
        tasks["market-bands"] = built.markets.run()
        server = HttpServer(built.app, settings.gateway, built.stream_figures)
        tasks["http"] = server.run(stop, finished)
        log.info("gateway.started", host=settings.gateway.host, port=settings.gateway.port)
        await run_until_stopped(finished, tasks)


if __name__ == "__main__":
    run(main())
