"""A worker's small HTTP server: /healthz for whoever waits, /metrics for Prometheus."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final

import uvicorn
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

CHECK_TIMEOUT_S: Final = 2.0

Check = Callable[[], Awaitable[None]]
"""Returns when all is well; raises with the reason when it is not."""


class HealthServer:
    """Serves while the worker runs, on loopback unless told otherwise. Port 0: not at all."""

    def __init__(
        self,
        port: int,
        checks: Mapping[str, Check],
        routes: Sequence[BaseRoute] = (),
        *,
        host: str = "127.0.0.1",
    ) -> None:
        self._port = port
        self._checks = dict(checks)
        app = Starlette(
            routes=[Route("/healthz", self._healthz), Route("/metrics", _metrics), *routes]
        )
        self._server = uvicorn.Server(
            uvicorn.Config(app, host=host, port=port, log_level="warning", lifespan="off")
        )
        # The worker owns SIGTERM; uvicorn must not take it.
        self._server.capture_signals = _no_signals  # type: ignore[method-assign]  # its only switch

    async def run(self) -> None:
        """Serve until cancelled."""
        if self._port == 0:
            await asyncio.Event().wait()
        try:
            await self._server.serve()
        finally:
            self._server.should_exit = True

    async def _healthz(self, _: Request) -> Response:
        failures: dict[str, str] = {}
        for name, check in self._checks.items():
            try:
                await asyncio.wait_for(check(), CHECK_TIMEOUT_S)
            except Exception as error:
                failures[name] = f"{type(error).__name__}: {error}"
        status = {"status": "down" if failures else "ok", "failures": failures}
        return JSONResponse(status, status_code=503 if failures else 200)


async def _metrics(_: Request) -> Response:
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


@contextmanager
def _no_signals() -> Iterator[None]:
    yield
