"""How smooth is the trading screen, and how late is what it shows, under a fast book?

    python -m bench.ui [--rate 1000] [--seconds 10] [--rounds 3]

Starts a platform of its own, sends changes of the book straight into the engine's log, and opens
the market's page in a headless Chromium of 1440 × 900. Each round measures three times: as the
machine is, with keys typed and levels clicked; with the page's processor slowed four times, and
nobody touching it; and slowed, with keys and clicks again. Slowed, frames are not counted, since
who counts them has one made 60 times a second.
At last the page is reloaded, its socket dropped and the gateway killed: how long until the book
moves again? Everything shares the machine, so the load is printed beside.
"""

import argparse
import asyncio
import json
import math
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.command_feed import BENCH_MARKET, CommandFeed
from stack.paths import ROOT
from stack.platform import Platform

DRIVER = ROOT / "bench" / "ui" / "browser.mjs"
ANSWER_LIMIT_S = 120.0
LINE_BYTES_MAX = 16_777_216
SHORT_MS = 16.0  # inputs painted within it are counted, not listed
GOALS = "goal: 55 frames/s, input p98 50 ms, no task above 100 ms; slowed 4 times: age 300 ms"


@dataclass(frozen=True)
class Mode:
    """How the page is used."""

    name: str
    slower: int  # so many times the processor
    typed_into: bool  # ten keys a second, every tenth of them a click on a level


MODES = (
    Mode("in use", 1, True),
    Mode("÷ 4, watched", 4, False),
    Mode("÷ 4, in use", 4, True),
)


@dataclass
class Round:
    """What the page noted."""

    mode: Mode
    frames_per_s: float
    input_p98_ms: float
    longest_task_ms: float
    age_p50_ms: float
    age_p98_ms: float
    age_max_ms: float
    updates_per_s: float
    busy_percent: float  # of a core, the page's main thread
    load: float

    @classmethod
    def of(cls, mode: Mode, noted: dict[str, Any]) -> "Round":
        """Sums of the page's notes; an input that is not listed was painted at once."""
        listed = [float(each) for each in noted["inputs"]]
        short = [SHORT_MS] * max(0, noted["given"] - len(listed))
        ages = [float(each) for each in noted["ages"]] or [float("nan")]
        return cls(
            mode=mode,
            frames_per_s=noted["frames"] / noted["seconds"] if mode.slower == 1 else math.nan,
            input_p98_ms=_percentile(listed + short, 0.98) if mode.typed_into else math.nan,
            longest_task_ms=max(noted["tasks"], default=0.0),
            age_p50_ms=_percentile(ages, 0.5),
            age_p98_ms=_percentile(ages, 0.98),
            age_max_ms=max(ages),
            updates_per_s=noted["updates"] / noted["seconds"],
            busy_percent=noted["busySeconds"] / noted["seconds"] * 100,
            load=os.getloadavg()[0],
        )


class Page:
    """The page; every command takes as long as it says."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def do(self, command: str, **given: object) -> tuple[Any, float]:
        """The answer, and how many ms it took. Raises RuntimeError: what the browser said."""
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:
            raise RuntimeError("the browser has no pipes")
        stdin.write(json.dumps({"do": command, **given}).encode() + b"\n")
        async with asyncio.timeout(ANSWER_LIMIT_S):
            line = await stdout.readline()
        answer = json.loads(line or b'{"error": "the browser has ended"}')
        if "error" in answer:
            raise RuntimeError(f"{command}: {answer['error']}")
        return answer["result"], answer["tookMs"]


@asynccontextmanager
async def opened_page(url: str) -> AsyncIterator[Page]:
    """The market's page with a moving book."""
    process = await asyncio.create_subprocess_exec(
        _node(),
        str(DRIVER),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=LINE_BYTES_MAX,
    )
    try:
        page = Page(process)
        await page.do("open", url=url)
        yield page
    finally:
        if process.stdin is not None:
            process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), 10)
        except TimeoutError:
            process.kill()
            await process.wait()


async def recoveries(page: Page, platform: Platform) -> dict[str, float]:
    """Milliseconds until the book moves again; of the gateway, from its being ready."""
    _, reload_ms = await page.do("reload")
    _, drop_ms = await page.do("drop")
    await platform.kill("gateway")
    await platform.restart("gateway")
    began = time.monotonic()
    await page.do("live")
    gateway_ms = (time.monotonic() - began) * 1_000
    return {"reload": reload_ms, "dropped socket": drop_ms, "gateway back": gateway_ms}


def show(console: Console, rounds: list[Round]) -> None:
    """Every round, then the medians."""
    table = Table(title="the trading screen", box=None, padding=(0, 2))
    names = (
        "frames/s",
        "input p98",
        "longest task",
        "age p50",
        "age p98",
        "age max",
        "updates/s",
        "busy %",
    )
    table.add_column("page")
    for column in (*names, "load"):
        table.add_column(column, justify="right")
    for mode in MODES:
        chosen = [r for r in rounds if r.mode == mode]
        for r in chosen:
            table.add_row(mode.name, *_figures([r]))
        table.add_row("median", *_figures(chosen), style="bold")
    console.print(table)
    console.print(f"times in ms. {GOALS}")


def _figures(rounds: list[Round]) -> list[str]:
    columns = [
        [r.frames_per_s for r in rounds],
        [r.input_p98_ms for r in rounds],
        [r.longest_task_ms for r in rounds],
        [r.age_p50_ms for r in rounds],
        [r.age_p98_ms for r in rounds],
        [r.age_max_ms for r in rounds],
        [r.updates_per_s for r in rounds],
        [r.busy_percent for r in rounds],
        [r.load for r in rounds],
    ]
    medians = [statistics.median(column) for column in columns]
    return ["–" if math.isnan(median) else f"{median:.1f}" for median in medians]


def _percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def _node() -> str:
    found = shutil.which("node")
    if found is None:
        raise FileNotFoundError("node is missing: run `make bench-ui`")
    return found


async def main() -> None:
    parser = argparse.ArgumentParser(description="Benchmark of the trading screen.")
    parser.add_argument("--rate", type=float, default=1_000.0, help="changes of the book a second")
    parser.add_argument("--seconds", type=float, default=10.0, help="of one measurement")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    console = Console()
    if not console.is_terminal:
        console = Console(width=120)
    with tempfile.TemporaryDirectory(prefix="tf-") as directory:
        console.print("starting a platform for the benchmark")
        overrides = {"TRADEFLOW_BENCH_MARKET": "true"}
        async with Platform(Path(directory, "platform"), overrides=overrides) as platform:
            kafka = platform.settings().kafka
            url = f"{platform.api_url}/trade/{BENCH_MARKET.symbol}"
            began = time.monotonic()
            async with CommandFeed(kafka, rate=options.rate) as feed, opened_page(url) as page:
                rounds = []
                for n in range(options.rounds):
                    console.print(f"round {n + 1}: {options.rate:g} changes a second")
                    for mode in MODES:
                        noted, _ = await page.do(
                            "measure",
                            seconds=options.seconds,
                            slower=mode.slower,
                            typedInto=mode.typed_into,
                        )
                        rounds.append(Round.of(mode, noted))
                sent = feed.sent / (time.monotonic() - began)
                back = await recoveries(page, platform)
            show(console, rounds)
            console.print(f"{sent:,.0f} changes a second were sent")
            for name, took_ms in back.items():
                console.print(f"{name}: the book moves again after {took_ms:,.0f} ms")


if __name__ == "__main__":
    asyncio.run(main())
