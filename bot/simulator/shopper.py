"""A shopper for tests: writes, taps and looks, like a person in front of the chat.

    async with await Shopper.join(api.url, "Ann") as ann:
        [answer] = await ann.says("/start")
        tapped = await ann.taps("Cheaper", expect=3)

Buttons are found by what is written on them; one that is not there is an error, as for a person. Waiting means:
the bot has taken every update, has said at least what is expected, and has then been quiet for a moment. Who can look
into the bot's inbox says so with `busy`, and does not wait for longer than it takes.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from types import TracebackType
from typing import Any

import aiohttp

from bot.simulator.methods.rich import plain_text

SETTLE = 0.15  # seconds without news after which the bot has finished
TYPING = 5.0  # how long "typing" is believed when nothing came yet ...
LAST_TYPING = 1.0  # ... and when what was expected is here already
PATIENCE = 15.0
AT_REST = 0.02  # seconds without news where the bot is known to have nothing to do

Busy = Callable[[int], Awaitable[bool]]
"""Whether the bot still works on something of a shopper's, by id."""


class ShopperError(Exception):
    """What a person would complain about: no such button, no answer in time."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A message on the shopper's screen. `text` is the text or the caption; `buttons` the labels, row by row."""

    message_id: int
    mine: bool
    text: str
    photo: str
    buttons: tuple[tuple[str, ...], ...]
    edited: bool
    raw: dict[str, Any]

    @property
    def labels(self) -> tuple[str, ...]:
        """All buttons under the message in reading order."""
        return tuple(label for row in self.buttons for label in row)

    def data(self, label: str) -> str:
        """The callback data behind a button, for tests of what it carries."""
        for row in self.raw.get("reply_markup", {}).get("inline_keyboard", []):
            for button in row:
                if button["text"] == label:
                    return str(button.get("callback_data", ""))
        raise ShopperError(f'There is no button "{label}" under message {self.message_id}.')


@dataclass(frozen=True, slots=True)
class Tapped:
    """What a tap led to: the toast (or alert) text, a link, and the messages that are new since."""

    answer: str
    alert: bool
    url: str
    new: tuple[Seen, ...]


class Shopper:
    """One person in one chat, over the control API at `base_url`."""

    def __init__(
        self, base_url: str, person: dict[str, Any], *, settle: float, patience: float, busy: Busy | None = None
    ) -> None:
        self.id: int = person["id"]
        self.name: str = person["first_name"]
        self._base = base_url.rstrip("/") + "/control"
        self._settle = settle
        self._patience = patience
        self._busy = busy
        self._session = aiohttp.ClientSession()
        self._heard = 0
        self._newest = 0

    @classmethod
    async def join(
        cls,
        base_url: str,
        name: str = "Ann",
        language: str = "en",
        *,
        settle: float = SETTLE,
        patience: float = PATIENCE,
        busy: Busy | None = None,
    ) -> Shopper:
        """A new shopper; `language` is that of their Telegram app."""
        url = base_url.rstrip("/") + "/control/shoppers"
        asked = {"first_name": name, "language_code": language}
        async with aiohttp.ClientSession() as session, session.post(url, json=asked) as response:
            person = await _result(response)
        return cls(base_url, person, settle=settle, patience=patience, busy=busy)

    @classmethod
    async def back(
        cls,
        base_url: str,
        shopper_id: int,
        *,
        settle: float = SETTLE,
        patience: float = PATIENCE,
        busy: Busy | None = None,
    ) -> Shopper:
        """The same shopper again, for example after a restart of the server."""
        url = f"{base_url.rstrip('/')}/control/chats/{shopper_id}"
        async with aiohttp.ClientSession() as session, session.get(url) as response:
            person = (await _result(response))["person"]
        return cls(base_url, person, settle=settle, patience=patience, busy=busy)

    async def says(
        self, text: str, *, expect: int = 1, whole: bool = False, reply_to: int = 0, timeout: float | None = None
    ) -> list[Seen]:
        """Writes and waits; the bot's new messages. `expect`: how many messages or edits at least."""
        await self._mark()
        await self._post("text", text=text, whole=whole, reply_to=reply_to)
        return await self.hears(expect, timeout=timeout)

    async def writes(self, text: str, *, whole: bool = False) -> list[int]:
        """Writes and does not wait; the ids of the messages."""
        await self._mark()
        sent = await self._post("text", text=text, whole=whole)
        return [message["message_id"] for message in sent]

    async def edits(self, text: str, *, message_id: int = 0, expect: int = 0) -> list[Seen]:
        """Changes an own text (the newest) and waits."""
        await self._mark()
        await self._post("edit", text=text, message_id=message_id)
        return await self.hears(expect)

    async def sends_photo(self, content: bytes = b"", caption: str = "", *, expect: int = 1) -> list[Seen]:
        await self._mark()
        form = aiohttp.FormData({"caption": caption})
        form.add_field("photo", content, filename="photo.jpg", content_type="image/jpeg")
        await self._call("POST", f"/chats/{self.id}/photo", data=form)
        return await self.hears(expect)

    async def sends_document(self, content: bytes, name: str, caption: str = "", *, expect: int = 1) -> list[Seen]:
        await self._mark()
        form = aiohttp.FormData({"caption": caption}, quote_fields=False)
        form.add_field("document", io.BytesIO(content), filename=name, content_type="application/octet-stream")
        await self._call("POST", f"/chats/{self.id}/document", data=form)
        return await self.hears(expect)

    async def sends_sticker(self, emoji: str = "👍", *, expect: int = 1) -> list[Seen]:
        await self._mark()
        await self._post("sticker", emoji=emoji)
        return await self.hears(expect)

    async def sends_voice(self, seconds: int = 3, *, expect: int = 1) -> list[Seen]:
        await self._mark()
        await self._post("voice", seconds=seconds)
        return await self.hears(expect)

    async def sends(self, content: dict[str, Any], kind: str = "message", *, expect: int = 1) -> list[Seen]:
        """Sends what the other methods have no name for: a message of these contents, or an update of any `kind`.

        It does not appear in the chat. With `expect` 0 nothing is waited for.
        """
        await self._mark()
        await self._post("update", kind=kind, content=content)
        return await self.hears(expect) if expect else []

    async def taps(
        self,
        label: str = "",
        *,
        data: str = "",
        on: Seen | int = 0,
        expect: int = 0,
        answered: bool = True,
        timeout: float | None = None,
    ) -> Tapped:
        """Taps a button by label (or data), on the newest message that has it or on `on`, and waits.

        `answered`: whether the bot must answer the tap; `expect`: messages or edits to wait for at least.
        """
        await self._mark()
        message_id = on.message_id if isinstance(on, Seen) else on
        tapped = await self._post("tap", label=label, data=data, message_id=message_id)
        if "url" in tapped:
            return Tapped("", False, tapped["url"], ())
        answer = await self._answer(tapped["query_id"], label or data, timeout) if answered else {}
        new = await self.hears(expect, timeout=timeout)
        return Tapped(answer.get("text", ""), bool(answer.get("show_alert")), answer.get("url", ""), tuple(new))

    async def asks_inline(self, text: str, *, timeout: float | None = None) -> dict[str, Any]:
        """Writes "@bot text" in some other chat; what the bot answered: `results`, `cache_time`, `is_personal`."""
        asked = await self._post("inline", text=text)
        return await self._answer(asked["query_id"], f"@bot {text}", timeout)

    async def hears(self, expect: int = 1, *, timeout: float | None = None) -> list[Seen]:
        """Waits for `expect` messages or edits since the last act and for quiet; the new messages."""
        deadline = _now() + (timeout or self._patience)
        state = await self._get(f"/chats/{self.id}/wait", version=-1)
        while True:
            heard = state["heard"] - self._heard
            ready = heard >= expect and state["pending"] == 0
            quiet = (LAST_TYPING if expect else TYPING) if state["typing"] else self._settle
            left = deadline - _now()
            if left <= 0:
                raise ShopperError(
                    f"{self.name} waited for {expect} messages and saw {heard}; "
                    f"{state['pending']} updates are not taken, typing: {state['typing']}."
                )
            patience = min(left, await self._rest(quiet) if ready else 0.25)
            later = await self._get(f"/chats/{self.id}/wait", version=state["version"], timeout=patience)
            if ready and later["version"] == state["version"]:
                return [seen for seen in await self.sees(after=self._newest) if not seen.mine]
            state = later

    async def sees(self, *, after: int = 0) -> list[Seen]:
        """The whole chat, oldest first, or what came after a message."""
        chat = await self._get(f"/chats/{self.id}", after=after)
        return [_seen(message) for message in chat["messages"]]

    async def last(self) -> Seen:
        """The newest message of the bot."""
        for seen in reversed(await self.sees()):
            if not seen.mine:
                return seen
        raise ShopperError(f"The bot has not said anything to {self.name}.")

    async def menu(self) -> list[dict[str, str]]:
        """The menu of commands in the shopper's language."""
        found: list[dict[str, str]] = (await self._get(f"/chats/{self.id}"))["person"]["menu"]
        return found

    async def blocks(self) -> None:
        await self._post("block", blocked=True)

    async def unblocks(self) -> None:
        await self._post("block", blocked=False)

    async def close(self) -> None:
        await self._session.close()

    async def __aenter__(self) -> Shopper:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def _rest(self, quiet: float) -> float:
        """How long to listen for more: `quiet` seconds, or less where the bot says that it is done."""
        if self._busy is None:
            return quiet
        ends = _now() + quiet
        while _now() < ends and await self._busy(self.id):
            await asyncio.sleep(AT_REST / 2)
        return AT_REST

    async def _answer(self, query_id: str, button: str, timeout: float | None) -> dict[str, Any]:
        deadline = _now() + (timeout or self._patience)
        version = -1
        while _now() < deadline:
            found = (await self._get(f"/queries/{query_id}"))["answer"]
            if found is not None:
                return dict(found)
            version = (await self._get(f"/chats/{self.id}/wait", version=version, timeout=0.25))["version"]
        raise ShopperError(f'The bot did not answer the tap on "{button}" in time.')

    async def _mark(self) -> None:
        """From here on counts what is new."""
        counts = await self._get(f"/chats/{self.id}/wait", version=-1)
        self._heard, self._newest = counts["heard"], counts["newest"]

    async def _post(self, act: str, **given: Any) -> Any:
        return (await self._call("POST", f"/chats/{self.id}/{act}", json=given))["result"]

    async def _get(self, path: str, **query: Any) -> dict[str, Any]:
        return await self._call("GET", path, params=query)

    async def _call(self, method: str, path: str, **options: Any) -> dict[str, Any]:
        async with self._session.request(method, self._base + path, **options) as response:
            return await _result(response)


def texts(messages: Iterable[Seen]) -> list[str]:
    """The texts of messages, for comparing."""
    return [seen.text for seen in messages]


async def _result(response: aiohttp.ClientResponse) -> dict[str, Any]:
    body: dict[str, Any] = await response.json()
    if response.status != 200:
        raise ShopperError(body.get("error", f"The control API answered {response.status}."))
    return body


def _seen(message: dict[str, Any]) -> Seen:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return Seen(
        message_id=message["message_id"],
        mine=not message["from"]["is_bot"],
        text=message.get("text") or message.get("caption") or _rich_text(message) or _invoice_text(message),
        photo=message["photo"][-1]["file_id"] if "photo" in message else "",
        buttons=tuple(tuple(button["text"] for button in row) for row in rows),
        edited="edit_date" in message,
        raw=message,
    )


def _invoice_text(message: dict[str, Any]) -> str:
    invoice = message.get("invoice", {})
    return "\n".join(invoice[part] for part in ("title", "description") if part in invoice)


def _rich_text(message: dict[str, Any]) -> str:
    return plain_text(message["rich_message"]) if "rich_message" in message else ""


def _now() -> float:
    return asyncio.get_running_loop().time()
