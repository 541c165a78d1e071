"""The one place that names exchanges, queues, topics, keys, task queues, databases and ids."""

from uuid import UUID, uuid5

from contracts.streams import Interval

# --- MySQL: one database a service ---
IDENTITY_DATABASE = "tradeflow_identity"
ORDERS_DATABASE = "tradeflow_orders"
WALLET_DATABASE = "tradeflow_wallet"
DATABASES = (IDENTITY_DATABASE, ORDERS_DATABASE, WALLET_DATABASE)

# --- RabbitMQ: commands ---
COMMANDS_EXCHANGE = "tradeflow.commands"  # direct, durable
DEAD_LETTER_EXCHANGE = "tradeflow.dead"  # fanout, durable
DEAD_LETTER_QUEUE = "tradeflow.dead"
AUDIT_TAP_EXCHANGE = "tradeflow.tap"  # bound to the commands exchange, exchange to exchange
AUDIT_TAP_QUEUE = "audit.tap"
AUDIT_TAP_MAX_LENGTH = 10_000  # the oldest is dropped: a slow audit never blocks commands
DELIVERY_LIMIT = 5

WALLET_RESERVE = "wallet.reserve"
WALLET_RELEASE = "wallet.release"
WALLET_REDUCE = "wallet.reduce"
WALLET_DEPOSIT = "wallet.deposit"
WALLET_WITHDRAW = "wallet.withdraw"
ORDER_FINALIZE = "order.finalize"
IDENTITY_LOCK = "identity.lock"

WALLET_QUEUE = "wallet.commands"
ORDERS_QUEUE = "orders.commands"
COMMAND_QUEUES: dict[str, tuple[str, ...]] = {
    WALLET_QUEUE: (WALLET_RESERVE, WALLET_RELEASE, WALLET_REDUCE, WALLET_DEPOSIT),
    ORDERS_QUEUE: (ORDER_FINALIZE,),
}
"""Queue → the routing keys bound to it."""

# --- Kafka: events ---
PARTITIONS = 10
ORDERS_INCOMING = "orders.incoming"
ORDERS_EVENTS = "orders.events"
TRADES_EXECUTED = "trades.executed"
ORDERBOOK_UPDATES = "orderbook.updates"
WALLET_EVENTS = "wallet.events"
ORDERS_AUDIT = "orders.audit"
IDENTITY_EVENTS = "identity.events"
USER_EVENTS = "user.events"  # what a user's own sockets are told; the rows hold the truth
TOPICS: dict[str, int] = {
    ORDERS_INCOMING: PARTITIONS,
    ORDERS_EVENTS: PARTITIONS,
    TRADES_EXECUTED: PARTITIONS,
    ORDERBOOK_UPDATES: PARTITIONS,
    WALLET_EVENTS: PARTITIONS,
    ORDERS_AUDIT: PARTITIONS,
    IDENTITY_EVENTS: PARTITIONS,
    USER_EVENTS: PARTITIONS,
}
"""Topic → number of partitions. The first four are keyed by symbol, the others by user."""

RELAY_GROUP = "relay"
AUDIT_GROUP = "audit"

# --- Temporal ---
ORDERS_TASK_QUEUE = "orders"
SEARCH_ATTRIBUTES: dict[str, str] = {
    "OrderId": "Keyword",
    "UserId": "Keyword",
    "Symbol": "Keyword",
    "SagaState": "Keyword",
}


# --- Redis ---
def processed_command_key(command_id: UUID) -> str:
    """The reply of a command that has committed: a pre-filter, never the authority."""
    return f"processed:command:{command_id}"


def order_book_key(symbol: str, side: str) -> str:
    """Hash of one side of a book for display: price text → quantity text. Side: bids or asks."""
    return f"orderbook:{symbol}:{side}"


def order_book_meta_key(symbol: str) -> str:
    """Hash with the `book_seq` and `offset` that the display book has reached.

    Also the best prices as texts, zero where a side is empty (`bid_price`, `bid_quantity`,
    `ask_price`, `ask_quantity`), and how far the frames have told (market_data/told.py).
    """
    return f"orderbook:{symbol}:meta"


def last_price_key(symbol: str) -> str:
    return f"price:{symbol}"


def ticker_key(symbol: str) -> str:
    """The last 24 hours in figures: market_data.records.RollingFigures as JSON."""
    return f"ticker:{symbol}:24h"


DISPLAY_FRESH_KEY = "fresh:display"
"""There for as long as the books' copies, last prices and figures may be shown as they are."""


def frames_key(market: str) -> str:
    """Stream of ready-made market data frames, one entry for each moment: name → payload.

    `market` is a symbol, or ALL_MARKETS for frames that tell of several.
    """
    return f"frames:{market}"


ALL_MARKETS = "!"


def stream_states_key(symbol: str) -> str:
    """Hash of the last frame of each of a market's streams that tell a state: name →
    `<id of the entry that held it> <payload>`."""
    return f"frames:{symbol}:states"


def listen_key_key(listen_key: str) -> str:
    """Whose events a listenKey opens: a user id, for as long as the key is valid."""
    return f"listen-key:{listen_key}"


def listen_key_of_user_key(user_id: int) -> str:
    """The one listenKey of a user, for as long as it is valid."""
    return f"listen-key-of:{user_id}"


HISTORY_KEY = "history"
"""Hash of the `generation` and `state` of all that follows: only a `whole` history is read."""


HISTORY_FRESH_KEY = "fresh:history"
"""There for as long as candles and trades may be shown as they are."""


def market_history_key(symbol: str) -> str:
    """Hash: how far one market's history is written, and its candles still open."""
    return f"history:{symbol}"


def candle_series_key(symbol: str, interval: Interval, field: str) -> str:
    """Time series of one figure of one market's closed candles, by their opening time."""
    return f"ticker:{symbol}:{interval}:{field}"


def trades_key(symbol: str) -> str:
    """Stream of one market's newest trades; an entry's id is `<trade id>-<time in ms>`."""
    return f"trades:{symbol}"


def aggregate_trades_key(symbol: str) -> str:
    """Stream of one market's newest aggregate trades; an entry's id is
    `<aggregate id>-<time in ms>`."""
    return f"aggregate-trades:{symbol}"


# --- Ids: `kind:key`, and uuid5 for whatever a retry must repeat ---
_NAMESPACE = UUID("6c4fb0f6-8f0d-4f0e-9c9b-1f2f6f3f7a10")


def order_workflow_id(user_id: int, client_order_id: str) -> str:
    return f"order:{user_id}:{client_order_id}"


def order_list_workflow_id(user_id: int, list_client_order_id: str) -> str:
    """The saga of a list's two orders; they have none of their own."""
    return f"order-list:{user_id}:{list_client_order_id}"


def saga_workflow_id(user_id: int, client_order_id: str, list_client_order_id: str) -> str:
    """Of the saga that drives an order: its own, or that of the list whose leg it is."""
    if list_client_order_id:
        return order_list_workflow_id(user_id, list_client_order_id)
    return order_workflow_id(user_id, client_order_id)


def cancel_all_workflow_id(command_id: UUID) -> str:
    return f"cancel-all:{command_id}"


def deposit_workflow_id(user_id: int, idempotency_key: str) -> str:
    return f"deposit:{user_id}:{idempotency_key}"


def order_command_id(order_id: int, step: str) -> UUID:
    """The id of one step's command of one order: the same in every attempt."""
    return uuid5(_NAMESPACE, f"order:{order_id}:{step}")


def funding_command_id(user_id: int, kind: str, idempotency_key: str) -> UUID:
    return uuid5(_NAMESPACE, f"{kind}:{user_id}:{idempotency_key}")


def market_command_id(symbol: str, step: str) -> UUID:
    """The id of a command about a market; `step` distinguishes one from the next."""
    return uuid5(_NAMESPACE, f"market:{symbol}:{step}")


def transfer_id(reference_type: str, reference: str) -> UUID:
    """The id of the ledger transfer that one command or trade causes."""
    return uuid5(_NAMESPACE, f"transfer:{reference_type}:{reference}")
