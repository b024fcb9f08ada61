"""The drill: the bot is talked to and backed up, its database is lost, and it goes on from the backup."""

import asyncio
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from bot.cli.main import shopbot
from bot.lock import FolderBusyError
from bot.simulator.server import LocalBotApi
from bot.upkeep.backups import back_up, backup_age, bring_back
from storage import personal
from storage.backup.restoring import newest_set
from storage.database import DatabaseBroken
from tests.support.stage import Stage, copy_stocked

SAID = {"en": ("a red dress under $60", "running shoes", "a table lamp"), "zh": ("红色连衣裙", "跑鞋", "台灯")}
ERASE = ("删除我的数据", "是的，全部删除")


@pytest.fixture
async def stage(stocked_folder, tmp_path):
    """The bot's folder can be lost while Telegram, here the local Bot API, keeps what it has."""
    folder = copy_stocked(stocked_folder, tmp_path / "data")
    stage = Stage(folder, backups=tmp_path / "backups")
    (tmp_path / "telegram").mkdir()
    stage.api = LocalBotApi(tmp_path / "telegram")
    async with stage:
        yield stage


@pytest.mark.long
async def test_a_lost_folder_is_restored_and_the_talk_goes_on(stage):
    async with (
        await stage.shopper("Ann") as ann,
        await stage.shopper("Li", "zh") as li,
        await stage.shopper("Wei", "zh") as wei,
    ):
        people = ((ann, "en"), (li, "zh"), (wei, "zh"))
        for person, language in people:
            await person.says(SAID[language][0], expect=2)
        await _backed_up_while_they_talk(stage, people)
        for person, language in people:
            await person.says(SAID[language][2], expect=2)
        await wei.says(ERASE[0])
        await wei.taps(ERASE[1], expect=1)
        await stage.settled()
        with pytest.raises(FolderBusyError):
            bring_back(newest_set(stage.settings.backups), stage.folder, replace=True)
        await stage.close()
        (stage.folder / "shop.db").write_bytes(b"not what it was " * 4096)
        with pytest.raises(DatabaseBroken, match="restore a backup"):
            await stage.open()
        said = _shopbot(stage, "restore", str(stage.settings.backups), "--replace")
        assert "1 shopper had been erased since" in said
        before = len(await stage.api.simulator.calls("sendMessage"))
        await stage.open()
        await _goes_on(stage, people, wei, before)
    checked = _shopbot(stage, "data", "check")
    assert "FAULT" not in checked, checked


async def _backed_up_while_they_talk(stage, people):
    backing = asyncio.create_task(asyncio.to_thread(back_up, stage.settings, stage.settings.backups))
    for person, language in people:
        await person.says(SAID[language][1], expect=2)
    await backing
    assert backup_age(stage.settings, datetime.now(UTC)).total_seconds() < 240


async def _goes_on(stage, people, erased, sent_before):
    with stage.shop() as shop:
        assert not any(personal.counts(shop, erased.id).values()), "the erased stay erased"
        (known,) = shop.db.execute("SELECT max(id) FROM impressions").fetchone()
        under_way = shop.db.execute("SELECT count(*) FROM updates WHERE state = 'new'").fetchone()[0]
    for person, language in people:
        if person is not erased:
            await _talks_on(stage, person, SAID[language], known)
    await stage.settled()
    sent = await stage.api.simulator.calls("sendMessage")
    assert len(sent) - sent_before <= 6 + 2 * under_way, "only what was under way at the backup is answered again"


async def _talks_on(stage, person, said, known):
    with stage.shop() as shop:
        texts = [each.turn.text for each in shop.transcripts.history(person.id, 9)]
    assert said[0] in texts
    assert said[2] not in texts, "it was said after the backup"
    # A button under a message from after the backup means nothing now, and never another item.
    tapped = await person.taps("👍")
    assert tapped.alert or tapped.answer or tapped.new
    await person.says(said[1], expect=2)
    with stage.shop() as shop:
        assert personal.counts(shop, person.id)["feedback"] == 0
        (newest,) = shop.db.execute("SELECT max(id) FROM impressions WHERE user_id = ?", [person.id]).fetchone()
    assert newest > known + 1_000_000


def _shopbot(stage, *arguments):
    ran = CliRunner().invoke(shopbot, [*arguments, "--data", str(stage.folder)])
    if ran.exception and not isinstance(ran.exception, SystemExit):
        raise ran.exception
    assert ran.exit_code == 0, ran.output
    return ran.output
