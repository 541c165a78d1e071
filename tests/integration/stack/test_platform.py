"""The platform's life with workers that only answer /healthz: order, status, faults, the CLI."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from stack.errors import ProcessDied
from stack.lock import owner
from stack.platform import Platform
from stack.ports import free_port
from stack.seed import DemoUser
from stack.workers import WORKERS

FAKES = tuple(replace(worker, module="tests.support.fake_worker") for worker in WORKERS)
SERVERS = {"mysql", "rabbitmq", "kafka", "redis", "mongo", "temporal"}
ROOT = Path(__file__).parents[3]
PLATFORM_LIMIT_S = 90


async def no_users(_: Platform) -> list[DemoUser]:
    """In the place of the real seed."""
    return []


pytestmark = [
    pytest.mark.timeout(2 * PLATFORM_LIMIT_S),
    *(getattr(pytest.mark, name) for name in sorted(SERVERS)),
]


@pytest.fixture(scope="module")
async def faked(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Platform]:
    """Real servers, provisioned; fake workers, so that there is no API to make users with."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("stack.platform.seed", no_users)
        async with Platform(tmp_path_factory.mktemp("platform"), workers=FAKES) as platform:
            yield platform


async def test_status_names_every_process_once_all_are_ready(faked: Platform) -> None:
    status = json.loads((faked.data_dir / "status.json").read_text())
    assert set(status) == {"api", "ws", "temporal", "temporal_ui", "users", "processes", "ccxt"}
    assert status["ccxt"] is None  # there are no users whose key it could have
    assert set(status["processes"]) == SERVERS | {worker.name for worker in WORKERS}
    assert status["api"] == faked.api_url
    async with httpx.AsyncClient() as client:
        ui = await client.get(status["temporal_ui"])
    assert ui.status_code == httpx.codes.OK


async def test_no_worker_is_given_the_root_login_or_anothers(faked: Platform) -> None:
    async with httpx.AsyncClient() as client:
        for worker in FAKES:
            url = faked.health_url(worker.name).replace("/healthz", "/environment")
            given = (await client.get(url)).json()
            assert not any("ROOT" in name for name in given)
            assert ("TRADEFLOW_GATEWAY__JWT_SECRET" in given) == (worker.name == "gateway")
            assert ("TRADEFLOW_MYSQL__WALLET__PASSWORD" in given) == (worker.name == "wallet")


async def test_death_of_a_worker_is_reported_and_it_can_be_restarted(faked: Platform) -> None:
    before = faked.servers.child("relay").pid
    os.kill(before, signal.SIGKILL)
    with pytest.raises(ProcessDied, match="relay ended"):
        await faked.watch()
    await faked.restart("relay")
    status = json.loads((faked.data_dir / "status.json").read_text())
    assert status["processes"]["relay"] == faked.servers.child("relay").pid != before


async def test_paused_worker_does_not_answer_until_resumed(faked: Platform) -> None:
    async with httpx.AsyncClient(timeout=0.3) as client:
        faked.pause("audit")
        with pytest.raises(httpx.TimeoutException):
            await client.get(faked.health_url("audit"))
        faked.resume("audit")
        assert (await client.get(faked.health_url("audit"))).status_code == httpx.codes.OK


async def test_worker_that_dies_at_its_start_brings_everything_down(tmp_path: Path) -> None:
    broken = (*FAKES[:1], replace(FAKES[1], module="tests.support.no_such_worker"))
    platform = Platform(tmp_path, workers=broken)
    with pytest.raises(ProcessDied, match=r"wallet ended(.|\n)*no_such_worker"):
        await platform.start()
    assert owner(tmp_path) is None
    assert not platform.servers.processes.children
    assert not (tmp_path / "status.json").exists()


@pytest.mark.timeout(4 * PLATFORM_LIMIT_S)  # eight commands, each a process of its own
def test_up_status_second_up_and_down(tmp_path: Path) -> None:
    with _up(tmp_path) as running:
        status = _tradeflow("status", "--json", data_dir=tmp_path)
        assert json.loads(status.stdout)["api"].startswith("http://127.0.0.1:")
        second = _tradeflow("up", data_dir=tmp_path)
        assert second.returncode == 1
        assert "already up" in second.stderr
        assert _tradeflow("status", data_dir=tmp_path).returncode == 0
        refused = _tradeflow("reset", "--yes", data_dir=tmp_path)
        assert refused.returncode == 1
        assert _tradeflow("down", data_dir=tmp_path).returncode == 0
        assert running.wait(10) == 0
    assert _tradeflow("status", data_dir=tmp_path).returncode == 1
    assert _tradeflow("down", data_dir=tmp_path).returncode == 0
    assert (tmp_path / "data" / "mysql").is_dir()
    assert _tradeflow("reset", "--yes", data_dir=tmp_path).returncode == 0
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_while_starting_leaves_nothing(tmp_path: Path) -> None:
    with _up(tmp_path, wait_for="ready") as running:
        running.send_signal(signal.SIGINT)
        assert running.wait(60) == 0
    assert owner(tmp_path) is None


@contextlib.contextmanager
def _up(data_dir: Path, wait_for: str = "TradeFlow is up") -> Iterator[subprocess.Popen[str]]:
    """`tradeflow up` with fake workers, once it has printed this."""
    script = (
        "import stack.platform\n"
        "from cli.main import app\n"
        "from tests.integration.stack.test_platform import FAKES, no_users\n"
        "stack.platform.WORKERS, stack.platform.seed = FAKES, no_users\n"
        "app()\n"
    )
    arguments = ("up", "--port", "0", "--mix", "none", "--data-dir", str(data_dir))
    with subprocess.Popen(
        (sys.executable, "-c", script, *arguments), stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as running:
        assert running.stdout is not None
        try:
            for line in running.stdout:
                if wait_for in line:
                    break
            yield running
        finally:
            running.terminate()
            running.communicate(timeout=60)


def _tradeflow(*arguments: str, data_dir: Path) -> subprocess.CompletedProcess[str]:
    command = (sys.executable, "-m", "cli.main", *arguments, "--data-dir", str(data_dir))
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)


def test_taken_gateway_port_is_refused_before_anything_starts(tmp_path: Path) -> None:
    port = free_port()
    command = (sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1")
    with subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.PIPE) as taken:
        try:
            for _ in range(100):
                with contextlib.suppress(httpx.ConnectError):
                    httpx.get(f"http://127.0.0.1:{port}")
                    break
            refused = _tradeflow("up", "--port", str(port), data_dir=tmp_path)
        finally:
            taken.terminate()
    assert refused.returncode == 1
    assert f"port {port}" in refused.stderr
    assert "--port" in refused.stderr
