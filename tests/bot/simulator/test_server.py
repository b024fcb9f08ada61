"""The wire: ways to pass arguments, unknown methods, strangers, faults, and what a restart keeps."""

import asyncio
import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import aiohttp
import pytest
from aiogram.exceptions import TelegramNetworkError, TelegramRetryAfter, TelegramServerError
from PIL import Image

from bot.simulator.acts import push
from bot.simulator.faults import Fault
from bot.simulator.server import LocalBotApi
from bot.simulator.shopper import Shopper, ShopperError

ROOT = Path(__file__).parents[3]


@pytest.fixture
async def ann(api):
    async with await Shopper.join(api.url, "Ann") as shopper:
        await shopper.writes("/start")
        yield shopper


@pytest.fixture
async def http():
    async with aiohttp.ClientSession() as session:
        yield session


async def test_arguments_travel_in_any_shape(api, ann, http):
    url = f"{api.url}/bot{api.token}/sendMessage"
    markup = {"inline_keyboard": [[{"text": "a", "callback_data": "b"}]]}
    given = {"chat_id": str(ann.id), "text": "x", "reply_markup": json.dumps(markup)}
    multipart = aiohttp.FormData(given, default_to_multipart=True)
    requests = [
        http.get(url, params=given),
        http.post(url, params=given),
        http.post(url, data=given),
        http.post(url.replace("sendMessage", "SENDMESSAGE"), data=multipart),
        http.post(url, json=given),
        http.post(url, json={"chat_id": ann.id, "text": "x", "reply_markup": markup}),
    ]
    for request in requests:
        async with request as response:
            body = await response.json()
            assert response.status == 200 and body["ok"], body
            assert body["result"]["reply_markup"] == markup
    async with http.post(f"{api.url}/bot{api.token}/getMe") as response:
        assert (await response.json())["result"]["is_bot"]


async def test_multipart_as_other_clients_write_it(api, ann, http):
    """grammY: header names in lower case, the file name without quotes."""
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "navy").save(out, "PNG")
    body = (
        f'--edge\r\ncontent-disposition:form-data;name="chat_id"\r\n\r\n{ann.id}\r\n'
        '--edge\r\ncontent-disposition:form-data;name="photo"\r\n\r\nattach://one\r\n'
        '--edge\r\ncontent-disposition:form-data;name="one";filename=one.png\r\n'
        "content-type:application/octet-stream\r\n\r\n"
    ).encode() + out.getvalue()
    headers = {"Content-Type": "multipart/form-data; boundary=edge"}
    url = f"{api.url}/bot{api.token}/sendPhoto"
    async with http.post(url, data=body + b"\r\n--edge--\r\n", headers=headers) as response:
        sent = (await response.json())["result"]
    assert (sent["photo"][-1]["width"], sent["photo"][-1]["height"]) == (64, 48)


async def test_refusals_carry_their_code_as_status(api, ann, http):
    base = f"{api.url}/bot{api.token}"
    cases = {
        f"{base}/sendMessage": (400, "Bad Request: chat_id is empty"),
        f"{base}/sendMessage?chat_id={ann.id}&text=x&reply_markup=[": (
            400,
            "Bad Request: can't parse reply keyboard markup JSON object",
        ),
        f"{base}/sendPhoto?chat_id={ann.id}": (400, "Bad Request: there is no photo in the request"),
        f"{api.url}/bot123456:{'B' * 35}/getMe": (401, "Unauthorized"),
        f"{api.url}/botx/getMe": (401, "Unauthorized: invalid token specified"),
        f"{api.url}/nowhere": (404, "Not Found"),
        f"{api.url}/file/bot{api.token}/photos/none.jpg": (404, "Not Found"),
    }
    for url, (status, description) in cases.items():
        async with http.get(url) as response:
            assert response.status == status
            assert await response.json() == {"ok": False, "error_code": status, "description": description}


async def test_an_unknown_method_is_refused_and_rings(tmp_path, http):
    async with LocalBotApi(tmp_path) as api:
        async with http.get(f"{api.url}/bot{api.token}/sendGame") as response:
            assert (await response.json())["description"] == "Not Found: method not found"
        assert await api.simulator.alarms() == ["sendGame"]
        async with http.get(f"{api.url}/control/alarms") as response:
            assert await response.json() == {"alarms": ["sendGame"]}


async def test_pages_of_other_sites_are_kept_out(api, ann, http):
    for headers in ({"Origin": "https://evil.example"}, {"Host": "evil.example"}):
        async with http.post(f"{api.url}/control/chats/{ann.id}/text", json={"text": "x"}, headers=headers) as response:
            assert response.status == 403
    async with http.get(api.url) as response:
        assert "script-src 'self'" in response.headers["Content-Security-Policy"]


def test_only_loopback_is_listened_on(tmp_path):
    for host in ("0.0.0.0", "192.168.1.5", "shop.example"):
        with pytest.raises(ValueError, match="loopback only"):
            LocalBotApi(tmp_path, host=host)


async def test_a_taken_port_is_said_in_a_sentence(api, tmp_path):
    port = int(api.url.rsplit(":", 1)[1])
    with pytest.raises(OSError, match=f"Port {port} of 127.0.0.1 is taken"):
        await LocalBotApi(tmp_path / "other", port=port).start()


async def test_faults_strike_as_often_as_asked(api, bot, ann):
    add = api.simulator.faults.add
    flood = add(Fault("sendMessage", "status", code=429, retry_after=7, times=2))
    for _ in range(2):
        with pytest.raises(TelegramRetryAfter) as refused:
            await bot.send_message(ann.id, "x")
        assert refused.value.retry_after == 7
    await bot.send_message(ann.id, "third")
    assert flood.hits == 2
    add(Fault("sendMessage", "status", code=500))
    with pytest.raises(TelegramServerError, match="Internal Server Error"):
        await bot.send_message(ann.id, "x")
    add(Fault("*", "slow", seconds=0.05))
    await bot.send_message(ann.id, "slow")
    assert [call.code for call in await api.simulator.calls("sendMessage")] == [429, 429, 200, 500, 200]


async def test_a_dropped_connection_before_and_after_acting(api, bot, ann):
    api.simulator.faults.add(Fault("sendMessage", "drop_before"))
    with pytest.raises(TelegramNetworkError):
        await bot.send_message(ann.id, "lost")
    api.simulator.faults.add(Fault("sendMessage", "drop_after", skip=1))
    await bot.send_message(ann.id, "heard")
    with pytest.raises(TelegramNetworkError):
        await bot.send_message(ann.id, "heard, but nobody was told")
    accepted = [call.text for call in await api.simulator.calls("sendMessage", ann.id) if call.ok]
    assert accepted == ["heard", "heard, but nobody was told"]


async def test_updates_delivered_twice(api, bot, ann):
    api.simulator.faults.add(Fault("getUpdates", "duplicate"))
    [update] = await bot.get_updates()
    [again] = await bot.get_updates(offset=update.update_id + 1)
    assert again.update_id == update.update_id
    assert await bot.get_updates(offset=update.update_id + 2) == []


async def test_faults_and_clock_over_http(api, ann, http, bot):
    control = f"{api.url}/control"
    async with http.post(f"{control}/faults", json={"method": "sendMessage", "kind": "nonsense"}) as response:
        assert response.status == 400 and "A fault is one of" in (await response.json())["error"]
    await http.post(f"{control}/faults", json={"method": "sendMessage", "kind": "status", "code": 500})
    with pytest.raises(TelegramServerError):
        await bot.send_message(ann.id, "x")
    async with http.get(f"{control}/faults") as response:
        assert [fault["hits"] for fault in (await response.json())["faults"]] == [1]
    await http.delete(f"{control}/faults")
    await http.post(f"{control}/clock", json={"advance": 100_000})
    assert await bot.get_updates() == []


async def test_chats_updates_and_files_are_there_after_a_restart(tmp_path):
    async with LocalBotApi(tmp_path) as api, aiohttp.ClientSession() as http:
        async with await Shopper.join(api.url, "Ann") as ann:
            await ann.writes("hello")
        url = f"{api.url}/bot{api.token}/sendPhoto"
        async with http.get(url, params={"chat_id": ann.id, "photo": "https://a.example/b.jpg"}) as response:
            sent = (await response.json())["result"]
    async with LocalBotApi(tmp_path) as api, aiohttp.ClientSession() as http:
        async with await Shopper.back(api.url, ann.id) as again:
            assert [seen.text for seen in await again.sees()] == ["hello", ""]
        async with http.get(f"{api.url}/bot{api.token}/getUpdates") as response:
            [update] = (await response.json())["result"]
        assert update["message"]["text"] == "hello"
        async with http.get(f"{api.url}/pictures/{sent['photo'][0]['file_id']}") as response:
            assert response.content_type == "image/jpeg"
        number = await api.simulator.act(lambda store: push(store, "message", {}))
        assert number == update["update_id"] + 1


async def test_nothing_acknowledged_is_lost_to_kill_9(tmp_path):
    script = (
        "import asyncio, sys, pathlib\n"
        "from bot.simulator.server import LocalBotApi\n"
        "async def main():\n"
        "    async with LocalBotApi(pathlib.Path(sys.argv[1])) as api:\n"
        "        print(api.url, flush=True)\n"
        "        await asyncio.sleep(60)\n"
        "asyncio.run(main())\n"
    )
    server = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    url = (await asyncio.to_thread(server.stdout.readline)).strip()
    acknowledged: list[int] = []
    async with await Shopper.join(url, "Ann") as ann:

        async def chatter() -> None:
            while True:
                acknowledged.extend(await ann.writes(f"message {len(acknowledged)}"))

        talk = asyncio.create_task(chatter())
        while len(acknowledged) < 40:
            await asyncio.sleep(0.01)
        os.kill(server.pid, signal.SIGKILL)
        with pytest.raises((aiohttp.ClientError, ShopperError)):
            await talk
    server.wait()
    server.stdout.close()
    async with LocalBotApi(tmp_path) as api:
        kept = await api.simulator.act(lambda store: [m["message_id"] for m in store.chats.history(ann.id)])
        assert kept[: len(acknowledged)] == acknowledged
        assert await api.simulator.act(lambda store: store.updates.count(ann.id)) == len(kept)
