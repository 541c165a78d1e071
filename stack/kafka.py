"""Apache Kafka, the real broker from Maven Central, in KRaft mode: one node, both roles."""

import base64
import hashlib
import logging
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from aiokafka.admin import AIOKafkaAdminClient

from stack.credentials import make_private
from stack.ports import LOOPBACK
from stack.process import Command
from stack.server import Server, apt, find_program, put_in_place, run_once

POM = Path(__file__).parent / "kafka_broker" / "pom.xml"
HEAP = ("-Xms256m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError")
# The first compiler only: measured on two cores, it halves the processor time up to readiness
# and of the first thousands of records, which the second compiler spends on itself.
COMPILER = ("-XX:TieredStopAtLevel=1",)
LOGGING = (
    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
    "-Dorg.slf4j.simpleLogger.showDateTime=true",
    "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSSZ",
)


class Kafka(Server):
    """The log of commands and events; topics are made by provisioning, never by use."""

    name = "kafka"
    port_names = ("kafka", "kafka_controller")

    @classmethod
    def check(cls) -> None:
        find_program("java", apt("openjdk-17-jre-headless"))
        find_program("mvn", apt("maven"))

    async def prepare(self) -> None:
        make_private(self.data)
        await self._provide_jars()
        self._config.write_text(self._properties())
        if not (self.data / "log" / "meta.properties").exists():
            await run_once(
                self._java(
                    "kafka.tools.StorageTool",
                    *("format", "-t", self._cluster_id(), "-c", str(self._config)),
                ),
                self.site.logs / "kafka-setup.log",
            )

    def command(self) -> Command:
        return self._java("kafka.Kafka", str(self._config))

    async def ping(self) -> None:
        with _quiet("aiokafka"):
            admin = AIOKafkaAdminClient(bootstrap_servers=f"{LOOPBACK}:{self.port}")
            try:
                await admin.start()
                await admin.describe_cluster()
            finally:
                await admin.close()

    def environment(self) -> dict[str, str]:
        return {"TRADEFLOW_KAFKA__BOOTSTRAP": f"{LOOPBACK}:{self.port}"}

    @property
    def _config(self) -> Path:
        return self.data / "server.properties"

    @property
    def _jars(self) -> Path:
        # Named by what is asked for: another pom never meets jars of an older one.
        return self.site.lib_dir / f"kafka-{hashlib.sha256(POM.read_bytes()).hexdigest()[:12]}"

    def _java(self, main: str, *arguments: str) -> Command:
        java = find_program("java", apt("openjdk-17-jre-headless"))
        return Command(
            (java, *HEAP, *COMPILER, *LOGGING, "-cp", f"{self._jars}/*", main, *arguments)
        )

    def _cluster_id(self) -> str:
        return cluster_id(self.site.credentials["erlang_cookie"])

    async def _provide_jars(self) -> None:
        if self._jars.exists():
            return
        self.site.lib_dir.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self.site.lib_dir) as draft:
            jars = Path(draft, "jars")
            maven = (find_program("mvn", apt("maven")), "--batch-mode", "--quiet")
            goal = ("dependency:copy-dependencies", "-DincludeScope=runtime")
            await run_once(
                Command((*maven, "--file", str(POM), *goal, f"-DoutputDirectory={jars}")),
                self.site.logs / "kafka-setup.log",
            )
            put_in_place(jars, self._jars)

    def _properties(self) -> str:
        controller = f"{LOOPBACK}:{self.site.ports['kafka_controller']}"
        return "\n".join(
            (
                "process.roles=broker,controller",
                "node.id=1",
                f"controller.quorum.voters=1@{controller}",
                f"listeners=PLAINTEXT://{LOOPBACK}:{self.port},CONTROLLER://{controller}",
                f"advertised.listeners=PLAINTEXT://{LOOPBACK}:{self.port}",
                "controller.listener.names=CONTROLLER",
                "inter.broker.listener.name=PLAINTEXT",
                f"log.dirs={self.data / 'log'}",
                "auto.create.topics.enable=false",
                "delete.topic.enable=false",
                "unclean.leader.election.enable=false",
                "log.message.timestamp.type=LogAppendTime",
                # After a kill the broker is let in again once its former self has timed out.
                "broker.heartbeat.interval.ms=500",
                "broker.session.timeout.ms=3000",
                "group.initial.rebalance.delay.ms=0",
                "offsets.topic.replication.factor=1",
                "offsets.topic.num.partitions=4",
                # Committed positions outlive any pause of the platform.
                "offsets.retention.minutes=525600",
                "transaction.state.log.replication.factor=1",
                "transaction.state.log.min.isr=1",
                "transaction.state.log.num.partitions=4",
                "share.coordinator.state.topic.replication.factor=1",
                "share.coordinator.state.topic.min.isr=1",
                "share.coordinator.state.topic.num.partitions=4",
                # A laptop's log segments need not be 1 GB, nor preallocate a 10 MB index.
                "log.segment.bytes=134217728",
                "log.index.size.max.bytes=1048576",
                "",
            )
        )


@contextmanager
def _quiet(name: str) -> Iterator[None]:
    """The client logs an error for each attempt at a broker that is still starting."""
    logger = logging.getLogger(name)
    level = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        logger.setLevel(level)


def cluster_id(secret: str) -> str:
    """22 characters of base64url, always the same for a secret; the first is never a dash, which
    Kafka's tool would take for an option."""
    first, *others = hashlib.sha256(secret.encode()).digest()[:16]
    return base64.urlsafe_b64encode(bytes((first & 0x7F, *others))).decode().rstrip("=")
