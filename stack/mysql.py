"""MariaDB in MySQL's place: the ledger, the orders and the users."""

from pathlib import Path

import aiomysql

from stack.credentials import write_private
from stack.ports import LOOPBACK
from stack.process import Command
from stack.server import Server, apt, find_program, run_once

INSTALL = apt("mariadb-server")
LOGINS = ("identity", "orders", "wallet", "reader")


class MySQL(Server):
    """Durable at each commit, READ COMMITTED, root with a generated password."""

    name = "mysql"
    port_names = ("mysql",)

    @classmethod
    def check(cls) -> None:
        find_program("mariadbd", INSTALL)
        find_program("mariadb-install-db", INSTALL)

    async def prepare(self) -> None:
        if (self.data / "mysql").is_dir():
            return
        # Bootstrapped beside its place and moved there: an interrupted first start leaves nothing.
        draft = self.data.with_name("mysql.new")
        self.data.parent.mkdir(parents=True, exist_ok=True)
        await run_once(Command(("rm", "-rf", str(draft))), self._setup_log)
        await run_once(
            Command(
                (
                    find_program("mariadb-install-db", INSTALL),
                    "--no-defaults",
                    f"--datadir={draft}",
                    "--auth-root-authentication-method=normal",
                    "--skip-test-db",
                    "--skip-name-resolve",
                )
            ),
            self._setup_log,
        )
        draft.replace(self.data)

    def command(self) -> Command:
        # SQL that runs before the first connection is accepted: the empty password that the
        # bootstrap leaves is never reachable, and none is in the process list.
        write_private(self._init_file, self._securing_sql())
        return Command(
            (
                find_program("mariadbd", INSTALL),
                "--no-defaults",
                f"--datadir={self.data}",
                f"--init-file={self._init_file}",
                f"--port={self.port}",
                f"--bind-address={LOOPBACK}",
                f"--socket={self.data / 's.sock'}",
                f"--pid-file={self.data / 'mariadbd.pid'}",
                f"--secure-file-priv={self.data}",
                "--local-infile=OFF",
                "--skip-name-resolve",
                "--performance-schema=OFF",
                "--innodb-buffer-pool-size=128M",
                "--innodb-flush-log-at-trx-commit=1",
                "--transaction-isolation=READ-COMMITTED",
                "--innodb-lock-wait-timeout=5",
                # A process that is frozen in a transaction must not hold its rows for ever.
                "--idle-transaction-timeout=10",
                "--character-set-server=utf8mb4",
                "--collation-server=utf8mb4_unicode_ci",
                "--default-time-zone=+00:00",
                "--sql-mode=STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION,ERROR_FOR_DIVISION_BY_ZERO",
                "--max-connections=200",
                # Whoever owns the data directory runs the server, like every other server here.
                *(("--user=root",) if self.data.owner() == "root" else ()),
            )
        )

    async def ping(self) -> None:
        connection = await aiomysql.connect(
            host=LOOPBACK,
            port=self.port,
            user="root",
            password=self.site.credentials["mysql_root"],
        )
        try:
            async with connection.cursor() as cursor:
                await cursor.execute("SELECT 1")
        finally:
            connection.close()

    def environment(self) -> dict[str, str]:
        prefix = "TRADEFLOW_MYSQL__"
        variables = {
            f"{prefix}HOST": LOOPBACK,
            f"{prefix}PORT": str(self.port),
            f"{prefix}ROOT__USER": "root",
            f"{prefix}ROOT__PASSWORD": self.site.credentials["mysql_root"],
        }
        for login in LOGINS:
            variables[f"{prefix}{login.upper()}__USER"] = f"tradeflow_{login}"
            password = self.site.credentials[f"mysql_{login}"]
            variables[f"{prefix}{login.upper()}__PASSWORD"] = password
        return variables

    @property
    def _init_file(self) -> Path:
        return self.data / "secure.sql"

    @property
    def _setup_log(self) -> Path:
        return self.site.logs / "mysql-setup.log"

    def _securing_sql(self) -> str:
        password = self.site.credentials["mysql_root"]  # url-safe: nothing to escape
        statements = (
            "DELETE FROM mysql.global_priv WHERE User='' OR (User='root' AND Host<>'localhost')",
            "FLUSH PRIVILEGES",
            f"ALTER USER 'root'@'localhost' IDENTIFIED BY '{password}'",
            f"CREATE OR REPLACE USER 'root'@'{LOOPBACK}' IDENTIFIED BY '{password}'",
            f"GRANT ALL ON *.* TO 'root'@'{LOOPBACK}' WITH GRANT OPTION",
        )
        return "".join(f"{statement};\n" for statement in statements)
