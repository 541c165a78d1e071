"""The tables of `bench.kafka`: figures beside their ratio to the blueprint's row."""

from collections.abc import Callable
from typing import Final

from rich.console import Console
from rich.table import Table

from bench.kafka_loads import BLUEPRINT, RATES, Figures, Setting

Results = dict[Setting, dict[str, Figures]]
"""Setting → name of the load → what was found."""

Measure = Callable[[Figures], float]
NAMES: Final = ("poll records", "min bytes", "max wait ms", "poll ms")


def report(console: Console, found: Results) -> None:
    """Print latency, work, and what only observers and askers meet."""
    latency: list[tuple[str, str, Measure]] = []
    work: list[tuple[str, str, Measure]] = [("reader idle %", "idle", _core_share)]
    work.append(("broker idle %", "idle", _broker_share))
    for rate in RATES:
        load = f"{rate}/s"
        latency += [(f"{load} p50", load, _percentile(0.5)), ("p99", load, _percentile(0.99))]
        work += [(f"{load} µs/msg", load, lambda f: f.cpu_us), ("broker %", load, _broker_share)]
    others: list[tuple[str, str, Measure]] = [
        ("busy p50 ms", "busy", _percentile(0.5)),
        ("busy p99 ms", "busy", _percentile(0.99)),
        ("ask p50 ms", "ask", _percentile(0.5)),
        ("ask max ms", "ask", _percentile(1.0)),
        ("backlog msg/s", "backlog", lambda f: f.rate),
        ("backlog µs/msg", "backlog", lambda f: f.cpu_us),
    ]
    _print(console, "From send to receive, ms (× the blueprint's)", found, latency)
    _print(console, "Processor time: % of a core, µs a message (× the blueprint's)", found, work)
    _print(console, "A busy reader, a question, a backlog (× the blueprint's)", found, others)


def _print(
    console: Console, title: str, found: Results, columns: list[tuple[str, str, Measure]]
) -> None:
    table = Table(title=title, title_justify="left", box=None, padding=(0, 1))
    for name in (*NAMES, *(name for name, _, _ in columns)):
        table.add_column(name, justify="right")
    for setting, by_load in found.items():
        figures = (
            _cell(measure(by_load[load]), measure(found[BLUEPRINT][load]))
            for _, load, measure in columns
        )
        row = (
            setting.max_poll_records, setting.min_bytes, setting.max_wait_ms, setting.poll_wait_ms
        )  # fmt: skip
        table.add_row(*map(str, row), *figures)
    console.print(table, highlight=False)


def _cell(value: float, of: float) -> str:
    digits = 0 if value >= 100 else 1
    ratio = f" ×{value / of:.2f}" if of else ""
    return f"{value:,.{digits}f}{ratio}"


def _percentile(share: float) -> Measure:
    return lambda figures: figures.percentile_ms(share)


def _core_share(figures: Figures) -> float:
    return figures.cpu_s / figures.took_s * 100


def _broker_share(figures: Figures) -> float:
    return figures.broker_cpu_s / figures.took_s * 100
