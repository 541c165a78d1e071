"""What a saga asks of the order management system."""

from temporalio import activity

from activities.ports import OrdersPort
from contracts.orders import FinalizeOrder, OrderState, PlaceOrder, PlaceOrderList
from contracts.registration import ListRegistration, Registration, Report


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
    async def register_list(self, order_list: PlaceOrderList) -> ListRegistration:
        """Insert the rows of a list and its orders, or find that the request was here before."""
        return await self._orders.register_list(order_list)

    @activity.defn
    async def read_state(self, order_id: int) -> OrderState | None:
        """The order as its row knows it."""
        return await self._orders.read_state(order_id)

    @activity.defn
    async def finalize_order(self, command: FinalizeOrder) -> None:
        """Send `order.finalize`."""
        await self._orders.finalize(command)
