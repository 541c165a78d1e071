"""What a saga asks of the order management system."""

from temporalio import activity

from activities.ports import OrdersPort
from contracts.orders import FinalizeOrder, PlaceOrder
from contracts.registration import Registration, Report


class OrderActivities:
    def __init__(self, orders: OrdersPort) -> None:
        self._orders = orders

    @activity.defn
    async def register_order(self, order: PlaceOrder) -> Registration:
        """Insert the row, or find that the request was here before."""
        return await self._orders.register(order)

    @activity.defn
    async def record_report(self, report: Report) -> None:
        """Bring the row up to what the engine answered, before the client is answered."""
        await self._orders.record(report)

    @activity.defn
    async def finalize_order(self, command: FinalizeOrder) -> None:
        """Send `order.finalize`."""
        await self._orders.finalize(command)
