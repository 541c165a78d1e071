"""What the copies need: the whole book first, then only what differs."""

from contracts.matching import BookBatch, BookEntry, BookUpdated, EngineCommand, TradeBatch
from market_data.book_copy import BookChange
from market_data.display import Display
from matching.engine import Engine
from matching.outcome import Outcome
from matching.output import book_entry, trade_entry
from tests.support.engine_commands import SYMBOL, add_symbol, buy, seeded_log, sell

Copy = dict[str, dict[str, str]]


def changes(display: Display) -> list[BookChange]:
    """What each copy needs."""
    return [update.change for update in display.updates(every=True)]


def mark_shown(display: Display) -> None:
    display.mark_written(display.updates(every=True), ())


def price(display: Display) -> str | None:
    (update,) = display.updates(every=True)
    return update.price


def feed(display: Display, engine: Engine, commands: list[EngineCommand]) -> None:
    """Run the commands and show the display their output."""
    for command in commands:
        outcome = engine.apply(command, engine.next_offset, 0)
        updates, trades = book_entry(outcome), trade_entry(outcome)
        if updates is not None:
            display.take_updates(BookBatch(partition=3, entries=(updates,)))
        if trades is not None:
            display.take_trades(TradeBatch(partition=3, entries=(trades,)))


def write(copy: Copy, change: BookChange) -> None:
    """Do to a dict what the store does to Redis."""
    for side, levels in (("bids", change.bids), ("asks", change.asks)):
        if change.follows is None:
            copy[side] = {}
        for price, quantity in levels.items():
            if quantity is None:
                copy[side].pop(price, None)
            else:
                copy[side][price] = quantity


def test_the_first_change_is_the_whole_book_even_where_it_is_empty() -> None:
    (change,) = changes(Display((SYMBOL,)))

    assert change == BookChange(SYMBOL, None, 0, -1, {}, {})


def test_later_changes_hold_only_what_differs() -> None:
    display, engine = Display(()), Engine()
    feed(display, engine, [add_symbol(), buy(1, 100, 5), buy(2, 99, 5)])
    mark_shown(display)

    feed(display, engine, [sell(3, 100, 5), sell(4, 120, 1)])

    assert changes(display) == [
        BookChange(SYMBOL, 2, 4, 4, {"1.00000000": None}, {"1.20000000": "0.00001000"})
    ]
    assert price(display) == "1.00000000"


def test_a_copy_written_change_by_change_equals_one_written_as_a_whole() -> None:
    commands = seeded_log(30, 600)
    display, engine = Display(()), Engine()
    copy: Copy = {}
    for first in range(0, len(commands), 13):
        feed(display, engine, commands[first : first + 13])
        for change in changes(display):
            write(copy, change)
        mark_shown(display)

    display.mark_lost({SYMBOL: (0, 0)})
    (whole,) = changes(display)

    assert whole.follows is None
    assert copy == {"bids": whole.bids, "asks": whole.asks}
    assert whole.bids
    assert whole.asks


def test_an_older_trade_does_not_take_the_price_back() -> None:
    display, engine = Display(()), Engine()
    feed(display, engine, [add_symbol(), sell(1, 100, 1), buy(2, 100, 1), sell(3, 105, 1)])
    old = trade_entry(replay_of([add_symbol(), sell(1, 100, 1), buy(2, 100, 1)]))
    feed(display, engine, [buy(4, 105, 1)])

    assert old is not None
    display.take_trades(TradeBatch(partition=3, entries=(old,)))

    assert price(display) == "1.05000000"


def replay_of(commands: list[EngineCommand]) -> Outcome:
    """The outcome of the last command."""
    engine = Engine()
    return [engine.apply(command, n, 0) for n, command in enumerate(commands)][-1]


def test_a_repeated_batch_changes_nothing() -> None:
    display = Display(())
    entry = BookEntry(
        offset=4,
        at_ms=0,
        hash="",
        update=BookUpdated(symbol=SYMBOL, book_seq=1, bids=((100, 5),), asks=()),
    )
    batch = BookBatch(partition=3, entries=(entry, entry))
    display.take_updates(batch)
    mark_shown(display)

    display.take_updates(batch)

    assert changes(display) == [BookChange(SYMBOL, 1, 1, 4, {}, {})]
