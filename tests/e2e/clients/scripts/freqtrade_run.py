"""freqtrade: lists the markets, then trades, dry or in earnest, until it has bought."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from venue import API, CLIENT, WS, report

LIMIT_S = 90.0
PAIR = "ETH/BTC"
DRY = os.environ["DRY"] == "true"
STRATEGY = '''
from freqtrade.strategy import IStrategy


class Always(IStrategy):
    """Buys whenever it may."""

    timeframe = "1m"
    minimal_roi = {"0": 0.5}
    stoploss = -0.5
    startup_candle_count = 0
    process_only_new_candles = False

    def populate_indicators(self, dataframe, metadata):
        return dataframe

    def populate_entry_trend(self, dataframe, metadata):
        dataframe["enter_long"] = 1
        return dataframe

    def populate_exit_trend(self, dataframe, metadata):
        return dataframe
'''


def config() -> dict[str, Any]:
    """What docs/how-to/run-freqtrade.md shows, with a short patience."""
    base, streams = f"{API}/api/v3", f"{WS}/stream/ws"
    sockets = {"spot": streams, "ws-api": {"spot": f"{WS}/ws-api/v3"}}
    return {
        "dry_run": DRY,
        "initial_state": "running",
        "dry_run_wallet": 10,
        "stake_currency": PAIR.partition("/")[2],
        "stake_amount": 0.05,
        "max_open_trades": 1,
        "exchange": {
            "name": "binance",
            "key": CLIENT.key,
            "secret": CLIENT.secret,
            "pair_whitelist": [PAIR],
            "pair_blacklist": [],
            "ccxt_config": {
                "urls": {"api": {"public": base, "private": base, "ws": sockets}},
                "options": {
                    "fetchMarkets": {"types": ["spot"]},
                    "fetchCurrencies": False,
                    "fetchMargins": False,
                },
            },
        },
        "pairlists": [{"method": "StaticPairList"}],
        "entry_pricing": {"price_side": "other", "use_order_book": True, "order_book_top": 1},
        "exit_pricing": {"price_side": "other", "use_order_book": True, "order_book_top": 1},
        "internals": {"process_throttle_secs": 2, "heartbeat_interval": 5},
    }


def command(home: Path, *words: str) -> list[str]:
    places = ("--config", str(home / "config.json"), "--userdir", str(home))
    return [sys.executable, "-m", "freqtrade", *words, *places]


def markets(home: Path) -> list[str]:
    said = subprocess.run(
        command(home, "list-markets", "--print-json"), capture_output=True, text=True, check=False
    )
    assert said.returncode == 0, said.stderr[-3000:]
    return json.loads(said.stdout.strip().splitlines()[-1])


def trade(home: Path) -> str:
    """Runs the bot until it has bought; returns its log up to then."""
    log = home / "log.txt"
    with log.open("w") as told:
        bot = subprocess.Popen(
            command(home, "trade", "--strategy", "Always"),
            stdout=told,
            stderr=subprocess.STDOUT,
            cwd=home,
        )
        deadline = time.monotonic() + LIMIT_S
        try:
            while "has been fulfilled" not in log.read_text():
                assert bot.poll() is None, log.read_text()[-4000:]
                assert time.monotonic() < deadline, log.read_text()[-4000:]
                time.sleep(0.5)
            said = log.read_text()
        finally:
            bot.send_signal(signal.SIGINT)
            bot.wait(30)
    return said


def fills(home: Path) -> list[tuple[str, float]]:
    """Pair and price of what it holds, as it keeps them itself."""
    (database,) = home.glob("*.sqlite")
    with closing(sqlite3.connect(database)) as kept:
        return kept.execute("SELECT pair, open_rate FROM trades ORDER BY id").fetchall()


with tempfile.TemporaryDirectory() as directory:
    place = Path(directory)
    (place / "strategies").mkdir()
    (place / "strategies" / "always.py").write_text(STRATEGY)
    (place / "config.json").write_text(json.dumps(config()))
    listed = markets(place)
    lines = trade(place).splitlines()
    report(
        markets=listed,
        errors=[line for line in lines if " - ERROR - " in line],
        log=lines[-25:],
        fills=fills(place),
    )
