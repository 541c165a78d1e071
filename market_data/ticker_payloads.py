"""Binance's payloads of rolling figures, as JSON text. Times in ms, amounts with eight decimals.

Source of the fields: Binance's web-socket-streams.md. `E` is when the event was made.
"""

from typing import Any, Final

from contracts.amounts import E8
from contracts.amounts import e8_text as text
from market_data.payloads import json_text
from market_data.records import RollingFigures

AVERAGE_OF: Final = "5m"


def pulse(now_ms: int) -> str:
    return json_text({"e": "pulse", "E": now_ms})


def mini_ticker(figures: RollingFigures, now_ms: int) -> str:
    return json_text(
        {
            "e": "24hrMiniTicker",
            "E": now_ms,
            "s": figures.symbol,
            "c": text(figures.last_e8),
            "o": text(figures.open_e8),
            "h": text(figures.high_e8),
            "l": text(figures.low_e8),
            "v": text(figures.volume_e8),
            "q": text(figures.quote_e8),
        }
    )


def ticker(figures: RollingFigures, now_ms: int) -> str:
    """Of the last 24 hours. `x` is the price before them, `P` a percentage with 3 decimals."""
    return json_text(
        {
            "e": "24hrTicker",
            "E": now_ms,
            "s": figures.symbol,
            **_change(figures),
            "w": text(average_e8(figures)),
            "x": text(figures.previous_close_e8),
            "c": text(figures.last_e8),
            "Q": text(figures.last_quantity_e8),
            "b": text(figures.bid_e8),
            "B": text(figures.bid_quantity_e8),
            "a": text(figures.ask_e8),
            "A": text(figures.ask_quantity_e8),
            **_prices(figures),
            **_extent(figures),
        }
    )


def window_ticker(figures: RollingFigures, window: str, now_ms: int) -> str:
    """Of a window of `1h`, `4h` or `1d`."""
    return json_text(
        {
            "e": f"{window}Ticker",
            "E": now_ms,
            "s": figures.symbol,
            **_change(figures),
            **_prices(figures),
            "c": text(figures.last_e8),
            "w": text(average_e8(figures)),
            **_extent(figures),
        }
    )


def average_price(symbol: str, price_e8: int, last_trade_ms: int, now_ms: int) -> str:
    return json_text(
        {
            "e": "avgPrice",
            "E": now_ms,
            "s": symbol,
            "i": AVERAGE_OF,
            "w": text(price_e8),
            "T": last_trade_ms,
        }
    )


def reference_price(symbol: str, price_e8: int, at_ms: int) -> str:
    """The price that the band is measured from, and when there last was a trade at it."""
    return json_text({"e": "referencePrice", "s": symbol, "r": text(price_e8), "t": at_ms})


def average_e8(figures: RollingFigures) -> int:
    """Quote over base volume, rounded down; 0 without a trade."""
    return figures.quote_e8 * E8 // figures.volume_e8 if figures.volume_e8 else 0


def change_text(figures: RollingFigures) -> str:
    """The last price less the first, with its sign."""
    change = figures.last_e8 - figures.open_e8
    return f"{'-' if change < 0 else ''}{text(abs(change))}"


def change_percent_text(figures: RollingFigures) -> str:
    """The same in percent of the first price, rounded to three decimals."""
    if not figures.open_e8:
        return "0.000"
    change = figures.last_e8 - figures.open_e8
    thousandths = (abs(change) * 200_000 + figures.open_e8) // (2 * figures.open_e8)
    sign = "-" if change < 0 and thousandths else ""
    return f"{sign}{thousandths // 1_000}.{thousandths % 1_000:03d}"


def _change(figures: RollingFigures) -> dict[str, Any]:
    return {"p": change_text(figures), "P": change_percent_text(figures)}


def _prices(figures: RollingFigures) -> dict[str, Any]:
    return {
        "o": text(figures.open_e8),
        "h": text(figures.high_e8),
        "l": text(figures.low_e8),
    }


def _extent(figures: RollingFigures) -> dict[str, Any]:
    """How much was traded, in which span, by which trades."""
    return {
        "v": text(figures.volume_e8),
        "q": text(figures.quote_e8),
        "O": figures.open_ms,
        "C": figures.close_ms,
        "F": figures.first_id,
        "L": figures.last_id,
        "n": figures.trades,
    }
