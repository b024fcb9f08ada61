"""The nightly work: once a night, by a process of its own, told on a page; a step that fails holds up no other."""

import asyncio
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from bot.cli.main import shopbot
from bot.drift.watching import kept
from bot.settings import Settings, SettingsError, load_settings
from bot.upkeep.night import work
from bot.upkeep.nightly import Nightly
from storage.console.database import ConsoleStore
from storage.console.day_sums import Asked
from storage.console.staff import Role
from storage.records import Reaction
from tests.support.figures import Talk
from tests.support.staff import Member

NOW = datetime(2026, 11, 27, 3, 30, tzinfo=UTC)


@pytest.fixture
def talked(folder):
    with Talk(folder) as talk:
        shown = talk.turn("lamp", user=1, cards=2)
        talk.react(shown, 0, Reaction.LIKE)
        talk.turn("old lamp", user=2, cards=1, at=datetime.now(UTC) - timedelta(days=900))
    return folder


def test_a_night_is_worked_once_and_told_on_a_page(talked, app):
    first = CliRunner().invoke(shopbot, ["night", "--data", str(talked)])
    assert first.exit_code == 0, first.output
    assert "3 days were counted." in first.output
    assert "older than" in first.output
    again = CliRunner().invoke(shopbot, ["night", "--data", str(talked)])
    assert "done, or under way" in again.output
    with ConsoleStore.open(talked) as store:
        (night,) = store.nights.last()
        assert (night.state, night.tries) == ("done", 1)
        assert [code for code, _ in night.said] == ["sums", "retention", "no-backup", "arms", "drift"]
        sums = store.figures.totals("turns", Asked("2000-01-01", "2100-01-01"))
        assert sums == {"messages": 2}, "what went was counted before"
        assert store.db.execute("SELECT count(*) FROM shop.turns").fetchone()[0] == 1
        assert store.counted.get("arms")[1]["arms"][0]["shoppers"] == 1
    assert kept(talked)["state"] == "too-little"
    for language in ("en", "zh"):
        boss = Member.of(app, f"boss-{language}", Role.ADMIN, language)
        assert {"en": "3 days were counted.", "zh": "已统计 3 天。"}[language] in boss.text("/nights")
    assert Member.of(app, "ana").get("/nights").status_code == 403


def test_a_step_that_fails_is_told_and_the_others_are_done(talked, app):
    """The folder of reports is a file, so that the report of the talk cannot be kept."""
    (talked / "learning").write_text("no folder")
    with Talk(talked) as talk:
        for number in range(250):
            for days in (0, 20):
                at = datetime.now(UTC) - timedelta(days=days, seconds=number)
                talk.turn(f"lamp {number}", user=number % 40, at=at)
    with ConsoleStore.open(talked) as store:
        said = work(Settings(_env_file=None, data=talked), store)
        assert [code for code, _ in said] == ["sums", "retention", "no-backup", "arms", "drift-failed"]
        store.nights.claim(NOW.date(), NOW)
        store.nights.end(NOW.date(), said, NOW)
        assert store.nights.last()[0].state == "failed"
    for language, words in (("en", "could not be told"), ("zh", "无法判断")):
        assert words in Member.of(app, f"boss-{language}", Role.ADMIN, language).text("/nights")


def test_a_night_that_failed_is_tried_again_later_and_a_dead_one_too(folder):
    with ConsoleStore.open(folder) as store:
        nights, day = store.nights, NOW.date()
        assert nights.claim(day, NOW)
        assert not nights.claim(day, NOW + timedelta(hours=5)), "somebody is at it"
        assert nights.claim(day, NOW + timedelta(hours=6)), "whoever it was is dead"
        nights.end(day, [("sums-failed", {"why": "disk full"})], NOW + timedelta(hours=6))
        assert not nights.due(day, NOW + timedelta(hours=6, minutes=59))
        assert nights.claim(day, NOW + timedelta(hours=7))
        nights.end(day, [("sums-failed", {"why": "disk full"})], NOW)
        assert not nights.due(day, NOW + timedelta(hours=20)), "three times are enough for one night"
        assert nights.claim(day, NOW, force=True)
        nights.end(day, [("sums", {"days": 1})], NOW)
        assert not nights.due(day, NOW + timedelta(days=9))
        assert nights.due(day + timedelta(days=1), NOW)


@pytest.mark.long
async def test_a_running_bot_has_the_night_worked_and_not_twice(talked):
    """The house's own clock stands at the hour; the work is a process."""
    settings = Settings(_env_file=None, data=talked, night="00:00")
    house = SimpleNamespace(settings=settings, clock=lambda: datetime.now(UTC))
    nightly = asyncio.create_task(Nightly(house, after_start=0, look=0.05).run())
    try:
        async with asyncio.timeout(120):
            while not (done := _nights(talked)) or done[0].state == "running":
                await asyncio.sleep(0.1)
        await asyncio.sleep(0.3)
    finally:
        nightly.cancel()
        await asyncio.gather(nightly, return_exceptions=True)
    assert [(night.state, night.tries) for night in _nights(talked)] == [("done", 1)]


async def test_before_the_hour_and_where_it_is_switched_off_nothing_is_done(talked):
    for hour, now in (("23:59", datetime(2026, 11, 27, 3, 0, tzinfo=UTC)), ("", datetime.now(UTC))):
        settings = Settings(_env_file=None, data=talked, night=hour)
        house = SimpleNamespace(settings=settings, clock=lambda now=now: now)
        nightly = asyncio.create_task(Nightly(house, after_start=0, look=0.01).run())
        await asyncio.sleep(0.1)
        nightly.cancel()
        await asyncio.gather(nightly, return_exceptions=True)
        assert _nights(talked) == []


def test_an_hour_that_is_none_stops_the_start_with_a_sentence(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SHOPBOT_NIGHT", "half past three")
    with pytest.raises(SettingsError, match="no time of day"):
        load_settings()


def _nights(folder):
    with ConsoleStore.open(folder) as store:
        return store.nights.last()
