"""The `tradeflow` command line: a list of commands, each in a module of its own."""

import typer

from cli.audit import audit
from cli.demo import demo
from cli.doctor import doctor
from cli.down import down
from cli.order import order
from cli.reconcile import reconcile
from cli.replay import replay
from cli.reset import reset
from cli.status import status
from cli.up import up

app = typer.Typer(
    name="tradeflow",
    help="An exchange that runs on a laptop and can be trusted like a bank.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,  # locals hold secrets
)
for command in (up, down, demo, status, order, replay, reconcile, reset, doctor):
    app.command()(command)
app.add_typer(audit)

if __name__ == "__main__":
    app()
