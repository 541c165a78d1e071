"""Which markets a question about several is about: `symbol`, `symbols`, or all of them."""

import json
from collections.abc import Mapping

import msgspec

from api.errors import (
    bad_combination,
    bad_request,
    illegal_characters,
    invalid_symbol,
    missing_both,
)
from api.market_statuses import MarketStatuses
from api.parameters import SYMBOL, Parameters
from contracts.instruments import Instrument

SYMBOLS_LEGAL = r'^\["[A-Z0-9-_.]{1,20}"(,"[A-Z0-9-_.]{1,20}"){0,}\]$'
SYMBOL_STATUSES = frozenset({"TRADING", "HALT", "BREAK", "END_OF_DAY", "CANCEL_ONLY"})


class Selection(msgspec.Struct, frozen=True, kw_only=True):
    """The markets to answer for. `single`: one was named, and the answer is no list. `named`:
    how many the request named, 0 for all."""

    symbols: list[str]
    single: bool
    named: int

    def shaped(self, rows: list[dict[str, object]]) -> object:
        """The rows as the answer has them."""
        return rows[0] if self.single else rows


def named_market(symbol: str, instruments: Mapping[str, Instrument]) -> Instrument:
    """Raises ApiError where there is no such market."""
    instrument = instruments.get(symbol)
    if instrument is None:
        raise invalid_symbol()
    return instrument


def listed_symbols(text: str) -> list[str]:
    """The names in a JSON array. Raises ApiError where it is none, or holds one twice."""
    try:
        names = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise illegal_characters("symbols", SYMBOLS_LEGAL) from error
    if not isinstance(names, list) or not names or not all(isinstance(n, str) for n in names):
        raise illegal_characters("symbols", SYMBOLS_LEGAL)
    if len(set(names)) != len(names):
        raise bad_request(-1151, "Symbol is present multiple times in the list.")
    return names


def read_status(parameters: Parameters) -> str | None:
    """`symbolStatus`, None where it was not sent."""
    status = parameters.text("symbolStatus")
    if status is not None and status not in SYMBOL_STATUSES:
        raise bad_request(-1122, "Invalid symbolStatus.")
    return status


def select(
    parameters: Parameters,
    instruments: Mapping[str, Instrument],
    statuses: MarketStatuses,
    *,
    must_name: bool = False,
) -> Selection:
    """What `symbol`, `symbols` and `symbolStatus` select.

    Raises:
        ApiError: both names are there, or neither and `must_name`; a market is unknown; the one
            market that is named has another status.
    """
    symbol = parameters.text("symbol", SYMBOL)
    listed = parameters.text("symbols")
    status = read_status(parameters)
    if symbol is not None and listed is not None:
        raise bad_combination()
    if symbol is not None:
        market = named_market(symbol, instruments)
        if status not in {None, statuses.of(market)}:
            raise bad_request(
                -1220, "The symbol's status does not match the requested symbolStatus."
            )
        return Selection(symbols=[symbol], single=True, named=1)
    if listed is None and must_name:
        raise missing_both("symbol", "symbols")
    names = list(instruments) if listed is None else listed_symbols(listed)
    markets = [named_market(name, instruments) for name in names]
    symbols = [m.symbol for m in markets if status in {None, statuses.of(m)}]
    return Selection(symbols=symbols, single=False, named=0 if listed is None else len(names))
