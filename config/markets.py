"""The markets of this exchange, read from `markets.toml`, and the one that only benchmarks use."""

import tomllib
from pathlib import Path

import msgspec

from contracts.amounts import Amount
from contracts.instruments import Instrument
from contracts.topology import PARTITIONS

DEFAULT_PATH = Path(__file__).with_name("markets.toml")
BENCH_PATH = Path(__file__).with_name("bench_market.toml")


class InvalidMarkets(ValueError):
    """The file names a market twice, or a partition that does not exist."""


def load_markets(path: Path = DEFAULT_PATH, *, bench: bool = False) -> dict[str, Instrument]:
    """Symbol → instrument, in the file's order; with `bench`, the bench market behind them.

    Who offers markets takes it by `Settings.bench_market`. Who reads the engine's log for
    money's sake always takes it: the log may hold its trades from an earlier run.

    Raises:
        InvalidMarkets: a symbol twice, a partition out of range, contradictory facts.
    """
    return _read(path) | (_read(BENCH_PATH) if bench else {})


def _read(path: Path) -> dict[str, Instrument]:
    try:
        rows = tomllib.loads(path.read_text())["markets"]
    except (tomllib.TOMLDecodeError, KeyError) as error:
        raise InvalidMarkets(f"{path}: no [[markets]]: {error}") from error
    markets: dict[str, Instrument] = {}
    for row in rows:
        try:
            instrument = msgspec.convert(row, Instrument, dec_hook=_amount)
        except (msgspec.ValidationError, ValueError) as error:
            raise InvalidMarkets(f"{path}: {row.get('symbol')}: {error}") from error
        if instrument.symbol in markets:
            raise InvalidMarkets(f"{path}: {instrument.symbol} stands twice")
        if not 0 <= instrument.partition < PARTITIONS:
            raise InvalidMarkets(f"{path}: {instrument.symbol}: partition must be below 10")
        markets[instrument.symbol] = instrument
    return markets


def currencies(markets: dict[str, Instrument]) -> tuple[str, ...]:
    """Every currency that somebody can own, sorted."""
    return tuple(sorted({c for m in markets.values() if m.settles for c in (m.base, m.quote)}))


def _amount(kind: type, value: object) -> object:
    if kind is Amount and isinstance(value, str):
        return Amount(value)
    raise ValueError(f"an amount is a string in quotes, not {value!r}")
