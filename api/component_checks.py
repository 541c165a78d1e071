"""How the gateway finds out whether each component is well."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

import httpx
from pymongo import AsyncMongoClient
from redis.asyncio import Redis
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client

from api.operations_ports import Check
from config.settings import Settings

HTTP_TIMEOUT_S: Final = 1.2


class Unwell(Exception):
    """The component answered that it is not well."""


def component_checks(
    settings: Settings,
    *,
    engine: AsyncEngine,
    redis: Redis,
    mongo: AsyncMongoClient[dict[str, Any]],
    temporal: Client,
    http: httpx.AsyncClient,
) -> Mapping[str, Check]:
    """Name → check: the servers first, then the workers by their health addresses."""

    async def mysql() -> None:
        async with engine.connect() as connection:
            await connection.execute(text("SELECT 1"))

    async def redis_answers() -> None:
        await redis.ping()

    async def mongo_answers() -> None:
        await mongo.admin.command("ping")

    async def temporal_answers() -> None:
        if not await temporal.service_client.check_health():
            raise Unwell("not serving")

    async def kafka() -> None:
        host, _, port = settings.kafka.bootstrap.split(",")[0].rpartition(":")
        await _connects(host, int(port))

    async def rabbitmq() -> None:
        await _connects(settings.rabbitmq.host, settings.rabbitmq.port)

    checks: dict[str, Check] = {
        "mysql": mysql,
        "rabbitmq": rabbitmq,
        "kafka": kafka,
        "redis": redis_answers,
        "mongo": mongo_answers,
        "temporal": temporal_answers,
    }
    for name, url in settings.worker_health.items():
        checks[name.replace("_", "-")] = _worker(http, url)
    return checks


def _worker(http: httpx.AsyncClient, url: str) -> Check:
    async def check() -> None:
        answer = await http.get(url, timeout=HTTP_TIMEOUT_S)
        if not answer.is_success:
            raise Unwell(answer.text)

    return check


async def _connects(host: str, port: int) -> None:
    """That the port accepts; their own clients find out the rest when they use them."""
    _, writer = await asyncio.open_connection(host, port)
    writer.close()
    await writer.wait_closed()
