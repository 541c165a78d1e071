"""docker-compose.yml against what `stack/` starts: it cannot be run here, so it is compared."""

import re
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from config.settings import Settings
from stack.credentials import NAMES
from stack.paths import ROOT
from stack.server import Site
from stack.servers import SERVERS
from stack.temporal import DYNAMIC_CONFIG
from stack.workers import SIMULATOR, WORKERS, Worker

TEXT = (ROOT / "docker-compose.yml").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
LONG_RUNNING = {n: s for n, s in SERVICES.items() if s["restart"] == "unless-stopped"}
HEALTH = {"TRADEFLOW_HEALTH_HOST", "TRADEFLOW_HEALTH_PORT"}  # the process's own
SECRET = re.compile(r"PASSWORD|_PASS$|_PWD$|SECRET|_KEY$|REDISCLI_AUTH")
REQUIRED = re.compile(r"\$\{([A-Z_]+):\?run deploy/make-env\}")
each_worker = pytest.mark.parametrize(
    "worker", [*WORKERS, SIMULATOR], ids=lambda worker: worker.name
)


def environment(service: str) -> dict[str, str]:
    return SERVICES[service].get("environment", {})


def tradeflow(service: str) -> dict[str, str]:
    return {k: v for k, v in environment(service).items() if k.startswith("TRADEFLOW_")}


def everything() -> dict[str, str]:
    """Every variable of the platform that `stack/` runs, apart from this machine's places."""
    ports = {port: 1 for kind in SERVERS.values() for port in kind.port_names}
    site = Site(Path("/none"), Path("/none"), ports, dict.fromkeys(NAMES, "secret"))
    variables = {k: v for kind in SERVERS.values() for k, v in kind(site).environment().items()}
    gateway = ("HOST", "PORT", "JWT_SECRET", "SECRETS_KEY", "OPS_PASSWORD", "COMPLIANCE_PASSWORD")
    return variables | dict.fromkeys(
        [
            *(f"TRADEFLOW_GATEWAY__{name}" for name in gateway),
            "TRADEFLOW_MATCHING_HEALTH_URL",
            "TRADEFLOW_WORKER_HEALTH",
            "TRADEFLOW_LOG_LEVEL",
            "TRADEFLOW_SIMULATION",
            "TRADEFLOW_SIMULATION_API",
        ],
        "",
    )


@each_worker
def test_every_worker_is_a_service(worker: Worker) -> None:
    assert SERVICES[worker.name]["command"] == ["python", "-m", worker.module]


@each_worker
def test_a_worker_is_given_what_stack_gives_it_and_no_more(worker: Worker) -> None:
    own = set() if worker.name == "gateway" else HEALTH
    assert set(tradeflow(worker.name)) == set(worker.environment(everything())) | own


@each_worker
def test_the_settings_of_a_worker_can_be_read(worker: Worker) -> None:
    settings = Settings.from_environment(tradeflow(worker.name))
    assert settings.mysql.root is None
    assert settings.matching_health_url == "http://matching:8101"
    if worker.name == "gateway":
        health = {w.name: f"http://{w.name}:8101/healthz" for w in WORKERS if w is not worker}
        assert settings.worker_health == health
        assert (settings.gateway.host, settings.gateway.port) == ("0.0.0.0", 8000)  # noqa: S104
    else:
        assert (settings.health_host, settings.health_port) == ("0.0.0.0", 8101)  # noqa: S104


def test_only_provisioning_has_the_root_login() -> None:
    holders = [name for name in SERVICES if "TRADEFLOW_MYSQL__ROOT__PASSWORD" in environment(name)]
    assert holders == ["provision"]


def test_every_published_port_is_on_loopback() -> None:
    published = [port for service in SERVICES.values() for port in service.get("ports", ())]
    assert published
    assert [port for port in published if not port.startswith("127.0.0.1:")] == []


def test_only_services_with_a_published_port_reach_the_outside() -> None:
    assert COMPOSE["networks"]["servers"]["internal"] is True
    outside = {name for name, service in SERVICES.items() if service["networks"] != ["servers"]}
    assert outside == {name for name, service in SERVICES.items() if "ports" in service}


def test_no_secret_has_a_value_or_a_default() -> None:
    secrets = {
        f"{service}.{name}": value
        for service in SERVICES
        for name, value in environment(service).items()
        if SECRET.search(name)
    }
    assert len(secrets) > len(WORKERS)
    assert {n: v for n, v in secrets.items() if not REQUIRED.fullmatch(v)} == {}
    others = set(re.findall(r"\$\{([A-Z_]+)\b(?!:\?)", TEXT))
    assert others == {"TRADEFLOW_LOG_LEVEL", "TRADEFLOW_SIMULATION"}


@pytest.mark.parametrize("name", LONG_RUNNING)
def test_a_long_running_service_is_watched_bounded_and_stopped_gently(name: str) -> None:
    service = LONG_RUNNING[name]
    assert service["healthcheck"]["test"]
    assert {"mem_limit", "cpus", "pids_limit", "stop_grace_period"} <= set(service)
    assert service["logging"]["options"]["max-size"]


def test_what_is_not_long_running_ends() -> None:
    policies = {service["restart"].split(":")[0] for service in SERVICES.values()}
    assert policies == {"unless-stopped", "on-failure", "no"}


@pytest.mark.parametrize("name", SERVICES)
def test_nothing_waits_for_a_mere_start(name: str) -> None:
    if name == "mongo-init":  # it makes the server the primary that its healthcheck asks for
        return
    for partner, wait in SERVICES[name].get("depends_on", {}).items():
        lasting = partner in LONG_RUNNING
        condition = "service_healthy" if lasting else "service_completed_successfully"
        assert wait["condition"] == condition, partner


def test_images_are_pinned() -> None:
    images = {service["image"] for service in SERVICES.values()}
    images |= set(re.findall(r"^FROM (\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE))
    assert [image for image in images if not re.fullmatch(r"[\w./-]+:\d[\w.-]*", image)] == []


def test_mounted_files_are_there() -> None:
    mounts = [volume for s in SERVICES.values() for volume in s.get("volumes", ())]
    files = [mount.split(":")[0] for mount in mounts if mount.startswith("./")]
    assert [file for file in files if not (ROOT / file).is_file()] == []
    named = {mount.split(":")[0] for mount in mounts if not mount.startswith("./")}
    assert named == set(COMPOSE["volumes"])


def test_the_image_holds_every_package_and_no_secret() -> None:
    kept = (ROOT / ".dockerignore").read_text().splitlines()
    assert kept[1] == "*"
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"bench", "tests"}
    assert {f"!{package}" for package in packages} <= set(kept)


def test_temporal_has_the_same_dynamic_configuration() -> None:
    found = yaml.safe_load((ROOT / "deploy/temporal/dynamic-config.yaml").read_text())
    assert {key: entries[0]["value"] for key, entries in found.items()} == DYNAMIC_CONFIG


def test_make_env_makes_every_secret_once(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    command = ("sh", str(ROOT / "deploy" / "make-env"), str(file))
    subprocess.run(command, check=True, capture_output=True)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    lines = [line.partition("=") for line in file.read_text().splitlines() if line[0] != "#"]
    made = {name: value for name, _, value in lines}
    assert set(made) == set(REQUIRED.findall(TEXT))
    assert len(set(made.values())) == len(made)
    assert min(map(len, made.values())) >= 44

    again = subprocess.run(command, check=False, capture_output=True)
    assert again.returncode == 1
    assert [line.partition("=") for line in file.read_text().splitlines()][1:] == lines


def test_the_environment_file_is_never_committed() -> None:
    assert ".env" in (ROOT / ".gitignore").read_text().splitlines()
