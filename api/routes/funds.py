"""`/v1`: bring play money in, see balances and the ledger."""

from typing import Annotated

from fastapi import APIRouter, Header, Query, Request

from api.bearer import CurrentCaller
from api.dependencies import correlation_id_of, dependencies_of
from api.documentation import errors
from api.errors import ApiError, bad_request
from api.guarded import guarded
from api.schemas import BalanceInfo, DepositDone, DepositRequest, LedgerLine
from contracts.amounts import ZERO, Amount
from contracts.funding import Deposit, FundingStatus

CURRENCY = r"^[A-Z0-9]{2,10}$"
IDEMPOTENCY_KEY = r"^[A-Za-z0-9_.:-]{1,64}$"

router = APIRouter(prefix="/v1", tags=["funds"])


@router.post(
    "/deposits",
    status_code=201,
    summary="Deposit (faucet)",
    responses=errors(
        (400, -9010, "At most 1000000 USDT a request."),
        (409, -9003, "This Idempotency-Key was used for another deposit."),
        (429, -9010, "The faucet has given all it gives a day of USDT."),
        (504, -1007, "Timeout waiting for response from backend server."),
    ),
)
async def deposit(
    request: Request,
    body: DepositRequest,
    caller: CurrentCaller,
    idempotency_key: Annotated[
        str, Header(pattern=IDEMPOTENCY_KEY, examples=["first-deposit"], alias="Idempotency-Key")
    ],
) -> DepositDone:
    """The same key with the same body is one deposit, however often it is sent."""
    dependencies = dependencies_of(request)
    amount = Amount(body.amount)
    if amount <= ZERO:
        raise bad_request(-9010, "An amount must be positive.")
    await dependencies.faucet.admit(caller.user_id, body.currency, amount, idempotency_key)
    outcome = await dependencies.sagas.deposit(
        Deposit(
            user_id=caller.user_id,
            currency=body.currency,
            amount=amount,
            idempotency_key=idempotency_key,
            correlation_id=correlation_id_of(request),
        )
    )
    if outcome.status is FundingStatus.CONFLICT:
        raise ApiError(409, -9003, "This Idempotency-Key was used for another deposit.")
    if outcome.status is not FundingStatus.COMPLETED:
        raise bad_request(-9004, "This deposit cannot be made.")
    return DepositDone(
        transfer_id=str(outcome.transfer_id),
        currency=outcome.currency,
        amount=str(outcome.amount),
        available=str(outcome.available if outcome.available is not None else ZERO),
    )


@router.get("/balances", summary="Balances")
async def balances(request: Request, caller: CurrentCaller) -> list[BalanceInfo]:
    """What is available, and what open orders have reserved."""
    dependencies = dependencies_of(request)
    found = await guarded(
        dependencies.breakers.wallet, dependencies.wallet.balances, caller.user_id
    )
    return [
        BalanceInfo(currency=b.currency, available=str(b.available), reserved=str(b.reserved))
        for b in found
    ]


@router.get("/ledger", summary="Ledger statement")
async def ledger(
    request: Request,
    caller: CurrentCaller,
    currency: Annotated[str | None, Query(pattern=CURRENCY)] = None,
    before_id: Annotated[int | None, Query(ge=1, le=2**63 - 1)] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> list[LedgerLine]:
    """Postings on the user's accounts, newest first; page with `before_id`."""
    dependencies = dependencies_of(request)
    lines = await guarded(
        dependencies.breakers.wallet,
        dependencies.wallet.statement,
        caller.user_id,
        currency=currency,
        before_posting_id=before_id,
        limit=limit,
    )
    return [
        LedgerLine(
            posting_id=line.posting_id,
            transfer_id=str(line.transfer_id),
            currency=line.currency,
            account=line.account,
            amount=str(line.amount),
            reference_type=line.reference_type,
            reference_id=line.reference_id,
            at_ms=line.at_ms,
        )
        for line in lines
    ]
