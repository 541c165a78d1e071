"""Records the golden histories: every path of the sagas, on the real servers.

    python -m tests.replay.record

Run it when a path is new, with the names of the new ones; without names it records all. Old
histories stay, also those of saga shapes that no new order has (`place_order__*` accepted in
four steps, `place_order_2__*` in one): they are what running sagas look like, and new code must
replay them.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from uuid import uuid4

from temporalio.client import Client

from adapters import kafka, temporal
from api.sagas import TemporalSagas
from config.markets import load_markets
from contracts.amounts import ZERO, Amount
from contracts.carried import CarriedOrder
from contracts.funding import Deposit
from contracts.ids import OrderIdAllocator
from contracts.matching import HaltMarket, ResumeMarket
from contracts.orders import (
    AmendRequest,
    CancelAllRequest,
    CancelRequest,
    OrderState,
    OrderType,
    PlaceOrder,
    PlaceOrderList,
    SagaState,
    SagaStep,
    SelfTradePrevention,
    Side,
    TimeInForce,
)
from contracts.topology import (
    ORDERS_TASK_QUEUE,
    cancel_all_workflow_id,
    deposit_workflow_id,
    order_list_workflow_id,
    order_workflow_id,
)
from matching.client import MatchingClient
from stack.platform import Platform
from stack.workers import WORKERS
from tests.support.orders import place_list, place_order
from workflows.place_order import PlaceOrderWorkflow

HISTORIES = Path(__file__).with_name("histories")
BUYER, SELLER, PAUPER = 1, 2, 3
ANSWER_TIMEOUT_S = 60.0


class Recorder:
    """Provokes each path and keeps its history."""

    def __init__(self, platform: Platform, client: Client, matching: MatchingClient) -> None:
        self.platform = platform
        self.client = client
        self.matching = matching
        self.sagas = TemporalSagas(client, ANSWER_TIMEOUT_S)
        self._ids = OrderIdAllocator(7)

    def limit(
        self, user: int, side: Side, price: str, quantity: str, **changes: object
    ) -> PlaceOrder:
        market = load_markets()["BTCUSDT"]
        order_id = self._ids.allocate()
        buys = side is Side.BUY
        cost = Amount(Amount(price) * Amount(quantity))
        values: dict[str, object] = {
            "order_id": order_id,
            "user_id": user,
            "client_order_id": f"golden-{order_id}",
            "side": side,
            "price": Amount(price),
            "quantity": Amount(quantity),
            "price_ticks": market.price_ticks(Amount(price)),
            "quantity_lots": market.quantity_lots(Amount(quantity)),
            "reserve_currency": "USDT" if buys else "BTC",
            "reserve_amount": cost if buys else Amount(quantity),
            "accepted_at_ms": time.time_ns() // 1_000_000,
        }
        return place_order(**(values | changes))

    async def fund(self) -> None:
        for user, currency in ((BUYER, "USDT"), (SELLER, "BTC"), (BUYER, "BTC")):
            deposit = Deposit(
                user_id=user,
                currency=currency,
                amount=Amount("100000"),
                idempotency_key=f"golden-{currency}",
                correlation_id="golden",
            )
            await self.sagas.deposit(deposit)
        await self._keep("deposit__completed", deposit_workflow_id(BUYER, "golden-USDT"))

    async def filled_at_once(self) -> None:
        await self.sagas.place(self.limit(SELLER, Side.SELL, "100", "1"))
        order = self.limit(BUYER, Side.BUY, "101", "1")
        await self.sagas.place(order)
        await self._keep_order("filled_at_once", order)

    async def resting_then_filled(self) -> None:
        order = self.limit(BUYER, Side.BUY, "100", "1")
        await self.sagas.place(order)
        for _ in range(2):
            await self.sagas.place(self.limit(SELLER, Side.SELL, "100", "0.5"))
        await self._keep_order("resting_then_filled", order)

    async def partially_filled_then_cancelled(self) -> None:
        await self.sagas.place(self.limit(SELLER, Side.SELL, "100", "0.25"))
        order = self.limit(BUYER, Side.BUY, "100", "1")
        await self.sagas.place(order)
        await self.sagas.cancel(order.user_id, order.client_order_id, _cancel(order))
        await self._keep_order("partially_filled_then_cancelled", order)

    async def no_funds(self) -> None:
        order = self.limit(PAUPER, Side.BUY, "100", "1")
        await self.sagas.place(order)
        await self._keep_order("no_funds", order)

    async def halted_market(self) -> None:
        await self.matching.send(
            HaltMarket(command_id=uuid4(), symbol="BTCUSDT", reason="golden"), 10
        )
        order = self.limit(BUYER, Side.BUY, "100", "1")
        await self.sagas.place(order)
        await self.matching.send(ResumeMarket(command_id=uuid4(), symbol="BTCUSDT"), 10)
        await self._keep_order("halted_market_compensated", order)

    async def duplicate_request(self) -> None:
        await self.sagas.place(self.limit(SELLER, Side.SELL, "100", "1"))
        first = self.limit(BUYER, Side.BUY, "100", "1")
        await self.sagas.place(first)
        await self._keep_order("duplicate_first", first)
        second = place_order(
            **{name: getattr(first, name) for name in first.__struct_fields__}
            | {"order_id": self._ids.allocate()}
        )
        await self.sagas.place(second)
        await self._keep_order("duplicate_answered_by_row", second)

    async def wallet_down_then_back(self) -> None:
        order = self.limit(BUYER, Side.BUY, "50", "1")
        self.platform.pause("wallet")
        placing = asyncio.create_task(self.sagas.place(order))
        await asyncio.wait([placing], timeout=8)
        self.platform.resume("wallet")
        await placing
        await self.sagas.cancel(order.user_id, order.client_order_id, _cancel(order))
        await self._keep_order("wallet_down_then_back", order)

    async def silent_engine(self) -> None:
        order = self.limit(BUYER, Side.BUY, "50", "1")
        self.platform.pause("matching")
        placing = asyncio.create_task(self.sagas.place(order))
        await asyncio.wait([placing], timeout=36)
        self.platform.resume("matching")
        await placing
        await self._keep_order("engine_silent_then_cancelled", order)

    async def rejected_by_the_engine(self) -> None:
        order = self.limit(BUYER, Side.BUY, "100", "1", order_type=OrderType.LIMIT_MAKER)
        await self.sagas.place(self.limit(SELLER, Side.SELL, "100", "1"))
        await self.sagas.place(order)
        await self._keep_order("would_take_compensated", order)
        await self._clear(SELLER)

    async def immediate_or_cancel(self) -> None:
        await self.sagas.place(self.limit(SELLER, Side.SELL, "100", "0.4"))
        order = self.limit(BUYER, Side.BUY, "101", "1", time_in_force=TimeInForce.IOC)
        await self.sagas.place(order)
        await self._keep_order("ioc_partly_filled", order)

    async def market_by_value(self) -> None:
        await self.sagas.place(self.limit(SELLER, Side.SELL, "100", "1"))
        order = self.limit(
            BUYER,
            Side.BUY,
            "110",
            "0",
            order_type=OrderType.MARKET,
            quote_quantity=Amount("50.0005"),
            reserve_amount=Amount("50.0005"),
        )
        await self.sagas.place(order)
        await self._keep_order("market_by_value", order)
        await self._clear(SELLER)

    async def amended_then_filled(self) -> None:
        order = self.limit(BUYER, Side.BUY, "100", "1")
        await self.sagas.place(order)
        request = AmendRequest(
            order_id=order.order_id,
            amend_id=uuid4(),
            new_quantity=Amount("0.5"),
            new_quantity_lots=50_000,
            requested_at_ms=order.accepted_at_ms,
        )
        await self.sagas.amend(order.user_id, order.client_order_id, request)
        await self.sagas.place(self.limit(SELLER, Side.SELL, "100", "0.5"))
        await self._keep_order("amended_then_filled", order)

    async def stop_triggered(self) -> None:
        order = self.limit(
            BUYER,
            Side.BUY,
            "105",
            "0.2",
            order_type=OrderType.STOP_LOSS_LIMIT,
            stop_price=Amount("102"),
            stop_ticks=10_200,
        )
        await self.sagas.place(order)
        await self.sagas.place(self.limit(SELLER, Side.SELL, "102", "0.1"))
        await self.sagas.place(self.limit(SELLER, Side.SELL, "103", "0.2"))
        await self.sagas.place(self.limit(BUYER, Side.BUY, "102", "0.1"))
        await self._keep_order("stop_triggered", order)

    async def maker_expired_in_match(self) -> None:
        maker = self.limit(BUYER, Side.BUY, "100", "1")
        await self.sagas.place(maker)
        own = self.limit(
            BUYER,
            Side.SELL,
            "100",
            "0.1",
            time_in_force=TimeInForce.IOC,
            self_trade_prevention=SelfTradePrevention.EXPIRE_MAKER,
        )
        await self.sagas.place(own)
        await self._keep_order("maker_expired_in_match", maker)

    async def cancelled_with_all(self) -> None:
        order = self.limit(BUYER, Side.BUY, "50", "1")
        await self.sagas.place(order)
        await self._clear(BUYER, keep=True)
        await self._keep_order("cancelled_with_all", order)

    async def carried_then_cancelled(self) -> None:
        """An order's saga in its second run, which begins with what the first one knew."""
        order = self.limit(BUYER, Side.BUY, "50", "1")
        answer = await self.sagas.place(order)
        name = order_workflow_id(order.user_id, order.client_order_id)
        await self.client.get_workflow_handle(name).terminate("its next run begins")
        carried = CarriedOrder(
            order=order,
            saga_state=SagaState.MATCHING_SUBMITTED,
            steps=(SagaStep(name="submitted", at_ms=order.accepted_at_ms),),
            state=OrderState(
                order_id=order.order_id,
                sequence=1,
                status=answer.status,
                filled_quantity=answer.filled_quantity,
                filled_quote=answer.filled_quote,
                commission=ZERO,
                filled_lots=0,
                at_ms=answer.transact_time_ms,
                own=True,
            ),
            answer=answer,
            held_lots=order.quantity_lots,
        )
        await self.client.start_workflow(
            PlaceOrderWorkflow.run, carried, id=name, task_queue=ORDERS_TASK_QUEUE
        )
        await self.sagas.cancel(order.user_id, order.client_order_id, _cancel(order))
        await self._keep_order("carried_then_cancelled", order)

    async def list_triggered(self) -> None:
        mine = self._list()
        await self.sagas.place_list(mine)
        await self.sagas.place(self.limit(BUYER, Side.BUY, "110", "1"))
        await self._keep_list("filled", mine)

    async def list_cancelled(self) -> None:
        mine = self._list()
        await self.sagas.place_list(mine)
        leg = mine.legs[1]
        await self.sagas.cancel(
            mine.user_id,
            leg.client_order_id,
            _cancel(leg),
            list_client_order_id=mine.list_client_order_id,
        )
        await self._keep_list("cancelled", mine)

    def _list(self) -> PlaceOrderList:
        """Sell 1 BTC at 110, or at 89 once it trades at 90."""
        list_id = self._ids.allocate()
        name = f"golden-list-{list_id}"
        mine = {"list_id": list_id, "list_client_order_id": name}
        above = self.limit(SELLER, Side.SELL, "110", "1", order_type=OrderType.LIMIT_MAKER, **mine)
        below = self.limit(
            SELLER,
            Side.SELL,
            "89",
            "1",
            order_type=OrderType.STOP_LOSS_LIMIT,
            stop_price=Amount("90"),
            stop_ticks=9_000,
            **mine,
        )
        return place_list(
            **mine, user_id=SELLER, legs=(above, below), correlation_id=above.correlation_id
        )

    async def _clear(self, user: int, *, keep: bool = False) -> None:
        """Cancel all of a user's orders."""
        request = CancelAllRequest(
            command_id=uuid4(), user_id=user, symbol="BTCUSDT", requested_at_ms=1
        )
        await self.sagas.cancel_all(request)
        if keep:
            await self._keep("cancel_all", cancel_all_workflow_id(request.command_id))

    async def _keep_order(self, path: str, order: PlaceOrder) -> None:
        await self._keep(
            f"place_order_2__{path}", order_workflow_id(order.user_id, order.client_order_id)
        )

    async def _keep_list(self, path: str, mine: PlaceOrderList) -> None:
        await self._keep(
            f"place_order_list__{path}",
            order_list_workflow_id(mine.user_id, mine.list_client_order_id),
        )

    async def _keep(self, name: str, workflow_id: str) -> None:
        handle = self.client.get_workflow_handle(workflow_id)
        await handle.result()
        history = await handle.fetch_history()
        target = HISTORIES / f"{name}.json"
        await asyncio.to_thread(target.write_text, history.to_json() + "\n")
        print(f"{name}: {len(history.events)} events")


def _cancel(order: PlaceOrder) -> CancelRequest:
    return CancelRequest(
        order_id=order.order_id,
        cancel_id=uuid4(),
        client_cancel_id="golden-cancel",
        requested_at_ms=order.accepted_at_ms,
    )


async def main() -> None:
    workers = [w for w in WORKERS if w.name in {"matching", "wallet", "orders", "relay"}]
    with tempfile.TemporaryDirectory() as data_dir:
        async with Platform(Path(data_dir), workers=workers) as platform:
            settings = platform.settings()
            client = await temporal.connect(settings.temporal)
            producer = await kafka.create_producer(settings.kafka)
            answers = await kafka.create_consumer(settings.kafka)
            matching = MatchingClient(producer, answers, load_markets())
            await matching.start()
            recorder = Recorder(platform, client, matching)
            paths: list[Callable[[], Awaitable[None]]] = [
                recorder.fund,
                recorder.filled_at_once,
                recorder.resting_then_filled,
                recorder.partially_filled_then_cancelled,
                recorder.no_funds,
                recorder.halted_market,
                recorder.duplicate_request,
                recorder.wallet_down_then_back,
                recorder.silent_engine,
                recorder.rejected_by_the_engine,
                recorder.immediate_or_cancel,
                recorder.market_by_value,
                recorder.amended_then_filled,
                recorder.stop_triggered,
                recorder.maker_expired_in_match,
                recorder.cancelled_with_all,
                recorder.carried_then_cancelled,
                recorder.list_triggered,
                recorder.list_cancelled,
            ]
            chosen = set(sys.argv[1:])
            for path in paths:
                if not chosen or path.__name__ in chosen | {"fund"}:
                    await path()
            await matching.stop()
            await producer.stop()
            await answers.stop()


if __name__ == "__main__":
    asyncio.run(main())
