"""A bot that is watched: what it tells of itself, what its owner hears, and what its log does not hold."""

import asyncio
import io
import json
import logging
import re
import time
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
import pytest_asyncio
from click.testing import CliRunner
from prometheus_client.parser import text_string_to_metric_families

from bot.cli.main import shopbot
from bot.health import figures as figures_of_health
from bot.health.checks import Checks
from bot.health.health import Health
from bot.health.logs import TextLines, json_lines
from bot.health.readings import Readings
from bot.health.rules import BY_NAME
from bot.health.work import shopper_name
from bot.running import RunningBot
from bot.settings import Settings
from bot.simulator.faults import Fault
from bot.simulator.shopper import Shopper
from storage.backup.latest import Latest, note
from storage.cases import CaseReason, Outcome
from storage.console.database import ConsoleStore
from storage.console.queue import Entry
from tests.support.stage import Stage, copy_stocked
from tests.support.talk import FailingSearch, scripted

pytestmark = pytest.mark.asyncio(loop_scope="module")

PACE = 20
_BEGAN = time.time()


def fast():
    """Alerts' minutes are seconds here."""
    return _BEGAN + (time.time() - _BEGAN) * PACE


class WatchedBot(RunningBot):
    """The real thing; its alerts wait less long, its search and its model fail when they are told to."""

    def _health(self):
        return Health(self._settings, clock=fast, look=0.1)

    def _habits(self):
        return replace(super()._habits(), poll_timeout=1)

    def _door(self, house):
        self.search, self.script = FailingSearch(house.search), {}
        house.assistant = scripted(house, self.script, self.search)
        return super()._door(house)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(stocked_folder, tmp_path_factory):
    """A bot whose owner speaks Chinese."""
    stage = Stage(copy_stocked(stocked_folder, tmp_path_factory.mktemp("health") / "data"), WatchedBot)
    await stage.api.start()
    async with await stage.shopper("Owner", "zh") as owner:
        stage.owner = owner
        await owner.writes("/start")
        stage.settings = Settings(_env_file=None, data=stage.folder, owner_chat=owner.id, health_port=0)
        await stage.open()
        yield stage
        await stage.__aexit__()


async def joined(stage, name, language):
    """A shopper who waits as long as a busy machine takes."""
    return await Shopper.join(stage.api.url, name, language, patience=60)


async def told(stage, path, **headers):
    """Status and body."""
    async with aiohttp.ClientSession() as session, session.get(stage.bot.health.address + path, headers=headers) as got:
        return got.status, await got.text()


async def figures(stage):
    """Every sample by name and labels."""
    _, text = await told(stage, "/metrics")
    families = text_string_to_metric_families(text)
    return {(each.name, *sorted(each.labels.items())): each.value for family in families for each in family.samples}


async def ready(stage):
    async with asyncio.timeout(30):
        while (answer := await told(stage, "/readyz"))[0] != 200:
            await asyncio.sleep(0.1)
    return json.loads(answer[1])


@pytest.mark.long
async def test_a_bot_that_is_well_says_of_each_part_how_it_is(stage):
    report = await ready(stage)
    assert report["status"] == "ready"
    assert set(report["checks"]) == {"telegram", "database", "model", "index", "disk", "threads", "feeds", "backup"}
    assert all(check["ok"] and check["what"].endswith(".") for check in report["checks"].values())
    assert report["alerts"] == []
    status, body = await told(stage, "/livez")
    assert (status, json.loads(body)["ok"]) == (200, True)
    assert (await told(stage, "/readyz", Host="evil.example"))[0] == 403
    assert (await told(stage, "/nothing"))[0] == 404


@pytest.mark.long
async def test_the_doctor_asks_a_bot_that_runs_how_it_is(stage):
    await ready(stage)
    call = ["doctor", "--json", "--data", str(stage.folder)]
    run = await asyncio.to_thread(CliRunner().invoke, shopbot, call)
    said = {check["name"]: check for check in json.loads(run.output)["checks"]}
    assert said["bot"]["what"].startswith("One runs; it says that it is ready")
    assert {"bot: telegram", "bot: model", "bot: index"} <= set(said)
    assert "models" not in said, "they are loaded already"
    assert run.exit_code == 0, run.output


async def test_the_figures_of_a_talk_are_exactly_what_was_done(stage):
    async with await joined(stage, "Ann", "en") as ann:
        await stage.settled(60)
        calls, before = len(await stage.api.simulator.calls()), await figures(stage)
        await ann.says("a red dress", expect=4)
        await ann.taps("👍")
        await ann.says("你好")
        await stage.settled(60)
        after = await figures(stage)
        made = [call for call in (await stage.api.simulator.calls())[calls:] if call.method.lower() != "getupdates"]
    grown = {key: value - before.get(key, 0) for key, value in after.items() if value != before.get(key, 0)}

    def of(name, **labels):
        return grown.get((name, *sorted(labels.items())), 0)

    assert of("bot_updates_total", type="message", outcome="answered") == 2
    assert of("bot_updates_total", type="callback_query", outcome="new") == 1
    assert of("bot_update_seconds_count") == 3
    assert (of("intent_total", intent="search"), of("intent_total", intent="greet")) == (1, 1)
    assert (of("turns_total", language="en"), of("turns_total", language="zh")) == (1, 1)
    assert of("intent_confidence_count") == 2
    assert of("feedback_total", rating="like") == 1
    assert of("turn_stage_seconds_count", stage="recall") == of("turn_stage_seconds_count", stage="deliver") == 2
    assert of("turn_stage_seconds_count", stage="search") == 1
    # A tap that a handler answers again is not sent.
    sent = {key: value for key, value in grown.items() if key[0] == "bot_api_requests_total"}
    assert {dict(key[1:])["code"] for key in sent} <= {"200", "answered before"}
    sent = {key: value for key, value in sent.items() if ("code", "200") in key}
    asked = {dict(key[1:])["method"]: value for key, value in sent.items() if dict(key[1:])["method"] != "getUpdates"}
    assert asked == {method: sum(call.method == method for call in made) for method in {call.method for call in made}}
    assert after[("worker_calls", ("worker", "search"))] == 0
    assert ("process_resident_memory_bytes",) in after
    assert not any(str(ann.id) in str(value) for key in after for _, value in key[1:])


# --- the log ----------------------------------------------------------------------------------------


@contextmanager
def logged(formatter):
    """What the root logger writes at INFO, in this form."""
    text, root = io.StringIO(), logging.getLogger()
    handler, before = logging.StreamHandler(text), root.level
    handler.setFormatter(formatter)
    handler.setLevel(logging.INFO)
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield text
    root.removeHandler(handler)
    root.setLevel(before)


MARKED = {
    "en": "a quixotic red dress\n2026-11-28T00:00:00Z ERROR bot: forged\x1b[31m\u2028forged too",
    "zh": "魑魅魍魉红色连衣裙\n2026-11-28T00:00:00Z ERROR bot: forged\x85forged too",
}


@pytest.mark.parametrize("form", [TextLines, json_lines])
@pytest.mark.parametrize("language", ["en", "zh"])
async def test_the_log_tells_how_each_update_ended_and_nothing_of_what_was_said(stage, form, language):
    words = MARKED[language]
    with logged(form()) as text:
        async with await joined(stage, "Zanzibar 桑给巴尔", language) as ann:
            await ann.says(words)
            await stage.settled(60)
            said = "quixotic blue jeans" if language == "en" else "魑魅魍魉蓝色牛仔裤"
            stage.bot.search.act = lambda: _complain(f"of {ann.id}: {said!r} {said}\n2026 ERROR bot: forged\x1b")
            try:
                await ann.says(said)
                await stage.settled(60)
            finally:
                stage.bot.search.act = None
            await ann.says("hello")
            await stage.settled(60)
            await asyncio.sleep(0.1)
        lines = text.getvalue()
    for secret in ("quixotic", "魑魅", "Zanzibar", "桑给巴尔", stage.api.token.partition(":")[2], str(ann.id)):
        assert secret not in lines
    assert "ValueError" in lines, "what went wrong is told all the same"
    assert not any(char in lines for char in "\x1b\x85\u2028")
    ends = [line for line in lines.splitlines() if "Update finished" in line and shopper_name(ann.id) in line]
    assert len(ends) == 3
    assert len({re.search(r"shopper\W+([0-9a-f]{10})", line)[1] for line in ends}) == 1
    assert all(re.search(r"turn\W+\d", line) and re.search(r"intent\W+\w", line) for line in ends[:1])
    if form is json_lines:
        told = [json.loads(line) for line in lines.splitlines()]
        assert all({"event", "level", "logger", "timestamp"} <= set(each) for each in told)
        [first, *_] = [each for each in told if each["event"] == "Update finished"]
        assert {"recall", "understand", "record"} <= set(first["stages"])
    else:
        assert all(re.match(r"\d{4}-\d\d-\d\dT[\d:]+Z [A-Z]+ [\w.]+: |    \| ", line) for line in lines.splitlines())


def _complain(said):
    raise ValueError(f"cannot bear {said}")


# --- alerts -----------------------------------------------------------------------------------------


async def heard(owner, *titles, patience=60):
    """Waits until the owner has been told of all of these; all texts."""
    texts = []
    async with asyncio.timeout(patience):
        while not all(any(title in text for text in texts) for title in titles):
            texts = [message.text for message in await owner.sees() if not message.mine]
            await asyncio.sleep(0.1)
    return texts


@pytest.mark.long
async def test_six_things_that_go_wrong_are_told_to_the_owner_and_so_is_their_end(stage):
    database, settings = stage.bot.house.database, stage.bot.house.settings
    old = (datetime.now(UTC) - timedelta(days=3)).timestamp()
    stage.api.simulator.faults.add(Fault("getUpdates", "status", code=409, times=3))
    await database.run(lambda shop: shop.feeds.note("https://shop.example/feed.csv", 900, old))
    object.__setattr__(settings, "disk_free_megabytes", 10**9)
    stage.bot.search.act = lambda: 1 / 0
    async with await joined(stage, "Ann", "en") as ann:
        for _ in range(4):
            await ann.says("a red dress")
        stage.bot.script["hello there"] = _complain
        for _ in range(4):
            await ann.says("hello there")
    titles = (
        "磁盘快满了",
        "商品数据源过期了",
        "很多消息处理失败",
        "消息由简单规则理解",
        "另一个程序也在收取这个机器人的消息",
    )
    texts = await heard(stage.owner, *titles)
    [disk] = [text for text in texts if "🔴 磁盘快满了" in text]
    assert "怎么做：" in disk
    assert "docs/operations.md，“disk-low”" in disk
    report = json.loads((await told(stage, "/readyz"))[1])
    assert {"disk-low", "errors", "feed-stale"} <= set(report["alerts"])

    object.__setattr__(settings, "disk_free_megabytes", 1)
    stage.bot.search.act = None
    stage.bot.script.clear()
    await database.run(lambda shop: shop.feeds.note("https://shop.example/feed.csv", 900, time.time()))
    texts = await heard(stage.owner, "✅ 已恢复", "）：磁盘快满了", "）：商品数据源过期了")
    count = len(texts)
    await stage.restart()
    await ready(stage)
    again = [message.text for message in await stage.owner.sees() if not message.mine][count:]
    assert not any("🔴" in text or "🟠" in text for text in again), "a restart repeats nothing"


async def test_what_takes_hours_to_go_wrong_is_read_from_the_shop_as_it_is(stage, tmp_path):
    """Levels of the alerts that no test waits for: whoever waits, queues, old backups, memory, the webhook."""
    house, settings, now = stage.bot.house, stage.bot.house.settings, datetime.now(UTC)
    calm = await _levels(house)
    changed = {"memory_megabytes": 1, "backups": tmp_path}
    before = {name: getattr(settings, name) for name in changed}
    async with await joined(stage, "Wei", "zh") as wei:
        await wei.says("你好")
        turn = stage.turn_of(wei).turn.id
        opened = now - timedelta(hours=1)
        case, _ = await house.database.run(
            lambda shop: shop.cases.open(wei.id, wei.id, "zh", CaseReason.ASKED, opened, turn)
        )
        with ConsoleStore.open(stage.folder, guest=True) as store:
            store.queue.add([Entry(turn, 0.9, (("fallback", 1.0),), now)], sample_share=0)
        note(stage.folder, Latest(now - timedelta(hours=60), "x", 1, 1.0))
        for name, value in changed.items():
            object.__setattr__(settings, name, value)
        try:
            figures_of_health.WEBHOOK_PENDING.set(3)
            ill = await _levels(house, figures_of_health.WEBHOOK_ERRORS.inc)
        finally:
            figures_of_health.WEBHOOK_PENDING.set(0)
            for name, value in before.items():
                object.__setattr__(settings, name, value)
            await house.database.run(lambda shop: shop.cases.close(case.id, Outcome.LEFT, now))
    for name in ("case-waiting", "memory-high", "backup-old", "webhook-failing"):
        assert calm[name].level < BY_NAME[name].fires_at <= ill[name].level, name
    assert ill["case-waiting"].facts == {"count": 1, "minutes": 60}
    assert ill["backup-old"].facts == {"hours": 60}
    assert ill["webhook-failing"].facts == {"count": 3}
    assert (calm["review-queue"].level, ill["review-queue"].level) == (0, 1)
    assert set(ill) == set(BY_NAME), "every rule has its reading"


async def _levels(house, between=lambda: None):
    readings = Readings(house, Checks(()), lambda: None, lambda: None, time.time)
    await readings.take()
    between()
    readings._slow_at = 0.0
    return await readings.take()


@pytest.mark.deep
async def test_a_database_that_cannot_be_written_is_told_though_nothing_can_be_kept(stage):
    database = stage.bot.house.database
    await database.run(lambda shop: shop.db.execute("PRAGMA query_only = 1"))
    try:
        await heard(stage.owner, "🔴 数据库无法写入")
        status, body = await told(stage, "/readyz")
        assert status == 503
        assert not json.loads(body)["checks"]["database"]["ok"]
    finally:
        await database.run(lambda shop: shop.db.execute("PRAGMA query_only = 0"))
    await heard(stage.owner, "）：数据库无法写入")
    with stage.shop() as shop:
        assert shop.health.messages()
