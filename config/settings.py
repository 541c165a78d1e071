"""What a process needs to know of its surroundings, read from TRADEFLOW_* variables.

Addresses default to loopback and the usual ports. Secrets have no default: `tradeflow up`
generates them, docker compose takes them from its own environment file.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Self

from pydantic import BaseModel, SecretStr
from pydantic_settings import BaseSettings, EnvSettingsSource, SettingsConfigDict


class MySQLLogin(BaseModel):
    """One least-privilege database user."""

    user: str
    password: SecretStr


class MySQLSettings(BaseModel):
    host: str = "127.0.0.1"
    port: int = 3306
    pool_size: int = 8
    root: MySQLLogin | None = None  # provisioning only; no serving process gets it
    identity: MySQLLogin | None = None
    orders: MySQLLogin | None = None
    wallet: MySQLLogin | None = None
    reader: MySQLLogin | None = None  # SELECT on orders and wallet: the gateway, reconciliation


class RabbitMQSettings(BaseModel):
    host: str = "127.0.0.1"
    port: int = 5672
    vhost: str = "tradeflow"
    user: str = "tradeflow"
    password: SecretStr = SecretStr("")


class KafkaSettings(BaseModel):
    bootstrap: str = "127.0.0.1:9092"
    replication_factor: int = 1  # of new topics; 3 on a cluster


class RedisSettings(BaseModel):
    host: str = "127.0.0.1"
    port: int = 6379
    password: SecretStr = SecretStr("")


class MongoSettings(BaseModel):
    host: str = "127.0.0.1"
    port: int = 27017
    database: str = "tradeflow_audit"
    user: str | None = None
    password: SecretStr = SecretStr("")


class TemporalSettings(BaseModel):
    address: str = "127.0.0.1:7233"
    ui: str = "http://127.0.0.1:8233"
    namespace: str = "default"
    max_cached_workflows: int = 1000


class StreamSettings(BaseModel):
    """Limits of the gateway's sockets."""

    queue_frames: int = 2_000  # waiting for one client; one more and it is dropped
    queue_bytes: int = 1_048_576
    stall_s: float = 5.0  # a client that takes nothing for so long is dropped
    connection_life_s: float = 86_400.0
    ping_every_s: float = 20.0
    pong_within_s: float = 60.0
    max_message_bytes: int = 65_536  # from a client
    messages_per_s: int = 5  # from a client of the market streams
    subscriptions: int = 1_024  # of one connection
    connections: int = 4_000  # of one gateway
    connections_per_5m: int = 300  # of one address
    origins: list[str] = []  # whose pages may open STOMP, beside our own: https://desk.example


class GatewaySettings(BaseModel):
    host: str = "127.0.0.1"
    port: int = 8000
    node_id: int = 0  # 0..7, distinct per gateway process: part of every orderId
    answer_timeout_s: float = 10.0  # after that an order's outcome is "unknown" (-1007)
    orders_at_work: int = 16  # whose sagas are accepting at once; more only slow one another
    orders_waiting: int = 128  # for a place at work; one more is answered -1008
    runs_sagas: bool = True  # starts orders eagerly: their first task runs in the gateway
    max_body_bytes: int = 65_536
    jwt_secret: SecretStr = SecretStr("")
    secrets_key: SecretStr = SecretStr("")  # Fernet key: API secrets are encrypted at rest
    demo_faucet: bool = True
    ops_username: str = "ops"
    ops_password: SecretStr = SecretStr("")  # given: that user of role ops is made at start
    compliance_username: str = "compliance"
    compliance_password: SecretStr = SecretStr("")  # given: that user of role compliance too
    weight_per_minute: int = 6_000
    raw_requests_per_5m: int = 61_000
    orders_per_10s: int = 100
    orders_per_day: int = 200_000
    faucet_per_request: dict[str, str] = {"USDT": "1000000", "BTC": "100", "ETH": "1000"}
    faucet_requests_per_day: int = 20  # a day's total is this many of the largest request
    streams: StreamSettings = StreamSettings()
    listen_keys: bool = False  # /api/v3/userDataStream, for clients that know nothing newer


class Settings(BaseSettings):
    """All settings of one process; nested names join with two underscores.

    `TRADEFLOW_MYSQL__PORT=3307` sets `mysql.port`.
    """

    model_config = SettingsConfigDict(
        env_prefix="TRADEFLOW_", env_nested_delimiter="__", extra="ignore", frozen=True
    )

    mysql: MySQLSettings = MySQLSettings()
    rabbitmq: RabbitMQSettings = RabbitMQSettings()
    kafka: KafkaSettings = KafkaSettings()
    redis: RedisSettings = RedisSettings()
    mongo: MongoSettings = MongoSettings()
    temporal: TemporalSettings = TemporalSettings()
    gateway: GatewaySettings = GatewaySettings()
    log_level: str = "INFO"
    health_host: str = "127.0.0.1"  # wider only where a network of containers shields it
    health_port: int = 0  # 0: the worker serves no health endpoint
    worker_health: dict[str, str] = {}  # worker → its /healthz URL, as a JSON object
    matching_health_url: str = "http://127.0.0.1:8101"
    matching_partitions: str = "0,1,2,3,4,5,6,7,8,9"
    matching_snapshot_every: int = 50_000  # commands of one partition
    matching_fenced_pause_s: float = 10.0  # before an engine claims where one was just fenced off
    market_data_checkpoint_every: int = 20_000  # entries of the log, and a minute at least
    bench_market: bool = False  # offer the market of benchmarks too: see config/bench_market.toml
    simulation: str = "calm"  # of simulated traders: calm, storm, or the path of a mix
    simulation_api: str = "http://127.0.0.1:8000"  # the gateway that they trade through
    data_dir: Path = Path(".tradeflow")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """The settings that a process with these variables would read."""
        source = EnvSettingsSource(cls)
        source.env_vars = {name.lower(): value for name, value in environment.items()}
        return cls.model_validate(source())
