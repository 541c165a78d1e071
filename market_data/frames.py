"""All frames of one market, each at its stream's speed. Pure."""

from market_data.depth import DepthBook
from market_data.depth_frames import DepthFrames
from market_data.frame_log import Frame
from market_data.told import Told
from market_data.trade_frames import TradeFrames


class MarketFrames:
    """What is due is cut once, and only where something has changed."""

    def __init__(self, book: DepthBook, told: Told) -> None:
        self.depth = DepthFrames(book, told.depth_fast, told.depth_slow)
        self.trades = TradeFrames(book.symbol, told.trade_id)

    @property
    def told(self) -> Told:
        fast, slow = self.depth.told
        return Told(fast, slow, self.trades.told, 0)

    def begin_here(self) -> None:
        """Nobody has been told anything: readers start from what is."""
        self.depth.begin_here()
        self.trades.begin_here()

    def cut(self, now_ms: int) -> list[Frame]:
        return [*self.trades.cut(now_ms), *self.depth.cut(now_ms)]
