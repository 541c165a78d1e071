"""Which markets a question about several is about: `symbol`, `symbols`, or all of them."""

from collections.abc import Mapping

import msgspec

from api.errors import (
    bad_combination,
    bad_request,
    invalid_symbol,
    missing_both,
)
from api.market_statuses import MarketStatuses
from api.parameters import SYMBOL, SYMBOLS, Parameters
from contracts.instruments import Instrument

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


def listed_symbols(parameters: Parameters) -> list[str] | None:
    """The names in `symbols`, None where it was not sent. Raises ApiError where it is no JSON
    array of them without spaces, or holds one twice."""
    text = parameters.text("symbols", SYMBOLS)
    if text is None:
        return None
    names = msgspec.json.decode(text, type=list[str])
    if len(set(names)) != len(names):
        raise bad_request(-1151, "Symbol is present multiple times in the list.")
    return names


def read_status(parameters: Parameters) -> str | None:
    """`symbolStatus`, None where it was not sent."""
    status = parameters.text("symbolStatus")
    if status is not None and status not in SYMBOL_STATUSES:
        raise bad_request(-1122, "Invalid symbolStatus.")
    return status


def check_status(market: Instrument, status: str | None, statuses: MarketStatuses) -> None:
    """Raises ApiError where the market has another status than the one that is wanted."""
    if status not in {None, statuses.of(market)}:
        raise bad_request(-1220, "The symbol's status does not match the requested symbolStatus.")


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
    listed = listed_symbols(parameters)
    status = read_status(parameters)
    if symbol is not None and listed is not None:
        raise bad_combination()
    if symbol is not None:
        market = named_market(symbol, instruments)
        check_status(market, status, statuses)
        return Selection(symbols=[symbol], single=True, named=1)
    if listed is None and must_name:
        raise missing_both("symbol", "symbols")
    names = list(instruments) if listed is None else listed
    markets = [named_market(name, instruments) for name in names]
    symbols = [m.symbol for m in markets if status in {None, statuses.of(m)}]
    return Selection(symbols=symbols, single=False, named=0 if listed is None else len(names))
