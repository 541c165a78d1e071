"""The matching process: order books of the configured partitions, fed and heard through Kafka."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from adapters.health import HealthServer
from adapters.lifecycle import run, run_until_stopped, stop_event
from config.logs import configure_logging
from config.settings import Settings
from contracts.message import encode
from matching.open_orders import open_orders
from matching.process import KafkaCommandLog
from matching.service import MatchingService


async def main() -> None:
    settings = Settings()
    configure_logging("matching", settings.log_level)
    stop = stop_event()

    partitions = [int(number) for number in settings.matching_partitions.split(",")]
    command_log = KafkaCommandLog(settings.kafka, partitions)
    service = MatchingService(command_log)

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
        await run_until_stopped(stop, {"health": health.run(), "matching": service.run()})
    finally:
        await command_log.close()


if __name__ == "__main__":
    run(main())
