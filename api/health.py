"""The health of every part, asked in parallel and remembered for a second."""

import asyncio
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

import msgspec

from api.operations_ports import Check

CHECK_TIMEOUT_S: Final = 1.5
REMEMBERED_S: Final = 1.0
DETAIL_LENGTH_MAX: Final = 200


class HealthStatus(StrEnum):
    OK = "ok"
    DEGRADED = "degraded"
    DOWN = "down"


class ComponentHealth(msgspec.Struct, frozen=True):
    name: str
    status: HealthStatus
    latency_ms: float | None
    detail: str | None


class HealthReport(msgspec.Struct, frozen=True, kw_only=True):
    status: HealthStatus
    version: str
    time: str
    temporal_ui: str
    components: list[ComponentHealth]


class Health:
    """Asks everybody at once; many askers within a second get one answer."""

    def __init__(
        self,
        checks: Mapping[str, Check],
        *,
        version: str,
        temporal_ui: str,
        clock_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._checks = dict(checks)
        self._version = version
        self._temporal_ui = temporal_ui
        self._clock_s = clock_s
        self._lock = asyncio.Lock()
        self._report: HealthReport | None = None
        self._good_until_s = 0.0

    async def report(self) -> HealthReport:
        """How every component is now, or was less than a second ago."""
        async with self._lock:
            if self._report is None or self._clock_s() >= self._good_until_s:
                self._report = await self._ask()
                self._good_until_s = self._clock_s() + REMEMBERED_S
            return self._report

    async def _ask(self) -> HealthReport:
        components = list(
            await asyncio.gather(*(_check(name, check) for name, check in self._checks.items()))
        )
        down = sum(c.status is HealthStatus.DOWN for c in components)
        status = HealthStatus.DEGRADED if down else HealthStatus.OK
        if components and down == len(components):
            status = HealthStatus.DOWN
        return HealthReport(
            status=status,
            version=self._version,
            time=datetime.now(UTC).isoformat(timespec="milliseconds"),
            temporal_ui=self._temporal_ui,
            components=components,
        )


async def _check(name: str, check: Check) -> ComponentHealth:
    started_s = time.perf_counter()
    try:
        async with asyncio.timeout(CHECK_TIMEOUT_S):
            await check()
    except TimeoutError:
        return ComponentHealth(name, HealthStatus.DOWN, None, f"silent for {CHECK_TIMEOUT_S} s")
    except Exception as error:
        detail = f"{type(error).__name__}: {error}"[:DETAIL_LENGTH_MAX]
        return ComponentHealth(name, HealthStatus.DOWN, None, detail)
    latency_ms = round((time.perf_counter() - started_s) * 1000, 2)
    return ComponentHealth(name, HealthStatus.OK, latency_ms, None)
