"""Every activity: what a worker of the sagas can run."""

from collections.abc import Callable
from typing import Any

from activities.accepting import AcceptingActivities
from activities.matching import MatchingActivities
from activities.orders import OrderActivities
from activities.ports import MatchingPort, OrdersPort, WalletPort
from activities.wallet import WalletActivities


def saga_activities(
    orders: OrdersPort, wallet: WalletPort, matching: MatchingPort
) -> list[Callable[..., Any]]:
    """The activities of the sagas, with these partners."""
    of_orders = OrderActivities(orders)
    of_wallet = WalletActivities(wallet)
    of_matching = MatchingActivities(matching)
    return [
        AcceptingActivities(of_orders, of_wallet, of_matching).accept_order,
        of_orders.register_order,
        of_orders.register_list,
        of_orders.record_report,
        of_orders.read_state,
        of_orders.finalize_order,
        of_wallet.reserve_funds,
        of_wallet.release_funds,
        of_wallet.reduce_reservation,
        of_wallet.deposit_funds,
        of_matching.submit_order,
        of_matching.submit_list,
        of_matching.cancel_order,
        of_matching.cancel_all_orders,
        of_matching.amend_order,
    ]
