"""A deposit: the simulated outside world pays, the wallet credits, once per idempotency key."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.wallet import WalletActivities
    from contracts.funding import Deposit, DepositOutcome, FundingStatus
    from contracts.topology import funding_command_id
    from contracts.wallet import DepositFunds, FundsDeposited
    from workflows.options import STEP


@workflow.defn
class DepositWorkflow:
    @workflow.run
    async def run(self, deposit: Deposit) -> DepositOutcome:
        reply = await workflow.execute_local_activity_method(
            WalletActivities.deposit_funds,
            DepositFunds(
                command_id=funding_command_id(deposit.user_id, "deposit", deposit.idempotency_key),
                user_id=deposit.user_id,
                currency=deposit.currency,
                amount=deposit.amount,
                idempotency_key=deposit.idempotency_key,
                correlation_id=deposit.correlation_id,
            ),
            **STEP,
        )
        if isinstance(reply, FundsDeposited):
            return DepositOutcome(
                status=FundingStatus.COMPLETED,
                currency=reply.currency,
                amount=reply.amount,
                transfer_id=reply.transfer_id,
                available=reply.available,
            )
        return DepositOutcome(
            status=FundingStatus.CONFLICT,
            currency=deposit.currency,
            amount=deposit.amount,
            transfer_id=None,
            available=None,
            detail=reply.detail,
        )
