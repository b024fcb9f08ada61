"""Outside the chat in words: other chats (@bot), groups, photos, voice; and a shopper who is forgotten everywhere."""

import io
import sqlite3
import sys

import pytest
import pytest_asyncio
from PIL import Image, ImageDraw

from bot.simulator import acts
from storage import personal
from storage.demo.catalogue import demo_products
from storage.demo.pictures import picture
from tests.support.stage import Stage, copy_stocked

pytestmark = pytest.mark.asyncio(loop_scope="module")
HEARD = "a red dress"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(stocked_folder, tmp_path_factory):
    """A bot whose recogniser of voice messages hears one wish."""
    folder = copy_stocked(stocked_folder, tmp_path_factory.mktemp("outside") / "data")
    command = f"{sys.executable} -c \"print('{HEARD}')\""
    async with Stage(folder, voice_command=command) as stage:
        yield stage
        assert await stage.api.simulator.alarms() == [], "methods that the local Bot API does not serve"


# --- other chats and groups -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "words", "price"), [("en", "red dress under $60", "$"), ("zh", "红色连衣裙", "US$")]
)
async def test_in_any_chat_everybody_gets_the_same_products(stage, language, words, price):
    async with (
        await stage.shopper("Ann", language) as ann,
        await stage.shopper("Bo", language) as bo,
    ):
        await ann.says("a black dress", expect=4)
        await ann.taps("👍")
        found, others = await ann.asks_inline(words), await bo.asks_inline(words)
        assert [each["title"] for each in found["results"]] == [each["title"] for each in others["results"]]
        assert found["results"]
        assert found["is_personal"] is False
        assert 0 < found["cache_time"] <= 300
        assert all(price in each["description"] for each in found["results"])
        assert "?start=p_" in found["results"][0]["reply_markup"]["inline_keyboard"][0][0]["url"]
        with stage.shop() as shop:
            assert shop.transcripts.history(bo.id, 5) == []


async def test_in_a_group_the_bot_is_silent_until_it_is_spoken_to(stage):
    simulator = stage.api.simulator
    name = (await simulator.act(lambda store: store.bot()))["username"]
    group = await simulator.act(lambda store: acts.found_group(store, "Friends"))
    async with await stage.shopper("Ann") as ann:
        await ann.says("/preferences")

        async def says(text, reply_to=0):
            await simulator.act(lambda store: acts.say_in_group(store, group, ann.id, text, reply_to))
            await stage.settled()
            messages = await simulator.act(lambda store: store.chats.history(group))
            return [message for message in messages if message["from"]["is_bot"]]

        assert await says("who wants a red dress?") == []
        [found] = await says(f"@{name} red dress under $60")
        assert "From the shop:" in found["text"]
        assert found["reply_markup"]["inline_keyboard"][0][0]["url"].endswith("?start=group")
        replied = await says("headphones", reply_to=found["message_id"])
        assert len(replied) == 2
        hello = await says(f"/cart@{name}")
        assert len(hello) == 3
        assert "private chat" in hello[-1]["text"]
        assert "/cart" not in hello[-1]["text"]
        assert len(await says("/cart@another_bot")) == 3
        with stage.shop() as shop:
            assert personal.counts(shop, group)["turns"] == 0


# --- photos and voice -----------------------------------------------------------------------------------


def dress(color):
    return next(p for p in demo_products() if p.category == "dresses" and p.colors == (color,))


@pytest.mark.parametrize(("language", "word", "only"), [("en", "red", "by colour alone"), ("zh", "红", "只看颜色")])
async def test_a_photo_is_looked_at_for_its_colour(stage, language, word, only):
    async with await stage.shopper("Ann", language) as ann:
        seen = await ann.sends_photo(picture(dress("red")), expect=4)
        assert only in seen[0].text
        assert word in seen[0].text
        wished = stage.turn_of(ann).need.wishes
        assert {wish.name.value for wish in wished} == {"color"}
        assert "red" in {wish.value for wish in wished}


async def test_a_photo_goes_into_the_wish_that_is_going_on(stage):
    async with await stage.shopper("Ann") as ann:
        await ann.says("dresses", expect=4)
        await ann.sends_photo(picture(dress("green")), expect=4)
        wished = {wish.value for wish in stage.turn_of(ann).need.wishes}
        assert wished >= {"dresses", "green"}


async def test_a_photo_without_a_thing_on_it_is_said_to_be_unclear(stage):
    blank = io.BytesIO()
    image = Image.new("RGB", (400, 300), (200, 200, 200))
    ImageDraw.Draw(image).line((0, 0, 10, 10), fill=(190, 190, 190))
    image.save(blank, "JPEG")
    async with await stage.shopper("Ann") as ann:
        [answer] = await ann.sends_photo(blank.getvalue())
        assert "cannot make out" in answer.text
        assert "💡 Other ideas" in answer.labels


async def test_a_voice_message_is_answered_as_it_was_heard(stage):
    async with await stage.shopper("Ann") as ann:
        answer = await ann.sends_voice(expect=4)
        assert f"I heard: “{HEARD}”" in answer[0].text
        assert {wish.value for wish in stage.turn_of(ann).need.wishes} == {"red", "dresses"}


# --- forgotten ------------------------------------------------------------------------------------------


@pytest.mark.long
@pytest.mark.parametrize(
    ("language", "secret", "erase", "sure", "gone"),
    [
        ("en", "a red dress for Wilhelmina Quandt", "delete my data", "Yes, erase everything", "is erased"),
        ("zh", "给王小薇买红色连衣裙", "删除我的数据", "是的，全部删除", "都已删除"),
    ],
)
async def test_who_asks_for_it_leaves_no_trace_in_any_table_or_file(stage, language, secret, erase, sure, gone):
    async with await stage.shopper("Ann", language) as ann:
        await ann.says("/start summer_sale")
        await ann.says(secret, expect=2)
        await ann.taps("👍")
        await ann.says("I never want polyester" if language == "en" else "永远不要涤纶的")
        await ann.taps("Yes, keep it" if language == "en" else "可以，记下来", expect=1)
        await ann.says(erase)
        tapped = await ann.taps(sure, expect=1)
        assert gone in tapped.new[0].text
        await stage.settled()
        with stage.shop() as shop:
            assert not any(personal.counts(shop, ann.id).values())
        name = "Quandt" if language == "en" else "王小薇"
        assert _traces(stage.folder, str(ann.id), name) == []
        [again] = await ann.says("/start")
        assert "/privacy" in again.text  # the notice that newcomers get


def _traces(folder, *needles):
    """Tables and files of the data folder that mention one of the texts; the local Bot API's chats are Telegram's."""
    found = []
    for path in folder.rglob("*"):
        if not path.is_file() or path.name.startswith("simulator.db") or path.suffix == ".onnx":
            continue
        if path.suffix == ".db" and "index" not in path.parts:
            found += [f"{path.name}:{table}" for table in _tables_with(path, needles)]
        content = path.read_bytes()
        found += [path.name for needle in needles if needle.encode() in content]
    return found


def _tables_with(path, needles):
    db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    names = [
        n for (n,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%_text%'")
    ]
    for name in names:
        for row in db.execute(f"SELECT * FROM {name}"):
            if any(needle in str(value) for value in row for needle in needles):
                yield name
                break
    db.close()
