"""`/api/v3/account`: what the user has and may do."""

from fastapi import APIRouter, Request, Response

from api.calls import signed_call
from api.commissions import rate
from api.documentation import Field, documented
from api.guarded import guarded
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
