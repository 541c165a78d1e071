"""`/api/v3`: how far from which price orders may trade."""

from fastapi import APIRouter, Request, Response

from api.calls import public_call
from api.documentation import OPTIONAL_SYMBOL, SYMBOL, Field, documented
from api.errors import bad_combination, bad_request
from api.market_payloads import execution_rules
from api.market_reads import market_of, read
from api.market_selection import Selection, select
from api.responses import json_response
from contracts.amounts import e8_text

WEIGHT = 2
ALL_WEIGHT = 40

router = APIRouter(prefix="/api/v3", tags=["market data"])


@router.get(
    "/executionRules",
    **documented(
        "The price bands",
        OPTIONAL_SYMBOL,
        Field("symbols", '["BTCUSDT","ETHUSDT"]', "Several, as a JSON array."),
        Field("symbolStatus", "TRADING", "Only markets of this status."),
        example={
            "symbolRules": [
                {
                    "symbol": "BTCUSDT",
                    "rules": [
                        {
                            "ruleType": "PRICE_RANGE",
                            "bidLimitMultUp": "1.10000000",
                            "bidLimitMultDown": "0.20000000",
                            "askLimitMultUp": "5.00000000",
                            "askLimitMultDown": "0.90000000",
                        }
                    ],
                }
            ]
        },
    ),
)
async def rules(request: Request) -> Response:
    """As parts of the reference price; PERCENT_PRICE_BY_SIDE holds orders to the same."""
    call = await public_call(request, WEIGHT)
    names = ("symbol", "symbols", "symbolStatus")
    if sum(call.parameters.text(name) is not None for name in names) > 1:
        raise bad_combination()
    instruments = call.dependencies.instruments
    selection = select(call.parameters, instruments, call.dependencies.market_statuses)
    await call.charge(rules_weight(selection) - WEIGHT)
    call.parameters.finish()
    return json_response(
        {"symbolRules": [execution_rules(instruments[symbol]) for symbol in selection.symbols]}
    )


def rules_weight(selection: Selection) -> int:
    return min(WEIGHT * selection.named, ALL_WEIGHT) if selection.named else ALL_WEIGHT


@router.get(
    "/referencePrice",
    **documented(
        "The price that bands are measured from",
        SYMBOL,
        example={
            "symbol": "BTCUSDT",
            "referencePrice": "60000.00000000",
            "timestamp": 1767225600000,
        },
        error=(-2043, "This symbol doesn't have a reference price."),
    ),
)
async def reference_price(request: Request) -> Response:
    """The last price, and since when it is that; none before the first trade."""
    call = await public_call(request, WEIGHT)
    symbol = market_of(call)
    call.parameters.finish()
    newest = await read(call, call.dependencies.market_data.trades, symbol, from_id=None, limit=1)
    if not newest:
        raise bad_request(-2043, "This symbol doesn't have a reference price.")
    return json_response(
        {
            "symbol": symbol,
            "referencePrice": e8_text(newest[0].price_e8),
            "timestamp": newest[0].at_ms,
        }
    )
