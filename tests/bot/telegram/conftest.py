"""The door in tests: real HTTP to the local Bot API, a real database, and an assistant that follows a script."""

import asyncio
import io
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal

import pytest
from PIL import Image

from bot.commanding import COMMANDS
from bot.reply import ALBUM, Action, Attachment, Chip, Learned, Line, Option, Reply
from bot.simulator.server import LocalBotApi
from bot.simulator.shopper import Shopper
from bot.telegram.door import Door, Habits, build_bot
from bot.telegram.pictures import Pictures
from bot.telegram.runner import Limits
from bot.telegram.sender import Patience
from bot.wording import Wording, language_of_code
from bot.workers import Worker
from storage.product_rows import to_row
from storage.records import Product, Reason, ReasonCode, Recommendation
from storage.shop import Shop
from tests.support.stage import busy_with

IMPATIENT = Habits(
    poll_timeout=2,
    drain_timeout=5.0,
    limits=Limits(retry=0.05),
    patience=Patience(first_pause=0.01, longest_wait=1.5, postpone=0.05),
)


def product(number, **facts):
    base = Product(
        id=f"p{number}",
        title=f"Dress {number}",
        title_zh=f"连衣裙{number}",
        price=Decimal("39.50") + number,
        currency="USD",
        image_url=f"demo:p{number}",
        url=f"https://shop.example/p{number}",
    )
    return replace(base, **facts)


def card(identity, position, **facts):
    reasons = (Reason(ReasonCode.IN_STOCK),)
    return Recommendation(
        product=product(identity, **facts),
        position=position,
        score=1.0,
        features={},
        parts={},
        reasons=reasons,
        id=identity,
    )


def draw(item):
    """A small picture, of another colour for each picture of a product."""
    shade = sum(f"{item.id}{item.image_url}".encode()) % 256
    data = io.BytesIO()
    Image.new("RGB", (64, 64), (shade, 80, 120)).save(data, "JPEG")
    return data.getvalue()


@dataclass
class ScriptedAssistant:
    """A whole assistant in small: pages of three, reactions by owner, every answer kept by update."""

    answers: dict[int, Reply] = field(default_factory=dict)
    heard: list[tuple[int, str]] = field(default_factory=list)
    turns: list = field(default_factory=list)
    worked: list[int] = field(default_factory=list)
    presses: list = field(default_factory=list)
    commands: list[tuple[str, str]] = field(default_factory=list)
    likes: dict[tuple[int, int], Action] = field(default_factory=dict)
    owners: dict[int, int] = field(default_factory=dict)
    gates: dict[str, asyncio.Event] = field(default_factory=dict)
    image_url: str | None = None
    gallery: tuple[str, ...] = ("demo:one", "demo:one/turned", "demo:one/detail")
    page_size: int = 3

    async def answer(self, turn, show=None):
        self.worked.append(turn.update_id)
        if turn.update_id in self.answers:
            return replace(self.answers[turn.update_id], repeated=True)
        self.heard.append((turn.user_id, turn.text))
        self.turns.append(turn)
        if turn.text == "boom":
            raise RuntimeError("a part broke")
        if gate := self.gates.get(turn.text):
            await gate.wait()
        return self._keep(turn.update_id, self._respond(turn))

    async def press(self, press, show=None):
        self.presses.append(press)
        if press.update_id in self.answers:
            return replace(self.answers[press.update_id], repeated=True)
        if gate := self.gates.get(press.action.value):
            await gate.wait()
        if press.action in (Action.LIKE, Action.DISLIKE):
            return self._react(press)
        edits = press.target if press.action is Action.MORE else 0
        return self._keep(press.update_id, replace(self._page(press.user_id, "en"), edits_turn=edits))

    async def expects_photo(self, user_id):
        return False

    menu = COMMANDS

    async def command(self, turn, name, argument=""):
        self.commands.append((name, argument))
        self.turns.append(turn)
        code = ("language-set" if argument else "language-auto") if name == "language" else _COMMAND_LINES[name]
        return self._keep(turn.update_id, Reply(1, turn.language, (Line(code, {"language": argument}),)))

    def _respond(self, turn):
        language = language_of_code(turn.language)
        match turn.text:
            case "dress":
                return self._page(turn.user_id, language)
            case "which":
                options = (Option(Line("button-more"), "dress"), Option(Line("button-cheaper"), "连衣裙" * 20))
                return Reply(7, language, (Line("did-you-mean"),), options=options)
            case "pictures":
                shown = product(1, image_url=self.gallery[0], pictures=self.gallery[1:])
                album = Attachment(ALBUM, {"product": to_row(shown)})
                more = Option(Line("button-more"), "dress")
                return Reply(7, language, (Line("quote", {"text": "$39"}),), options=(more,), attachments=(album,))
            case _:
                return Reply(7, language, (Line("quote", {"text": turn.text}),))

    def _page(self, user_id, language):
        turn_id = 100 + len(self.answers)
        facts = {} if self.image_url is None else {"image_url": self.image_url}
        first = turn_id * 10
        cards = tuple(card(first + n, n, **facts) for n in range(1, self.page_size + 1))
        self.owners |= {one.id: user_id for one in cards}
        chips = (Chip("w0", Line("chip-value", {"value": "red"})),)
        return Reply(turn_id, language, (Line("looking-for", {"what": "dress"}),), chips, cards, has_more=True)

    def _react(self, press):
        owner = self.owners.get(press.target)
        if owner is None:
            return Learned("gone", press.telegram_language)
        if owner != press.user_id:
            return Learned("stranger", press.telegram_language)
        before = self.likes.get((press.user_id, press.target))
        self.likes[press.user_id, press.target] = press.action
        state = "new" if before is None else "same" if before is press.action else "replaced"
        return Learned(state, press.telegram_language)

    def _keep(self, update_id, reply):
        self.answers[update_id] = reply
        return reply


_COMMAND_LINES = {"start": "welcome", "help": "help", "reset": "reset-done", "privacy": "privacy"}


@dataclass
class House:
    """A local Bot API and the door on it; `open` starts a bot process's worth of parts on the same data."""

    folder: object
    api: LocalBotApi
    assistant: ScriptedAssistant
    habits: Habits = IMPATIENT
    door: Door | None = None
    database: Worker | None = None

    @asynccontextmanager
    async def open(self):
        """Runs the door; leaving the block stops it within the drain time."""
        self.database = Worker("database", lambda: Shop.open(self.folder))
        await self.database.ready()
        bot = build_bot(self.api.token, self.api.url)
        wording, pictures = Wording(strict=True), Pictures(self.folder, draw)
        self.door = Door(bot, self.assistant, self.database, wording, pictures, habits=self.habits)
        stop = asyncio.Event()
        running = asyncio.create_task(self.door.run(stop))
        try:
            yield self.door
        finally:
            stop.set()
            await asyncio.wait_for(running, 15)
            await asyncio.to_thread(self.database.close)

    async def outcomes(self):
        """Outcome of each update in the inbox, in order."""
        sql = "SELECT state, outcome FROM updates ORDER BY update_id"
        return await self.database.run(lambda shop: [tuple(row) for row in shop.db.execute(sql)])

    async def calls(self, *methods):
        """(method, status) of the recorded calls of these methods."""
        return [(call.method, call.code) for call in await self.api.simulator.calls() if call.method in methods]

    async def join(self, name="Ann", language="en"):
        return await Shopper.join(self.api.url, name, language, busy=self._busy)

    async def _busy(self, shopper_id):
        return await self.database.run(lambda shop: busy_with(shop, shopper_id))


@pytest.fixture
async def house(tmp_path):
    async with LocalBotApi(tmp_path / "api") as api:
        house = House(tmp_path / "data", api, ScriptedAssistant())
        yield house
        assert await api.simulator.alarms() == []
