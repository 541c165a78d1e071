"""What operators do to markets: open, halt, resume, set the price band. Pure."""

from msgspec import UNSET, UnsetType

from contracts.amounts import E8
from contracts.matching import (
    AddSymbol,
    BandSet,
    CommandRejected,
    EngineEvent,
    HaltMarket,
    MarketHalted,
    MarketOpened,
    MarketResumed,
    RestoreBand,
    ResumeMarket,
    SetBand,
)
from contracts.orders import Refusal
from matching.bands import Band
from matching.market import Market
from matching.validation import MAX_ORDER_E8


def administer(
    command: AddSymbol | HaltMarket | ResumeMarket | SetBand | RestoreBand,
    markets: dict[str, Market],
) -> EngineEvent:
    """Carry the command out; each may come again and then changes nothing more."""
    symbol = command.symbol
    market = markets.get(symbol)
    if isinstance(command, AddSymbol):
        return _add_symbol(command, markets)
    if market is None:
        refusal = Refusal.UNKNOWN_SYMBOL
        return CommandRejected(symbol=symbol, refusal=refusal, by_user_id=command.by_user_id)
    if isinstance(command, SetBand):
        return _set_band(command, market)
    if isinstance(command, RestoreBand):
        market.hold_band(market.configured_band, operator=None)
        return _band_set(market, command.by_user_id)
    if isinstance(command, HaltMarket):
        market.halted = command.reason
        return MarketHalted(symbol=symbol, reason=command.reason, by_user_id=command.by_user_id)
    market.halted = None
    return MarketResumed(symbol=symbol, by_user_id=command.by_user_id)


def _add_symbol(command: AddSymbol, markets: dict[str, Market]) -> EngineEvent:
    symbol = command.symbol
    market = markets.get(symbol)
    facts = (command.base, command.quote, command.tick_e8, command.lot_e8)
    if market is None:
        sizes = (command.tick_e8, command.lot_e8)
        exact = command.tick_e8 * command.lot_e8 % E8 == 0
        if not exact or min(sizes) <= 0 or max(sizes) > MAX_ORDER_E8:
            return CommandRejected(symbol=symbol, refusal=Refusal.INVALID_ORDER)
        markets[symbol] = Market(symbol, *facts)
    elif (market.base, market.quote, market.tick_e8, market.lot_e8) != facts:
        return CommandRejected(symbol=symbol, refusal=Refusal.INVALID_ORDER)
    return MarketOpened(symbol=symbol)


def _set_band(command: SetBand, market: Market) -> EngineEvent:
    band = Band.of(command)
    if band is None:
        refusal = Refusal.INVALID_ORDER
        return CommandRejected(
            symbol=command.symbol, refusal=refusal, by_user_id=command.by_user_id
        )
    if command.by_operator:
        market.hold_band(market.configured_band, operator=band)
    else:
        market.hold_band(band, operator=market.operator_band)
    return _band_set(market, command.by_user_id)


def _band_set(market: Market, by_user_id: int | UnsetType) -> BandSet:
    band = UNSET if market.operator_band is None else market.operator_band.figures()
    return BandSet(symbol=market.symbol, operator_band=band, by_user_id=by_user_id)
