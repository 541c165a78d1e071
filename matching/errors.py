"""What can be wrong with matching.

MatchingError
├── MatchingFault: the process must not serve; a restart alone does not help
│   ├── OutputDiverged
│   ├── EntryTooLarge
│   └── LogBroken
├── Fenced: another engine has taken over; a restart would take over from it in turn
├── SnapshotUnusable: this file is no help; an older one may be
├── Replaying: not yet
├── MatchingUnavailable: a client could not hand its command over
└── AnswerWithoutOrder: the engine answered, but not about the order asked for
"""

from typing import Final

FENCED_STATUS: Final = 79
"""Exit status of a process that another engine has fenced off: do not start it again."""


class MatchingError(Exception):
    """Something about matching is wrong."""


class MatchingFault(MatchingError):
    """The engine must not go on."""


class OutputDiverged(MatchingFault):
    """The same command gives another output than the one already published."""


class EntryTooLarge(MatchingFault):
    """One command's entry exceeds what a message may carry."""


class LogBroken(MatchingFault):
    """The input log lacks records: at its beginning, in between, or below what was published."""


class Fenced(MatchingError):
    """Another engine has claimed a partition after this one did."""


class SnapshotUnusable(MatchingError):
    """A snapshot is torn, altered, of another version, or ahead of what was published."""


class Replaying(MatchingError):
    """The engine has not yet read the log to the end that it had at the start."""


class MatchingUnavailable(MatchingError, ConnectionError):
    """The command was not acknowledged by the log. It may still arrive there."""


class AnswerWithoutOrder(MatchingError):
    """The entry that a command caused tells nothing of the command's order."""
