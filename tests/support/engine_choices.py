"""What hypothesis may choose from for the engine's commands: few values, so that they meet."""

from hypothesis import strategies as st

from contracts.orders import OrderType, SelfTradePrevention, Side, TimeInForce

A, B = "BTCUSDT", "ETHUSDT"

SYMBOLS = st.sampled_from((A, A, A, A, A, A, B))
SIDES = st.sampled_from(Side)
PRICES = st.integers(1, 12)
DISTANCES = st.integers(0, 4).map(lambda distance: distance or -1)
LOTS = st.integers(1, 9)
USERS = st.integers(1, 3)
MODES = st.sampled_from((SelfTradePrevention.NONE, *SelfTradePrevention))
WAITS = st.sampled_from((0, 0, 0, 1, 1, 2, 5, 40, 200))
BACK = st.integers(-1, 15)  # which order is meant: so many before the last, or not yet there
LIMIT_TERMS = st.sampled_from(
    (
        *[(OrderType.LIMIT, TimeInForce.GTC)] * 4,
        (OrderType.LIMIT, TimeInForce.IOC),
        *[(OrderType.LIMIT, TimeInForce.FOK)] * 2,
        *[(OrderType.LIMIT, TimeInForce.GTD)] * 2,
        (OrderType.LIMIT_MAKER, TimeInForce.GTC),
        (OrderType.MARKET, TimeInForce.GTC),
        (OrderType.MARKET, TimeInForce.IOC),
    )
)
STOP_TERMS = st.sampled_from(
    [
        (kind, when)
        for kind in OrderType
        if kind.conditional
        for when in TimeInForce
        if not kind.takes_any_price or when in (TimeInForce.GTC, TimeInForce.IOC)
    ]
)
TAKER_TERMS = st.sampled_from(
    (
        (OrderType.LIMIT, TimeInForce.GTC),
        (OrderType.LIMIT, TimeInForce.IOC),
        (OrderType.LIMIT, TimeInForce.FOK),
        (OrderType.MARKET, TimeInForce.GTC),
    )
)
# Each a step away from the price (from 3 on an iceberg), lots, user.
MAKERS = st.lists(st.tuples(st.integers(0, 5), LOTS, USERS), min_size=2, max_size=5)
# What one field is changed to, so that an order makes no sense, or only just.
FLAWS = st.sampled_from(
    (
        {"price_ticks": 0},
        {"price_ticks": 10**13},
        {"quantity_lots": 0},
        {"quantity_lots": -1},
        {"quantity_lots": 10**16},
        {"budget_e8": 1},
        {"maker_fee_ppm": 1_000_001},
        {"taker_fee_ppm": -1},
        {"quote_e8": 100},
        {"quote_e8": -100},
        {"stop_ticks": 5},
        {"stop_ticks": -1},
        {"iceberg_lots": 3},
        {"iceberg_lots": -1},
        {"expires_at_ms": 1},
        {"expires_at_ms": -1},
        {"reservation_id": -1},
        {"order_type": OrderType.MARKET, "time_in_force": TimeInForce.FOK},
        {"order_type": OrderType.LIMIT_MAKER, "time_in_force": TimeInForce.IOC},
        {"accepted_at_ms": 0},
        {"symbol": "NOPE"},
    )
)
