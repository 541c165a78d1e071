"""What the ledger refuses, as plain facts.

WalletError
├── InsufficientFunds        the balance does not cover the transfer
├── AlreadyReleased          a reserve that comes after its own release
├── AlreadyReserved          a second reserve of one order, under another command
├── InvalidCommand           can never succeed
│   └── ReleaseBehindSettlement   a release that names less than has been settled
├── LedgerBroken             something upstream contradicts the ledger; nobody's wish, a fault
│   ├── UnbalancedTransfer   the postings do not sum to zero
│   ├── BalanceOverflow      beyond DECIMAL(20, 8)
│   └── BadTrade             a trade that its reservations do not cover
├── OffsetMoved              another settlement has been here
├── TradesMissing            the log has lost trades that were not settled
├── SettlementStuck          settlement has not turned for a while; a health check says so
└── WalletSilent             no answer in time: the outcome is unknown
"""


class WalletError(Exception):
    """The wallet cannot do what was asked."""


class InsufficientFunds(WalletError):
    """The balance does not cover the transfer."""


class AlreadyReleased(WalletError):
    """The order's release came first; its reserve must never be made."""


class AlreadyReserved(WalletError):
    """The order has a reservation from another command."""


class InvalidCommand(WalletError):
    """The command can never succeed; nothing was done."""


class ReleaseBehindSettlement(InvalidCommand):
    """The release names fewer filled lots than have been settled: it rests on stale news."""


class LedgerBroken(WalletError):
    """Something upstream contradicts the ledger."""


class UnbalancedTransfer(LedgerBroken):
    """The postings of one transfer do not sum to zero in each currency."""


class BalanceOverflow(LedgerBroken):
    """A balance would leave DECIMAL(20, 8)."""


class BadTrade(LedgerBroken):
    """The trade does not fit the reservations of its two orders."""


class OffsetMoved(WalletError):
    """The stored offset is not the one this batch starts from: another settlement was here."""


class TradesMissing(WalletError):
    """The log skips offsets that were never settled; going on would lose trades silently."""


class SettlementStuck(WalletError):
    """The settlement loop hangs or waits for a server."""


class WalletSilent(WalletError):
    """No answer came in time. The command may have been done; repeat it with the same id."""
