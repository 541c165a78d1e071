"""Cancel every order of one user in one market, in one step of the engine.

The engine's answer ends each of them; their own sagas hear of it, give the money back and
finalize. This one only makes sure that the engine is asked, however often it takes.
"""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.matching import MatchingActivities
    from contracts.matching import CancelAllOrders
    from contracts.orders import CancelAllAnswer, CancelAllRequest
    from workflows.options import STEP


@workflow.defn
class CancelAllWorkflow:
    @workflow.run
    async def run(self, request: CancelAllRequest) -> CancelAllAnswer:
        return await workflow.execute_local_activity_method(
            MatchingActivities.cancel_all_orders,
            CancelAllOrders(
                command_id=request.command_id, symbol=request.symbol, user_id=request.user_id
            ),
            **STEP,
        )
