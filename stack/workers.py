"""The processes of the exchange, as data: what each runs, and the only settings it is given."""

from dataclasses import dataclass, field

MYSQL_ADDRESS = ("TRADEFLOW_MYSQL__HOST", "TRADEFLOW_MYSQL__PORT", "TRADEFLOW_MYSQL__POOL_SIZE")
RABBITMQ = ("TRADEFLOW_RABBITMQ__",)
KAFKA = ("TRADEFLOW_KAFKA__",)
REDIS = ("TRADEFLOW_REDIS__",)
MONGO = ("TRADEFLOW_MONGO__",)
TEMPORAL = ("TRADEFLOW_TEMPORAL__",)
GATEWAY = ("TRADEFLOW_GATEWAY__", "TRADEFLOW_WORKER_HEALTH")
EVERYONE = (
    "TRADEFLOW_DATA_DIR",
    "TRADEFLOW_LOG_LEVEL",
    "TRADEFLOW_MATCHING_",
    "TRADEFLOW_BENCH_MARKET",
)


def mysql(*logins: str) -> tuple[str, ...]:
    """The server's address and these logins."""
    return (*MYSQL_ADDRESS, *(f"TRADEFLOW_MYSQL__{login.upper()}__" for login in logins))


@dataclass(frozen=True)
class Worker:
    """One process: `python -m module`, and the prefixes of the variables it may see."""

    name: str
    module: str
    needs: tuple[str, ...]
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def port_name(self) -> str:
        """Where it answers GET /healthz: the gateway on its own port, the rest beside."""
        return "gateway" if self.name == "gateway" else f"{self.name}_health"

    def environment(self, everything: dict[str, str]) -> dict[str, str]:
        """Least privilege: of all variables only those it needs."""
        allowed = (*EVERYONE, *self.needs)
        chosen = {name: value for name, value in everything.items() if name.startswith(allowed)}
        return {**chosen, **self.extra}


WORKERS: tuple[Worker, ...] = (
    Worker("matching", "workers.matching", KAFKA),
    Worker("wallet", "workers.wallet", (*mysql("wallet"), *RABBITMQ, *KAFKA, *REDIS)),
    Worker("orders", "workers.orders", (*mysql("orders"), *RABBITMQ, *KAFKA, *REDIS, *TEMPORAL)),
    Worker("relay", "workers.relay", (*mysql("orders"), *KAFKA, *TEMPORAL)),
    Worker("market_data", "workers.market_data", (*KAFKA, *REDIS, "TRADEFLOW_MARKET_DATA_")),
    Worker("audit", "workers.audit", (*RABBITMQ, *KAFKA, *MONGO)),
    Worker(
        "gateway",
        "workers.gateway",
        (
            *mysql("identity", "orders", "reader"),
            *RABBITMQ,
            *KAFKA,
            *REDIS,
            *MONGO,
            *TEMPORAL,
            *GATEWAY,
        ),
    ),
)

SIMULATOR = Worker("simulator", "workers.simulator", ("TRADEFLOW_SIMULATION",))
"""Trades like any client. It is no part of the exchange, which runs without it."""
