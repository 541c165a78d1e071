"""What `/api/v3` answers about markets, field by field. Times in ms, amounts with eight decimals.

Source of the fields: Binance's rest-api.md.
"""

from api.time_unit import in_unit
from contracts.amounts import ZERO, Amount, amount_text
from contracts.amounts import e8_text as text
from contracts.instruments import MILLION, Instrument
from market_data.book_queries import BestPrices
from market_data.intervals import MINUTE_MS
from market_data.records import AggregateTrade, AveragePrice, Candle, RollingFigures, Trade
from market_data.ticker_frames import AVERAGE_MS
from market_data.ticker_payloads import average_e8, change_percent_text, change_text


def trade_row(trade: Trade) -> dict[str, object]:
    """`isBestMatch` says nothing any more and is always true."""
    return {
        "id": trade.trade_id,
        "price": text(trade.price_e8),
        "qty": text(trade.quantity_e8),
        "quoteQty": text(trade.quote_e8),
        "time": trade.at_ms,
        "isBuyerMaker": trade.buyer_is_maker,
        "isBestMatch": True,
    }


def aggregate_row(trade: AggregateTrade) -> dict[str, object]:
    """`f` and `l`: the first and last trade in it; `m`: whether the buyer was the maker."""
    return {
        "a": trade.aggregate_id,
        "p": text(trade.price_e8),
        "q": text(trade.quantity_e8),
        "f": trade.first_id,
        "l": trade.last_id,
        "T": trade.at_ms,
        "m": trade.buyer_is_maker,
        "M": True,
    }


def candle_row(candle: Candle) -> list[object]:
    """Twelve columns by their places; the last is not used."""
    return [
        in_unit(candle.open_ms),
        text(candle.open_e8),
        text(candle.high_e8),
        text(candle.low_e8),
        text(candle.close_e8),
        text(candle.volume_e8),
        in_unit(candle.close_ms + 1) - 1,
        text(candle.quote_e8),
        candle.trades,
        text(candle.taker_volume_e8),
        text(candle.taker_quote_e8),
        "0",
    ]


def day_ticker(figures: RollingFigures) -> dict[str, object]:
    """The last 24 hours in full."""
    return {
        "symbol": figures.symbol,
        **_change(figures),
        "prevClosePrice": text(figures.previous_close_e8),
        "lastPrice": text(figures.last_e8),
        "lastQty": text(figures.last_quantity_e8),
        "bidPrice": text(figures.bid_e8),
        "bidQty": text(figures.bid_quantity_e8),
        "askPrice": text(figures.ask_e8),
        "askQty": text(figures.ask_quantity_e8),
        **_prices(figures),
        **_extent(figures),
    }


def window_ticker(figures: RollingFigures) -> dict[str, object]:
    """Any window in full."""
    return {
        "symbol": figures.symbol,
        **_change(figures),
        **_prices(figures),
        "lastPrice": text(figures.last_e8),
        **_extent(figures),
    }


def mini_ticker(figures: RollingFigures) -> dict[str, object]:
    """Any window in short."""
    return {
        "symbol": figures.symbol,
        **_prices(figures),
        "lastPrice": text(figures.last_e8),
        **_extent(figures),
    }


def _change(figures: RollingFigures) -> dict[str, object]:
    return {
        "priceChange": change_text(figures),
        "priceChangePercent": change_percent_text(figures),
        "weightedAvgPrice": text(average_e8(figures)),
    }


def _prices(figures: RollingFigures) -> dict[str, object]:
    return {
        "openPrice": text(figures.open_e8),
        "highPrice": text(figures.high_e8),
        "lowPrice": text(figures.low_e8),
    }


def _extent(figures: RollingFigures) -> dict[str, object]:
    return {
        "volume": text(figures.volume_e8),
        "quoteVolume": text(figures.quote_e8),
        "openTime": figures.open_ms,
        "closeTime": figures.close_ms,
        "firstId": figures.first_id,
        "lastId": figures.last_id,
        "count": figures.trades,
    }


def window_figures(
    symbol: str, candle: Candle | None, open_ms: int, close_ms: int
) -> RollingFigures:
    """One candle's figures for a ticker without best prices; zeros before the first trade."""
    return RollingFigures(
        symbol=symbol,
        open_ms=open_ms,
        close_ms=close_ms,
        open_e8=candle.open_e8 if candle else 0,
        high_e8=candle.high_e8 if candle else 0,
        low_e8=candle.low_e8 if candle else 0,
        last_e8=candle.close_e8 if candle else 0,
        last_quantity_e8=0,
        previous_close_e8=0,
        volume_e8=candle.volume_e8 if candle else 0,
        quote_e8=candle.quote_e8 if candle else 0,
        first_id=candle.first_id if candle else -1,
        last_id=candle.last_id if candle else -1,
        trades=candle.trades if candle else 0,
        bid_e8=0,
        bid_quantity_e8=0,
        ask_e8=0,
        ask_quantity_e8=0,
    )


def price_row(symbol: str, price: Amount | None) -> dict[str, object]:
    """The last price, zero before the first trade."""
    return {"symbol": symbol, "price": ZERO if price is None else price}


def best_prices_row(best: BestPrices) -> dict[str, object]:
    """Zero where a side is empty."""
    return {
        "symbol": best.symbol,
        "bidPrice": best.bid_price,
        "bidQty": best.bid_quantity,
        "askPrice": best.ask_price,
        "askQty": best.ask_quantity,
    }


def average_price(average: AveragePrice | None) -> dict[str, object]:
    """Zeros before the first trade."""
    return {
        "mins": AVERAGE_MS // MINUTE_MS,
        "price": text(average.price_e8 if average else 0),
        "closeTime": average.last_trade_ms if average else 0,
    }


def execution_rules(instrument: Instrument) -> dict[str, object]:
    """The price band, as parts of the reference price."""
    bands = {
        "bidLimitMultUp": instrument.bid_up_ppm,
        "bidLimitMultDown": instrument.bid_down_ppm,
        "askLimitMultUp": instrument.ask_up_ppm,
        "askLimitMultDown": instrument.ask_down_ppm,
    }
    rule = {name: amount_text(Amount(ppm) / MILLION) for name, ppm in bands.items()}
    return {"symbol": instrument.symbol, "rules": [{"ruleType": "PRICE_RANGE", **rule}]}
