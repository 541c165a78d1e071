"""The way to a STOMP session: paths, subprotocols, origins, and SockJS's envelope."""

import json
from collections.abc import AsyncIterator, Callable, Mapping

import httpx
import msgspec
import pytest

from api.app import create_app
from api.stream.sockjs import wrapped
from tests.unit.api.conftest import House
from tests.unit.api.stream.handshake import Handshake
from tests.unit.api.stream.stomp_client import CONNECT, parsed

Opens = Callable[..., Handshake]


@pytest.fixture
async def opens(house: House) -> AsyncIterator[Opens]:
    """Opens sockets of a gateway to which pages of https://desk.example may come."""
    streams = house.settings.streams.model_copy(update={"origins": ["https://desk.example"]})
    settings = house.settings.model_copy(update={"streams": streams})
    app = create_app(msgspec.structs.replace(house.dependencies, settings=settings))
    made: list[Handshake] = []

    def opens(
        path: str, headers: Mapping[str, str] | None = None, subprotocols: tuple[str, ...] = ()
    ) -> Handshake:
        made.append(Handshake(app, path, headers, subprotocols))
        return made[-1]

    yield opens
    for socket in made:
        await socket.release()


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [
        ((), None),
        (("v12.stomp",), "v12.stomp"),
        (("v10.stomp", "v11.stomp", "v12.stomp"), "v12.stomp"),
        (("v11.stomp",), None),
    ],
)
async def test_the_subprotocol_is_that_of_1_2(
    opens: Opens, offered: tuple[str, ...], chosen: str | None
) -> None:
    socket = opens("/stomp", subprotocols=offered)
    assert await socket.opened()
    assert socket.subprotocol == chosen
    socket.says(CONNECT)
    assert parsed(await socket.text()).command == "CONNECTED"


@pytest.mark.parametrize("path", ["/stomp", "/sockjs/0/abc/websocket"])
@pytest.mark.parametrize(
    ("origin", "is_allowed"),
    [
        (None, True),
        ("http://gateway:8000", True),
        ("https://gateway:8000", True),
        ("https://desk.example", True),
        ("http://desk.example", False),
        ("https://evil.example", False),
        ("https://gateway:8000.evil.example", False),
        ("http://gateway", False),
        ("null", False),
        ("", False),
        ("http://[", False),
    ],
)
async def test_pages_of_other_origins_are_refused(
    opens: Opens, path: str, origin: str | None, is_allowed: bool
) -> None:
    headers = {"host": "gateway:8000"} | ({} if origin is None else {"origin": origin})
    socket = opens(path, headers)
    assert await socket.opened() is is_allowed
    assert socket.status == (101 if is_allowed else 403)


async def test_a_token_in_the_url_logs_nobody_in(opens: Opens, house: House) -> None:
    bearer = await house.bearer("ada")
    token = bearer["Authorization"].removeprefix("Bearer ")
    socket = opens(f"/stomp?token={token}", bearer)
    assert await socket.opened()
    socket.says(CONNECT + "SUBSCRIBE\nid:0\ndestination:/user/queue/orders\n\n\0")
    assert parsed(await socket.text()).command == "CONNECTED"
    assert parsed(await socket.text()).headers["message"] == "/user/queue/orders needs a login"


async def test_sockjs_wraps_the_same_session(opens: Opens, house: House) -> None:
    socket = opens("/sockjs/000/abcdef/websocket")
    assert await socket.opened()
    assert await socket.text() == "o"
    socket.says("")
    socket.says(json.dumps([CONNECT]))
    assert parsed(array_of_one(await socket.text())).command == "CONNECTED"
    subscribe = "SUBSCRIBE\nid:0\ndestination:/topic/trades/BTCUSDT\nreceipt:1\n\n\0"
    socket.says(json.dumps([subscribe]))
    assert parsed(array_of_one(await socket.text())).command == "RECEIPT"
    house.dependencies.hub.publish("btcusdt@trade", '{"e":"trade"}')
    assert parsed(array_of_one(await socket.text())).body == '{"e":"trade"}'
    socket.says(json.dumps("DISCONNECT\nreceipt:2\n\n\0"))
    assert parsed(array_of_one(await socket.text())).headers == {"receipt-id": "2"}
    assert await socket.text() == 'c[1000,""]'
    assert await socket.close_code() == 1000


@pytest.mark.parametrize("text", ["rubbish", "[1]", '{"a":1}', "[", '["a",null]'])
async def test_what_is_no_sockjs_is_refused(opens: Opens, text: str) -> None:
    socket = opens("/sockjs/000/abcdef/websocket")
    assert await socket.opened()
    assert await socket.text() == "o"
    socket.says(text)
    error = parsed(array_of_one(await socket.text()))
    assert error.headers["message"] == "Not a SockJS message"
    assert await socket.text() == 'c[1002,"Not a SockJS message"]'
    assert await socket.close_code() == 1002


def test_sockjs_escapes_what_json_does() -> None:
    assert json.loads(wrapped('a"\n\0€')[1:]) == ['a"\n\0€']


async def test_sockjs_info(client: httpx.AsyncClient) -> None:
    first, second = [await client.get("/sockjs/info") for _ in range(2)]
    info = first.json()
    assert info.pop("entropy") != second.json()["entropy"]
    assert info == {"websocket": True, "origins": ["*:*"], "cookie_needed": False}
    assert "no-store" in first.headers["cache-control"]
    assert "access-control-allow-origin" not in first.headers


async def test_sockjs_info_may_be_read_by_allowed_pages_only(client: httpx.AsyncClient) -> None:
    own = await client.get("/sockjs/info", headers={"Origin": "http://gateway"})
    assert own.headers["access-control-allow-origin"] == "http://gateway"
    other = await client.get("/sockjs/info", headers={"Origin": "https://evil.example"})
    assert "access-control-allow-origin" not in other.headers


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/sockjs/000/abc/xhr"),
        ("POST", "/sockjs/000/abc/xhr_streaming"),
        ("OPTIONS", "/sockjs/000/abc/xhr"),
        ("GET", "/sockjs/000/abc/eventsource"),
        ("GET", "/sockjs/000/abc/htmlfile"),
        ("GET", "/sockjs/000/abc/jsonp"),
        ("GET", "/sockjs/iframe.html"),
        ("GET", "/sockjs/000/abc/websocket"),
    ],
)
async def test_sockjs_has_no_other_transport(
    client: httpx.AsyncClient, method: str, path: str
) -> None:
    answer = await client.request(method, path, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 404
    assert answer.json()["code"] == -1000
    assert "access-control-allow-origin" not in answer.headers


def array_of_one(text: str) -> str:
    assert text[0] == "a", text
    [only] = json.loads(text[1:])
    return str(only)
