"""The trading screen in a headless Chromium, which a test drives as a person would."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any, Final

from stack.paths import ROOT
from tests.support.stompjs import node

DRIVER: Final = ROOT / "tests" / "e2e" / "browser" / "driver.mjs"
PICTURES: Final = ROOT / ".tradeflow" / "screenshots"
COMMAND_LIMIT_S: Final = 30.0
STOP_LIMIT_S: Final = 10.0
LINE_BYTES_MAX: Final = 4_194_304

Table = list[list[str]]


class Browser:
    """One page of 1440 × 900. Elements are named by role and name, label, or table caption."""

    def __init__(self, process: asyncio.subprocess.Process, address: str) -> None:
        self._process = process
        self._address = address
        self._sent = 0

    async def do(self, command: str, **given: object) -> Any:
        """What the driver answers. Raises AssertionError with the driver's own words."""
        self._sent += 1
        sent = {"id": self._sent, "do": command, **given}
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(sent).encode() + b"\n")
        await self._process.stdin.drain()
        async with asyncio.timeout(COMMAND_LIMIT_S):
            line = await self._process.stdout.readline()
        assert line, "the browser's driver has ended"
        answer = json.loads(line)
        assert answer["id"] == self._sent
        assert "error" not in answer, f"{sent}: {answer['error']}"
        return answer["result"]

    async def open(self, path: str) -> None:
        """A page of the gateway."""
        await self.do("open", url=self._address + path)

    async def click(self, role: str, name: str, **more: object) -> None:
        """`region` names the panel, `nth` which of several; `exact=False`: a part of the name."""
        await self.do("click", role=role, name=name, **more)

    async def fill(self, label: str, value: str) -> None:
        """Replace what stands in a field."""
        await self.do("fill", label=label, value=value)

    async def text(self, selector: str) -> str:
        """Of the first such element, as drawn."""
        return str(await self.do("text", selector=selector))

    async def has(self, selector: str) -> bool:
        """Whether there is such an element."""
        return bool(await self.do("count", selector=selector))

    async def says(self, selector: str, wanted: str) -> bool:
        """Whether the first such element says exactly that."""
        return wanted in (await self.do("texts", selector=selector))[:1]

    async def notes(self, wanted: str) -> bool:
        """Whether one of the notices says exactly that."""
        return wanted in await self.do("texts", selector="[data-sonner-toast] [data-title]")

    async def table(self, caption: str) -> Table:
        """The cells of its body; nothing where the table is not there."""
        return await self.do("table", caption=caption) or []

    async def log_in(self, name: str, password: str) -> None:
        """Through the form; afterwards on the first market's page."""
        await self.open("/login")
        await self.fill("Name", name)
        await self.fill("Password", password)
        await self.click("button", "Log in")
        await self.do("waitFor", selector=".shell")

    async def draft(self, side: str, price: str, quantity: str) -> None:
        """A limit order on the ticket, not sent yet."""
        await self.click("radio", side)
        await self.fill("Price", price)
        await self.fill("Quantity", quantity)

    async def keep_picture(self, name: str) -> None:
        """A screenshot as an artefact of the run."""
        await self.do("screenshot", path=str(PICTURES / f"{name}.png"))

    async def check(self, name: str) -> None:
        """Keep a picture; axe finds nothing wrong, and the page itself raised nothing."""
        await self.keep_picture(name)
        assert await self.do("axe") == [], name
        assert await self.do("complaints") == [], name


@asynccontextmanager
async def browser(address: str) -> AsyncIterator[Browser]:
    """A Chromium with nobody logged in; afterwards it is gone."""
    process = await asyncio.create_subprocess_exec(
        node("node"),
        str(DRIVER),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=LINE_BYTES_MAX,
    )
    try:
        yield Browser(process, address)
    finally:
        assert process.stdin is not None
        process.stdin.close()
        with suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), STOP_LIMIT_S)
        if process.returncode is None:
            process.kill()
            await process.wait()
