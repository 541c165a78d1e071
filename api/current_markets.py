"""The gateway's markets: the configuration's facts, with the price bands that hold now.

Whoever describes or prices an order takes its market from here, and so follows a band that
operators set. A limit is held to the band by the engine, whatever is known here.
"""

from collections.abc import Awaitable, Callable, Iterator, Mapping

import structlog
from msgspec.structs import replace

from api.looking import keep_looking, read_rows
from contracts.instruments import Instrument, InvalidInstrument
from orders.market_band import MarketBand

log = structlog.get_logger()


class CurrentMarkets(Mapping[str, Instrument]):
    """Symbol → market; bands are at most a second old while the database answers."""

    def __init__(
        self,
        configured: Mapping[str, Instrument],
        bands: Callable[[], Awaitable[Mapping[str, MarketBand]]] | None = None,
    ) -> None:
        self._configured = configured
        self._current = dict(configured)
        self._read = bands
        self._bands: dict[str, MarketBand] = {}

    def __getitem__(self, symbol: str) -> Instrument:
        return self._current[symbol]

    def __iter__(self) -> Iterator[str]:
        return iter(self._current)

    def __len__(self) -> int:
        return len(self._current)

    def configured(self, symbol: str) -> Instrument:
        """The market as the file has it."""
        return self._configured[symbol]

    def operator_set(self, symbol: str) -> bool:
        """Whether an operator's band stands above the configured one."""
        band = self._bands.get(symbol)
        return band is not None and None not in band.figures.values()

    def learn(self, symbol: str, band: MarketBand) -> None:
        """Follow a band of the engine's; what is not newer than what is known changes nothing."""
        known, configured = self._bands.get(symbol), self._configured.get(symbol)
        if configured is None or (known is not None and known.log_offset >= band.log_offset):
            return
        self._bands[symbol] = band
        try:
            self._current[symbol] = _with_band(configured, band)
        except InvalidInstrument as error:  # nobody sets one here: written into the log by hand
            log.error("current_markets.senseless_band", symbol=symbol, error=str(error))

    async def look(self) -> None:
        """Read once. A database that is away leaves what was known."""
        if self._read is None:
            return
        for symbol, band in (await read_rows("current_markets", self._read) or {}).items():
            self.learn(symbol, band)

    async def run(self) -> None:
        """Look again and again, until cancelled."""
        await keep_looking(self.look)


def _with_band(configured: Instrument, band: MarketBand) -> Instrument:
    """The market with an operator's band, or with its own where there is none."""
    figures = {name: ppm for name, ppm in band.figures.items() if ppm is not None}
    return replace(configured, **figures)
