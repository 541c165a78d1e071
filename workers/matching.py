"""The matching process: order books of the configured partitions, fed and heard through Kafka."""

import asyncio
import contextlib
import sys

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from adapters.health import HealthServer
from adapters.lifecycle import run, run_until_stopped, stop_event
from config.logs import configure_logging
from config.settings import Settings
from contracts.message import encode
from matching.errors import FENCED_STATUS, Fenced
from matching.fence_mark import FenceMark
from matching.open_orders import open_orders
from matching.process import KafkaCommandLog
from matching.service import MatchingService
from matching.snapshot import SnapshotStore

CLOSE_TIMEOUT_S = 1.0  # all that had to be said is acknowledged by then


async def main() -> None:
    settings = Settings()
    configure_logging("matching", settings.log_level)
    stop = stop_event()

    partitions = [int(number) for number in settings.matching_partitions.split(",")]
    command_log = KafkaCommandLog(settings.kafka, partitions)
    directory = settings.data_dir / "matching"
    mark = FenceMark(directory, settings.matching_fenced_pause_s)
    service = MatchingService(
        command_log, SnapshotStore(directory), snapshot_every=settings.matching_snapshot_every
    )

    async def serve() -> None:
        await mark.pause()
        try:
            await service.run()
        except Fenced as fenced:
            mark.leave(str(fenced))
            raise

    async def show_open_orders(request: Request) -> Response:
        """`?symbol=` narrows; `?hash=1` adds the state hashes, which takes time."""
        answer = open_orders(
            service.engines,
            request.query_params.get("symbol"),
            with_hashes=request.query_params.get("hash") == "1",
        )
        return Response(encode(answer), media_type="application/json")

    health = HealthServer(
        settings.health_port,
        checks={"replay": service.ready},
        routes=[Route("/open-orders", show_open_orders)],
        host=settings.health_host,
    )
    try:
        await run_until_stopped(stop, {"health": health.run(), "matching": serve()})
    finally:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(command_log.close(), CLOSE_TIMEOUT_S)


if __name__ == "__main__":
    try:
        run(main())
    except Fenced:
        sys.exit(FENCED_STATUS)
