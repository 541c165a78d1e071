"""Request and response models of `/v1`. Unknown fields are refused; amounts are text."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr

from contracts.amounts import Amount, InvalidAmount

USERNAME = r"^[a-z0-9][a-z0-9._-]{2,31}$"


def _plain_amount(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("an amount is a string, so that no digit is lost")
    try:
        return str(Amount(value))
    except InvalidAmount as error:
        raise ValueError("not a plain decimal number with at most 8 decimals") from error


AmountText = Annotated[
    str, BeforeValidator(_plain_amount), Field(examples=["1000.00000000"], max_length=21)
]


class Model(BaseModel):
    """The base of all models here."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Registration(Model):
    username: Annotated[str, Field(pattern=USERNAME, examples=["ada"])]
    password: Annotated[
        SecretStr, Field(min_length=10, max_length=128, examples=["correct horse battery"])
    ]


class User(Model):
    user_id: Annotated[int, Field(examples=[7])]
    username: Annotated[str, Field(examples=["ada"])]


class Tokens(Model):
    """OAuth2's answer to a grant."""

    access_token: Annotated[str, Field(examples=["eyJhbGciOiJIUzI1NiIs…"])]
    refresh_token: Annotated[str, Field(examples=["Qk5vY2tfY2F0X2lzX2hlcmU"])]
    token_type: Annotated[str, Field(examples=["bearer"])] = "bearer"  # noqa: S105  a kind, no secret
    expires_in: Annotated[int, Field(description="Seconds.", examples=[900])]


class ApiKeyRequest(Model):
    label: Annotated[str, Field(min_length=1, max_length=64, examples=["my bot"])]
    can_trade: bool = True


class ApiKeyInfo(Model):
    api_key: Annotated[str, Field(examples=["k" * 64])]
    label: Annotated[str, Field(examples=["my bot"])]
    can_trade: bool
    created_at_ms: Annotated[int, Field(examples=[1767225600000])]


class ApiKeyWithSecret(ApiKeyInfo):
    secret: Annotated[str, Field(description="Shown now and never again.", examples=["s" * 64])]


class DepositRequest(Model):
    currency: Annotated[str, Field(pattern=r"^[A-Z0-9]{2,10}$", examples=["USDT"])]
    amount: AmountText


class DepositDone(Model):
    transfer_id: Annotated[str, Field(examples=["5f6a0c7e-6a55-5d0f-8a6c-0d4f1d1d2c3b"])]
    currency: Annotated[str, Field(examples=["USDT"])]
    amount: AmountText
    available: AmountText


class BalanceInfo(Model):
    currency: Annotated[str, Field(examples=["USDT"])]
    available: AmountText
    reserved: AmountText


class LedgerLine(Model):
    posting_id: Annotated[int, Field(examples=[1042])]
    transfer_id: Annotated[str, Field(examples=["5f6a0c7e-6a55-5d0f-8a6c-0d4f1d1d2c3b"])]
    currency: Annotated[str, Field(examples=["USDT"])]
    account: Annotated[str, Field(examples=["AVAILABLE"])]
    amount: AmountText
    reference_type: Annotated[str, Field(examples=["DEPOSIT"])]
    reference_id: Annotated[str, Field(examples=["first-deposit"])]
    at_ms: Annotated[int, Field(examples=[1767225600000])]


class OrderInfo(Model):
    order_id: Annotated[int, Field(examples=[288230376151711744])]
    client_order_id: Annotated[str, Field(examples=["my-order-1"])]
    symbol: Annotated[str, Field(examples=["BTCUSDT"])]
    side: Annotated[Literal["BUY", "SELL"], Field(examples=["BUY"])]
    type: Annotated[str, Field(examples=["LIMIT"])]
    time_in_force: Annotated[str, Field(examples=["GTC"])]
    price: AmountText
    quantity: AmountText
    filled_quantity: AmountText
    filled_quote: AmountText
    quote_quantity: AmountText
    stop_price: AmountText
    iceberg_quantity: AmountText
    self_trade_prevention: Annotated[str, Field(examples=["NONE"])]
    expires_at_ms: Annotated[int, Field(description="0 without a good-till date.", examples=[0])]
    list_id: Annotated[int, Field(description="0 outside an order list.", examples=[0])]
    status: Annotated[str, Field(examples=["OPEN"])]
    refusal: Annotated[str | None, Field(examples=[None])]
    expiry: Annotated[str | None, Field(examples=[None])]
    created_at_ms: Annotated[int, Field(examples=[1767225600000])]
    updated_at_ms: Annotated[int, Field(examples=[1767225600000])]


class SagaStepInfo(Model):
    name: Annotated[str, Field(examples=["reserve_funds"])]
    at_ms: Annotated[int, Field(examples=[1767225600000])]
    detail: str = ""


class SagaInfo(Model):
    """A leg is driven by its list's saga, which has the list's id as `order_id`."""

    order_id: Annotated[int, Field(examples=[288230376151711744])]
    workflow_id: Annotated[
        str, Field(description="In Temporal's web UI.", examples=["order:7:my-order-1"])
    ]
    state: Annotated[str, Field(examples=["MATCHING_SUBMITTED"])]
    status: Annotated[str, Field(examples=["OPEN"])]
    steps: list[SagaStepInfo]


class FoundSaga(Model):
    """A saga as Temporal's search attributes tell it; `closed_at_ms` is 0 while it runs."""

    workflow_id: Annotated[str, Field(examples=["order:7:my-order-1"])]
    order_id: Annotated[str, Field(examples=["244506576072704"])]
    user_id: Annotated[str, Field(examples=["7"])]
    symbol: Annotated[str, Field(examples=["BTCUSDT"])]
    state: Annotated[str, Field(examples=["MATCHING_SUBMITTED"])]
    status: Annotated[str, Field(description="The workflow's.", examples=["RUNNING"])]
    started_at_ms: Annotated[int, Field(examples=[1767225600000])]
    closed_at_ms: Annotated[int, Field(examples=[0])]


class AuditLineInfo(Model):
    """One action. `id` is its place in the log; the exchange's own actions have no user."""

    id: Annotated[str, Field(examples=["orders.events:3:1042:0"])]
    at_ms: Annotated[int, Field(examples=[1767225600000])]
    user_id: str | None
    ip: str | None
    session_id: str | None
    action: Annotated[str, Field(examples=["ORDER_REJECTED"])]
    resource_type: Annotated[str, Field(examples=["order"])]
    resource_id: Annotated[str, Field(examples=["244506576072704"])]
    outcome: Annotated[str, Field(examples=["FAILURE"])]
    payload: dict[str, Any]


class ChainHead(Model):
    """The newest record of a hash chain. Keep it: a later one that is lower was cut off."""

    source: Annotated[str, Field(examples=["orders.events:3"])]
    position: Annotated[int, Field(description="Counted from 1.", examples=[1042])]
    hash: Annotated[str, Field(examples=["9" * 64])]


class ChainBreak(Model):
    """Where a chain does not hold."""

    source: Annotated[str, Field(examples=["orders.events:3"])]
    position: Annotated[int, Field(description="The first that does not hold.", examples=[1042])]
    id: Annotated[str, Field(description="What stands there.", examples=["orders.events:3:8:0"])]
    what: Annotated[Literal["position", "source", "previous", "hash"], Field(examples=["hash"])]
    expected: Annotated[str, Field(examples=["9" * 64])]
    found: Annotated[str, Field(examples=["8" * 64])]


class ChainCheck(Model):
    """One page of a verification."""

    records: Annotated[int, Field(description="So many of this page hold.", examples=[500])]
    ended: Annotated[ChainHead | None, Field(description="The chain that this page ends.")]
    broken: ChainBreak | None
    next: Annotated[
        str | None,
        Field(
            description="Send it as `after` to go on; null when all chains are verified, or one"
            " is broken.",
            examples=["orders.events:3:1042:" + "9" * 64],
        ),
    ]
    without_hash: Annotated[
        int | None,
        Field(
            description="With the last page: records in no chain, because they were written"
            " before there were chains, or by somebody else;"
            " null where they cannot be counted in time.",
            examples=[0],
        ),
    ]


class HaltRequest(Model):
    reason: Annotated[str, Field(min_length=1, max_length=200, examples=["Maintenance."])]


class ComponentInfo(Model):
    name: Annotated[str, Field(examples=["mysql"])]
    status: Annotated[Literal["ok", "down"], Field(examples=["ok"])]
    latency_ms: Annotated[float | None, Field(examples=[1.2])]
    detail: Annotated[str | None, Field(examples=[None])]


class HealthInfo(Model):
    status: Annotated[Literal["ok", "degraded", "down"], Field(examples=["ok"])]
    version: Annotated[str, Field(examples=["0.1.0"])]
    time: Annotated[str, Field(examples=["2026-01-01T00:00:00.000+00:00"])]
    temporal_ui: Annotated[str, Field(examples=["http://127.0.0.1:8233"])]
    components: list[ComponentInfo]
