"""Updates by webhook: stored before they are taken, worked once, and taken from Telegram alone."""

import asyncio
import gzip
import json
import logging
import socket
import time
from contextlib import asynccontextmanager
from dataclasses import replace

import aiohttp
import pytest

from bot.simulator import acts
from bot.simulator.faults import Fault
from bot.simulator.shopper import texts
from bot.telegram.door import build_bot
from bot.telegram.receiver import AddressTakenError, Bounds
from bot.telegram.webhook import Address, WebhookRefusedError
from bot.telegram.webhook_secret import kept_secret
from storage.shop import Shop
from tests.support.ports import free_port

SECRET = "a-secret-of-Telegram-0"
HEADER = "X-Telegram-Bot-Api-Secret-Token"


@pytest.fixture
def hooked(house):
    """The house, with a webhook in place of polling."""
    port = free_port()
    bounds = Bounds(body=64 * 1024, body_seconds=0.3, idle_seconds=0.5)
    url = f"http://127.0.0.1:{port}/from-telegram"
    address = Address(url, SECRET, port=port, look=0.1, late=0.2, bounds=bounds)
    house.habits = replace(house.habits, webhook=address)
    house.address = address
    house.api.simulator.pushing.first_pause = 0.05
    return house


@asynccontextmanager
async def listening(house):
    """A door that Telegram has the address of."""
    async with house.open() as door:
        await until(lambda: webhook_is_set(house))
        yield door


async def post(house, body, *, path="/from-telegram", secret=SECRET, method="POST", packed=False):
    """What the webhook answers to a request: status, body, headers."""
    headers = {} if secret is None else {HEADER: secret}
    headers |= {"Content-Encoding": "gzip"} if packed else {}
    url = f"http://127.0.0.1:{house.address.port}{path}"
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, url, data=body, headers=headers) as answer,
    ):
        return answer.status, await answer.text(), answer.headers


async def until(ask, patience=10.0):
    async with asyncio.timeout(patience):
        while not await ask():
            await asyncio.sleep(0.02)


async def webhook_is_set(house):
    hook = await house.api.simulator.act(lambda store: store.webhook.get())
    return bool(hook.url)


async def finished(house, count):
    outcomes = await house.outcomes()
    return len(outcomes) == count and all(state != "new" for state, _ in outcomes)


def said(messages):
    return [one.text for one in messages if not one.mine]


async def push_late(house, shopper, text, seconds=3600):
    person = {"id": shopper.id, "is_bot": False, "first_name": shopper.name, "language_code": "en"}
    chat = {"id": shopper.id, "type": "private", "first_name": shopper.name}
    body = {"message_id": 1, "date": int(time.time()) - seconds, "from": person, "chat": chat, "text": text}
    await house.api.simulator.act(lambda store: acts.push(store, "message", body, chat_id=shopper.id))


def message(update_id, text="hello"):
    person = {"id": 5, "is_bot": False, "first_name": "Ann"}
    body = {"message_id": 1, "date": int(time.time()), "from": person, "chat": {"id": 5, "type": "private"}}
    return json.dumps({"update_id": update_id, "message": {**body, "text": text}})


# --- the talk ---------------------------------------------------------------------------------------


async def test_shoppers_are_answered_and_the_webhook_outlives_the_bot(hooked):
    async with await hooked.join() as ann, await hooked.join("小明", "zh") as ming:
        async with hooked.open() as door:
            assert texts(await ann.says("hello")) == ["hello"]
            assert texts(await ming.says("你好")) == ["你好"]
            assert door.contact.last_success is not None and door.contact.alive
        # Telegram keeps what comes while nobody listens, and brings it in its order.
        await ann.writes("first")
        await ann.writes("second")
        async with hooked.open():
            await until(lambda: finished(hooked, 4))
        assert said(await ann.sees()) == ["hello", "first", "second"]
    [hook] = [await hooked.api.simulator.act(lambda store: store.webhook.get())]
    assert (hook.url, hook.secret, hook.max_connections) == (hooked.address.url, SECRET, 40)
    assert "message" in await hooked.api.simulator.act(lambda store: store.updates.allowed())
    assert not [call for call in await hooked.calls("deleteWebhook", "getUpdates")]


async def test_what_comes_twice_is_worked_once(hooked):
    for kind in ("duplicate", "drop_after"):
        hooked.api.simulator.faults.add(Fault("webhook", kind, times=2))
    async with hooked.open(), await hooked.join() as ann:
        for word in ("one", "two", "three"):
            await ann.says(word)
        assert said(await ann.sees()) == ["one", "two", "three"]
        assert len(await hooked.outcomes()) == 3
    assert len(hooked.assistant.worked) == 3


async def test_after_an_outage_the_last_message_is_answered_with_one_apology(hooked):
    async with await hooked.join() as ann, await hooked.join("Bob") as bob:
        async with hooked.open():
            await ann.says("/start")
            await bob.says("/start")
        for shopper, word in ((ann, "a1"), (bob, "b1"), (ann, "a2"), (ann, "a3")):
            await push_late(hooked, shopper, word)
        async with hooked.open():
            await until(lambda: finished(hooked, 6))
        assert said(await ann.sees())[1:] == ["Sorry for the late answer, I was away.\na3"]
        assert said(await bob.sees())[1:] == ["Sorry for the late answer, I was away.\nb1"]


async def test_a_new_message_ends_the_wait_for_late_ones(hooked):
    hooked.habits = replace(hooked.habits, webhook=replace(hooked.address, late=60.0))
    async with await hooked.join() as ann:
        async with hooked.open():
            await ann.says("/start")
        await push_late(hooked, ann, "old")
        await ann.writes("new")
        async with hooked.open():
            await until(lambda: finished(hooked, 3))
        assert said(await ann.sees())[1:] == ["Sorry for the late answer, I was away.\nold", "new"]


# --- nothing is taken that is not kept --------------------------------------------------------------


async def test_an_update_is_taken_only_when_it_is_on_the_disk(hooked):
    async with listening(hooked):
        held = asyncio.create_task(asyncio.to_thread(hold, hooked.folder, 0.4))
        await asyncio.sleep(0.1)
        began = time.monotonic()
        status, _, _ = await post(hooked, message(41))
        assert (status, time.monotonic() - began > 0.2) == (200, True)
        assert len(await hooked.outcomes()) == 1
        await held


async def test_a_locked_database_makes_telegram_come_again(hooked, caplog):
    async with hooked.open(), await hooked.join() as ann:
        await ann.says("hello")
        await hooked.database.run(lambda shop: shop.db.execute("PRAGMA busy_timeout = 50"))
        held = asyncio.create_task(asyncio.to_thread(hold, hooked.folder, 0.6))
        await asyncio.sleep(0.1)
        status, body, headers = await post(hooked, message(42))
        assert (status, body, headers["Retry-After"]) == (503, "", "5")
        await held
        await hooked.database.run(lambda shop: shop.db.execute("PRAGMA busy_timeout = 10000"))
        assert (await post(hooked, message(42)))[0] == 200
        await until(lambda: finished(hooked, 2))
    assert "asked for again: DatabaseLocked" in caplog.text


async def test_many_at_once_share_commits_and_lose_none(hooked):
    async with listening(hooked):
        answers = await asyncio.gather(*(post(hooked, message(1000 + n)) for n in range(60)))
        assert {status for status, _, _ in answers} == {200}
        assert len(await hooked.outcomes()) == 60
        await until(lambda: finished(hooked, 60))


async def test_what_was_taken_and_not_answered_is_answered_at_the_next_start(hooked):
    hooked.habits = replace(hooked.habits, drain_timeout=0.05)
    gate = hooked.assistant.gates["slow"] = asyncio.Event()
    async with await hooked.join() as ann:
        async with hooked.open():
            await ann.writes("slow")
            await until(lambda: heard(hooked, 1))
        assert said(await ann.sees()) == []
        gate.set()
        async with hooked.open():
            await until(lambda: finished(hooked, 1))
        assert said(await ann.sees()) == ["slow"]


async def test_a_shutdown_takes_what_is_on_its_way_and_finishes_it(hooked):
    hooked.api.simulator.faults.add(Fault("webhook", "slow", seconds=0.1))
    gate = hooked.assistant.gates["slow"] = asyncio.Event()
    async with await hooked.join() as ann:
        async with hooked.open():
            await ann.writes("slow")
            await until(lambda: heard(hooked, 1))
            asyncio.get_running_loop().call_later(0.2, gate.set)
        assert said(await ann.sees()) == ["slow"]


# --- nothing is taken that is not Telegram's --------------------------------------------------------


async def test_strangers_learn_nothing(hooked, caplog):
    async with listening(hooked):
        for secret in (None, "", "wrong", SECRET + "0", "gehe\u00efm"):
            status, body, _ = await post(hooked, message(43), secret=secret)
            assert (status, body) == (403, "")
        for path, method in (
            ("/", "POST"),
            ("/from-telegram/", "POST"),
            ("/metrics", "GET"),
            ("/from-telegram", "GET"),
        ):
            status, body, _ = await post(hooked, None, path=path, method=method)
            assert (status, body) == (404, "")
        assert await hooked.outcomes() == []
        assert len(await hooked.database.run(lambda shop: shop.inbox.malformed())) == 0
    assert caplog.text.count("without the right secret") == 1
    assert SECRET not in caplog.text


NO_UPDATES = [
    (b"", "no JSON"),
    (b"{not json", "no JSON"),
    (b"[" * 30_000, "no JSON"),
    (b"\xff\xfe\x00", "no JSON"),
    (b"[]", "update_id"),
    (b'{"update_id": "7"}', "update_id"),
    (b'{"update_id": true, "message": {}}', "update_id"),
    (b'{"update_id": 99999999999999999999999}', "update_id"),
    (b'"' + b"x" * 200_000 + b'"', "more than 65536 bytes"),
]


async def test_what_is_no_update_is_kept_and_not_asked_for_again(hooked):
    bomb = gzip.compress(b"0" * 20_000_000)
    async with listening(hooked):
        for body, _ in NO_UPDATES:
            assert (await post(hooked, body))[0] == 200
        assert (await post(hooked, bomb, packed=True))[0] == 200
        reports = await hooked.database.run(lambda shop: shop.inbox.malformed())
        assert (await post(hooked, message(44)))[0] == 200
        await until(lambda: finished(hooked, 1))
    wanted = [error for _, error in NO_UPDATES] + ["more than 65536 bytes"]
    assert len(reports) == len(wanted)
    for (text, error), part in zip(reports, wanted, strict=True):
        assert part in error and len(text) <= 65536


async def test_whoever_dawdles_is_cut_off(hooked):
    async with listening(hooked):
        head = f"POST /from-telegram HTTP/1.1\r\nHost: x\r\n{HEADER}: {SECRET}\r\n"
        half = await asyncio.gather(
            answered(hooked, "POST /from-tele"),
            answered(hooked, head),
            answered(hooked, head + "Content-Length: 100\r\n\r\n{"),
        )
        assert [text.partition("\r\n")[0] for text in half] == ["", "", "HTTP/1.1 408 Request Timeout"]
        assert await hooked.outcomes() == []


async def answered(house, text):
    """What comes back for half a request until the connection is closed."""
    reader, writer = await asyncio.open_connection("127.0.0.1", house.address.port)
    writer.write(text.encode())
    got = await asyncio.wait_for(reader.read(), 5)
    writer.close()
    return got.decode()


# --- the address ------------------------------------------------------------------------------------


@pytest.mark.long
async def test_an_address_that_telegram_refuses_ends_the_start_with_a_sentence(hooked):
    hooked.habits = replace(hooked.habits, webhook=replace(hooked.address, url="https://127.0.0.1/from-telegram"))
    with pytest.raises(WebhookRefusedError, match="SHOPBOT_WEBHOOK_URL: Bad Request: bad webhook"):
        async with hooked.open() as door:
            await until(lambda: asyncio.sleep(0.1, door is None), 2)


async def test_a_port_that_is_taken_ends_the_start_with_a_sentence(hooked):
    says = f"port {hooked.address.port} .*SHOPBOT_WEBHOOK_PORT"
    with socket.create_server(("127.0.0.1", hooked.address.port)), pytest.raises(AddressTakenError, match=says):
        async with hooked.open():
            await asyncio.sleep(0.3)


@pytest.mark.long
async def test_a_webhook_that_others_take_away_is_named_and_set_anew(hooked, caplog):
    async with hooked.open() as door, await hooked.join() as ann:
        await ann.says("hello")
        other = build_bot(hooked.api.token, hooked.api.url)
        await other.delete_webhook()
        await until(lambda: webhook_is_set(hooked))
        assert texts(await ann.says("still there?")) == ["still there?"]
        assert door.contact.conflicts_within(minutes=1) == 1
        await other.session.close()
    assert "the webhook was deleted. It is set anew; stop the other process." in caplog.text


async def test_deliveries_that_fail_are_named(hooked, caplog):
    hooked.api.simulator.faults.add(Fault("webhook", "status", code=502, times=1))
    async with hooked.open(), await hooked.join() as ann:
        await ann.says("hello")
        await until(lambda: asyncio.sleep(0, "could not deliver" in caplog.text))
    assert "Wrong response from the webhook: 502" in caplog.text


async def test_back_to_polling_the_webhook_is_deleted_and_what_waits_is_answered(hooked, caplog):
    async with await hooked.join() as ann:
        async with hooked.open():
            await ann.says("hello")
        await ann.writes("are you there?")
        hooked.habits = replace(hooked.habits, webhook=None)
        with caplog.at_level(logging.WARNING):
            async with hooked.open():
                await until(lambda: finished(hooked, 2))
        assert said(await ann.sees()) == ["hello", "are you there?"]
    assert f"Updates went to the webhook {hooked.address.url}; it is deleted" in caplog.text
    assert not await webhook_is_set(hooked)


def test_the_secret_is_made_once_and_is_the_owners_alone(tmp_path):
    secret = kept_secret(tmp_path)
    assert secret == kept_secret(tmp_path) and len(secret) >= 32
    assert (tmp_path / "webhook.key").stat().st_mode & 0o777 == 0o600
    (tmp_path / "webhook.key").write_text("\n")
    assert len(kept_secret(tmp_path)) >= 32
    assert [path.name for path in tmp_path.iterdir()] == ["webhook.key"]


async def heard(house, count):
    return len(house.assistant.heard) >= count


def hold(folder, seconds):
    shop = Shop.open(folder)
    with shop.atomic():
        time.sleep(seconds)
    shop.close()
