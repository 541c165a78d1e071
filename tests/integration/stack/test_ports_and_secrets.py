"""What can be tried without a server: ports, secrets, what is missing, who owns a directory."""

import json
import os
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from stack.credentials import NAMES, load_credentials, write_private
from stack.errors import AlreadyRunning, MissingProgram, PortTaken, ProcessDied
from stack.kafka import Kafka
from stack.lock import Lock, owner
from stack.mysql import MySQL
from stack.ports import PortChoice, choose_ports, free_port, is_free
from stack.process import Command, Processes
from stack.status import Status, clear_status, read_status, write_status
from stack.workers import WORKERS
from tests.support.waits import until

STATUS = Status("http://a", "ws://a", "a:1", "http://b", [], {"mysql": 1})


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_secrets_are_made_once_and_are_private(tmp_path: Path) -> None:
    directory = tmp_path / "data"
    first = load_credentials(directory)
    assert load_credentials(directory) == first
    assert len(set(first.values())) == len(NAMES)
    assert all(len(value) >= 32 for value in first.values())
    assert _mode(directory) == 0o700
    assert _mode(directory / "credentials.json") == 0o600


def test_a_new_secret_joins_the_old_ones(tmp_path: Path) -> None:
    write_private(tmp_path / "credentials.json", json.dumps({"redis": "kept"}))
    secrets = load_credentials(tmp_path)
    assert secrets["redis"] == "kept"
    assert secrets["mongo"]


def test_secrets_are_not_shown(tmp_path: Path) -> None:
    secrets = load_credentials(tmp_path)
    assert not any(value in repr(secrets) for value in secrets.values())


def test_status_is_private_and_goes(tmp_path: Path) -> None:
    write_status(tmp_path, STATUS)
    assert _mode(tmp_path / "status.json") == 0o600
    assert read_status(tmp_path) == STATUS
    assert json.loads((tmp_path / "status.json").read_text())["processes"] == {"mysql": 1}
    clear_status(tmp_path)
    assert read_status(tmp_path) is None


def test_taken_fixed_port_names_the_setting() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortTaken, match=rf"{port} for gateway.*--port"):
            choose_ports(["gateway"], PortChoice.FIXED, {"gateway": port})


def test_taken_usual_port_of_an_inner_server_gives_way() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        chosen = choose_ports(["a", "b"], PortChoice.FREE, taken=[port])
        assert port not in chosen.values()
        assert len(set(chosen.values())) == 2


def test_free_port_is_free_and_not_one_of_the_taken() -> None:
    port = free_port()
    assert is_free(port)


@pytest.mark.parametrize(
    ("server", "program", "package"),
    [(MySQL, "mariadbd", "mariadb-server"), (Kafka, "java", "openjdk-17-jre-headless")],
)
def test_missing_program_names_the_command(
    server: type[MySQL | Kafka],
    program: str,
    package: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingProgram, match=rf"{program} is missing.*\n.*apt-get.*{package}"):
        server.check()


def test_second_owner_is_refused_and_a_stale_file_is_not_an_owner(tmp_path: Path) -> None:
    lock = Lock(tmp_path)
    assert owner(tmp_path) == os.getpid()
    with pytest.raises(AlreadyRunning, match="tradeflow down"):
        Lock(tmp_path)
    lock.release()
    (tmp_path / "run" / "up.pid").write_text("1")
    assert owner(tmp_path) is None
    Lock(tmp_path).release()


async def test_process_that_ends_by_itself_is_reported_with_its_log(tmp_path: Path) -> None:
    processes = Processes(tmp_path)
    child = processes.start("short", Command(("/bin/sh", "-c", "echo my last words; exit 3")))
    assert await child.ended(5)
    with pytest.raises(ProcessDied, match=r"short ended with status 3(.|\n)*my last words"):
        processes.check_alive()
    await processes.stop("short")
    processes.close()


async def test_process_that_ignores_sigterm_is_killed_with_its_children(tmp_path: Path) -> None:
    processes = Processes(tmp_path)
    script = "trap '' TERM; sleep 300 & echo $!; while :; do sleep 0.1; done"
    child = processes.start("stubborn", Command(("/bin/sh", "-c", script)))
    while not child.log.read_text().strip():
        assert not await child.ended(0.05)
    grandchild = int(child.log.read_text())
    await processes.stop("stubborn", limit_s=0.3)
    processes.close()
    assert not _lives(child.pid)

    async def is_gone() -> bool:
        return not _lives(grandchild)

    await until(is_gone, "the grandchild, which was sent SIGKILL", limit_s=5)


def test_a_child_sees_nothing_of_the_callers_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRADEFLOW_MYSQL__ROOT__PASSWORD", "secret")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    assert "secret" not in Command(("true",)).environment().values()


def test_each_worker_gets_its_own_logins_only() -> None:
    logins = ("ROOT", "IDENTITY", "ORDERS", "WALLET", "READER")
    everything = {f"TRADEFLOW_MYSQL__{login}__PASSWORD": login for login in logins}
    everything |= {"TRADEFLOW_MYSQL__HOST": "h", "TRADEFLOW_GATEWAY__JWT_SECRET": "j"}
    given = {worker.name: set(worker.environment(everything).values()) for worker in WORKERS}
    assert given["matching"] == set()
    assert given["wallet"] == {"h", "WALLET"}
    assert not any("ROOT" in values for values in given.values())
    assert [name for name, values in given.items() if "IDENTITY" in values] == ["gateway"]
    assert [name for name, values in given.items() if "j" in values] == ["gateway"]


def test_servers_die_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    script = (
        "import asyncio, pathlib, sys\n"
        "from stack.servers import Servers\n"
        "async def main():\n"
        "    async with Servers(pathlib.Path(sys.argv[1]), ['redis', 'rabbitmq']) as servers:\n"
        "        for child in servers.processes.children.values():\n"
        "            print(child.pid, flush=True)\n"
        "        print('up', flush=True)\n"
        "        await asyncio.sleep(600)\n"
        "asyncio.run(main())\n"
    )
    with subprocess.Popen(
        (sys.executable, "-c", script, str(tmp_path)), stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        lines = [line.strip() for line in iter(parent.stdout.readline, "up\n")]
        groups = [int(line) for line in lines]
        parent.kill()
    assert len(groups) == 2
    deadline = 15.0
    while any(_group_lives(group) for group in groups):
        subprocess.run(["sleep", "0.1"], check=True)
        deadline -= 0.1
        assert deadline > 0, "servers outlived their parent"


def _lives(pid: int) -> bool:
    return _state(pid) not in ("", "Z", "X")


def _group_lives(group: int) -> bool:
    """Whether any process of the group still runs, epmd and forked children included."""
    for path in Path("/proc").iterdir():
        if path.name.isdigit() and _lives(int(path.name)):
            try:
                if os.getpgid(int(path.name)) == group:
                    return True
            except ProcessLookupError:
                continue
    return False


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return ""
