"""`/api/v3`: what the user has, may do, pays, and has used of the limits."""

from fastapi import APIRouter, Request, Response

from api.calls import signed_call
from api.commissions import account_commission, rate
from api.documentation import SYMBOL, Field, documented
from api.exchange_info import order_limits
from api.guarded import guarded
from api.parameters import known_symbol
from api.responses import json_response

PPM_PER_BASIS_POINT = 100

router = APIRouter(prefix="/api/v3", tags=["account"])


@router.get(
    "/account",
    **documented(
        "Balances and permissions",
        Field("omitZeroBalances", "false", "Leave out what the user has nothing of."),
        signed=True,
        example={
            "makerCommission": 10,
            "takerCommission": 10,
            "buyerCommission": 0,
            "sellerCommission": 0,
            "commissionRates": {
                "maker": "0.00100000",
                "taker": "0.00100000",
                "buyer": "0.00000000",
                "seller": "0.00000000",
            },
            "canTrade": True,
            "canWithdraw": False,
            "canDeposit": True,
            "brokered": False,
            "requireSelfTradePrevention": False,
            "preventSor": False,
            "updateTime": 1767225600000,
            "accountType": "SPOT",
            "balances": [{"asset": "BTC", "free": "1.00000000", "locked": "0.50000000"}],
            "permissions": ["SPOT"],
            "uid": 7,
        },
        error=(-1021, "Timestamp for this request is outside of the recvWindow."),
    ),
)
async def account(request: Request) -> Response:
    """The user's balances: free is available, locked is reserved by open orders."""
    call = await signed_call(request, 20)
    omit_zero = call.parameters.flag("omitZeroBalances")
    call.parameters.finish()
    dependencies = call.dependencies
    balances = await guarded(
        dependencies.breakers.wallet, dependencies.wallet.balances, call.user_id
    )
    markets = dependencies.instruments.values()
    maker_ppm = max((m.maker_fee_ppm for m in markets), default=0)
    taker_ppm = max((m.taker_fee_ppm for m in markets), default=0)
    return json_response(
        {
            "makerCommission": maker_ppm // PPM_PER_BASIS_POINT,
            "takerCommission": taker_ppm // PPM_PER_BASIS_POINT,
            "buyerCommission": 0,
            "sellerCommission": 0,
            "commissionRates": {
                "maker": rate(maker_ppm),
                "taker": rate(taker_ppm),
                "buyer": rate(0),
                "seller": rate(0),
            },
            "canTrade": call.can_trade,
            "canWithdraw": False,
            "canDeposit": dependencies.settings.demo_faucet,
            "brokered": False,
            "requireSelfTradePrevention": False,
            "preventSor": False,
            "updateTime": dependencies.clock_ms(),
            "accountType": "SPOT",
            "balances": [
                {"asset": b.currency, "free": b.available, "locked": b.reserved}
                for b in balances
                if b.available or b.reserved or not omit_zero
            ],
            "permissions": ["SPOT"],
            "uid": call.user_id,
        }
    )


_NO_RATES = {
    "maker": "0.00000000",
    "taker": "0.00000000",
    "buyer": "0.00000000",
    "seller": "0.00000000",
}


@router.get(
    "/account/commission",
    **documented(
        "Commission rates of a market",
        SYMBOL,
        signed=True,
        example={
            "symbol": "BTCUSDT",
            "standardCommission": {**_NO_RATES, "maker": "0.00100000", "taker": "0.00100000"},
            "specialCommission": _NO_RATES,
            "taxCommission": _NO_RATES,
            "discount": {
                "enabledForAccount": False,
                "enabledForSymbol": False,
                "discountAsset": "USDT",
                "discount": "0.00000000",
            },
        },
    ),
)
async def commission(request: Request) -> Response:
    """What the user pays in one market, as a fraction of what a trade brings in."""
    call = await signed_call(request, 20)
    instruments = call.dependencies.instruments
    symbol = known_symbol(call.parameters, instruments)
    call.parameters.finish()
    return json_response(account_commission(instruments[symbol]))


@router.get(
    "/rateLimit/order",
    **documented(
        "New orders counted against the limits",
        signed=True,
        example=[
            {
                "rateLimitType": "ORDERS",
                "interval": "SECOND",
                "intervalNum": 10,
                "limit": 100,
                "count": 2,
            },
            {
                "rateLimitType": "ORDERS",
                "interval": "DAY",
                "intervalNum": 1,
                "limit": 200000,
                "count": 57,
            },
        ],
        error=(-1021, "Timestamp for this request is outside of the recvWindow."),
    ),
)
async def order_counts(request: Request) -> Response:
    """How many orders the user has placed in the present ten seconds, and on this day."""
    call = await signed_call(request, 40)
    call.parameters.finish()
    dependencies = call.dependencies
    counts = await dependencies.rate_limits.used(call.order_windows(0))
    limits = order_limits(dependencies.settings)
    return json_response(
        [{**limit, "count": count} for limit, count in zip(limits, counts, strict=True)]
    )
