"""The price band of a market: how far from the last price a limit may be. Pure."""

from typing import Final, NamedTuple

from contracts.matching import PriceBand, SetBand

PPM: Final = 1_000_000


class Band(NamedTuple):
    """Multipliers in parts per million; `reference_ticks` stands in until there is a trade."""

    reference_ticks: int
    bid_up_ppm: int
    bid_down_ppm: int
    ask_up_ppm: int
    ask_down_ppm: int

    @classmethod
    def of(cls, command: SetBand) -> "Band | None":
        """The command's band, None where its figures contradict one another."""
        band = cls(
            command.reference_ticks,
            command.bid_up_ppm,
            command.bid_down_ppm,
            command.ask_up_ppm,
            command.ask_down_ppm,
        )
        ordered = band.bid_down_ppm <= band.bid_up_ppm and band.ask_down_ppm <= band.ask_up_ppm
        return band if ordered and min(band) >= 0 else None

    def figures(self) -> PriceBand:
        """The band as events tell it."""
        return PriceBand(**self._asdict())

    def admits(self, price: int, *, is_buy: bool, reference: int) -> bool:
        """Whether a limit of `price` ticks lies in the band around `reference` ticks."""
        if is_buy:
            down, up = self.bid_down_ppm, self.bid_up_ppm
        else:
            down, up = self.ask_down_ppm, self.ask_up_ppm
        return reference * down <= price * PPM <= reference * up
