"""What `tradeflow up` prints when everything is ready."""

from pathlib import Path

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from stack.seed import DemoUser
from stack.status import Status, status_path
from stack.workers import SIMULATOR

CCXT = """\
import ccxt, json
exchange = ccxt.binance(json.load(open("{path}"))["ccxt"])
print(exchange.create_order("BTC/USDT", "limit", "buy", 0.01, 60000))"""


def welcome(status: Status, data_dir: Path) -> RenderableType:
    """Addresses, logins, and a snippet to paste."""
    addresses = Table(show_header=False, box=None, padding=(0, 2))
    addresses.add_row("Screen", status.api)
    addresses.add_row("API docs", f"{status.api}/docs")
    addresses.add_row("Temporal UI", status.temporal_ui)
    if SIMULATOR.name in status.processes:
        addresses.add_row("Market", "simulated traders keep it alive; --mix none leaves it to you")
    addresses.add_row("Data, logs", str(data_dir))
    parts: list[RenderableType] = [Text("\nTradeFlow is up.", style="bold green"), addresses]
    if status.users:
        parts += [Text("\nDemo logins", style="bold"), _logins(status.users)]
        parts.append(Text(f"\nWith ccxt, as {status.users[0].name}", style="bold"))
        # Whole lines, however narrow the terminal: this is there to be copied.
        parts.append(Text(CCXT.format(path=status_path(data_dir))))
    parts.append(Text("\nCtrl-C, or `tradeflow down` elsewhere, stops it.", style="dim"))
    return Group(*parts)


def _logins(users: list[DemoUser]) -> Table:
    table = Table(box=None, padding=(0, 2), header_style="dim")
    for column in ("name", "password", "role"):
        table.add_column(column, overflow="fold")
    for user in users:
        table.add_row(user.name, user.password, user.role)
    return table
