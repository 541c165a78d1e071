"""What can be wrong with market data."""


class MarketDataError(Exception):
    """Something about market data is wrong."""


class DepthGap(MarketDataError):
    """An update does not follow the one before: the log lacks records."""


class MarketDataUnavailable(MarketDataError):
    """What was asked for is not there, or not yet rebuilt."""


class DepthUnavailable(MarketDataUnavailable):
    """The display copy of this book is not there, or not yet rebuilt."""


class DisplayBehind(MarketDataError):
    """The display copies do not yet show what the log tells."""


class HistoryLost(MarketDataError):
    """The written history is not what it was: Redis was emptied, or went back in time."""


class HistoryUnavailable(MarketDataUnavailable):
    """Candles and trades are being rebuilt, and not readable yet."""


class CheckpointUnusable(MarketDataError):
    """A checkpoint is torn, of another version, or of another log."""
