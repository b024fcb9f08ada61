"""A shopper and the door: texts, commands, things that cannot be read."""

import asyncio

from bot.simulator.shopper import texts


async def test_a_text_is_answered_with_a_header_and_cards(house):
    async with house.open(), await house.join() as ann:
        page = await ann.says("dress", expect=4)
    assert page[0].text == "Here is what I found for dress"
    assert page[0].labels == ("✕ red", "More")
    assert [seen.text.splitlines()[0] for seen in page[1:]] == ["1. Dress 1001", "2. Dress 1002", "3. Dress 1003"]
    assert all(seen.photo for seen in page[1:])
    assert page[1].labels[:6] == ("👍", "👎", "Cheaper", "More like this", "Less like this", "ⓘ Why?")


async def test_the_language_of_telegram_reaches_the_assistant(house):
    async with house.open(), await house.join(language="zh-hans") as ann:
        page = await ann.says("dress", expect=4)
    assert page[0].text == "为您找到：dress"
    assert page[1].text.startswith("1. 连衣裙1001\nUS$1,040.50")


async def test_commands_reach_the_assistant_with_their_arguments(house):
    async with house.open(), await house.join() as ann:
        await ann.says("/start p_123")
        await ann.says("/HELP")
        await ann.says("/language zh")
        await ann.says("/language auto")
        await ann.says("/nonsense")
        payload = await house.database.run(lambda shop: shop.shoppers.start_payload(ann.id))
    assert house.assistant.commands == [
        ("start", "p_123"),
        ("help", ""),
        ("language", "zh"),
        ("language", ""),
        ("help", ""),
    ]
    assert payload == "p_123"


async def test_language_without_a_choice_offers_buttons(house):
    async with house.open(), await house.join() as ann:
        [question] = await ann.says("/language")
        assert question.labels == ("English", "中文", "Automatic")
        await ann.taps("中文", expect=1)
    assert house.assistant.commands == [("language", "zh")]


async def test_the_menu_is_set_in_both_languages(house):
    async with house.open(), await house.join() as ann, await house.join("小明", "zh") as ming:
        await ann.says("hello")
        await asyncio.wait_for(_until(lambda: ming.menu()), 5)
        english, chinese = await ann.menu(), await ming.menu()
    assert [entry["command"] for entry in english] == ["start", "help", "reset", "language"]
    assert english[1]["description"] == "What I can do"
    assert chinese[1]["description"] == "我能做什么"


async def test_what_cannot_be_read_gets_a_clear_sentence(house):
    async with house.open(), await house.join() as ann, await house.join("小明", "zh") as ming:
        sticker = await ann.sends_sticker()
        voice = await ming.sends_voice()
        photo = await ann.sends_photo(caption="dress in this colour")
    assert sticker[0].text.startswith("Nice sticker! I cannot read stickers yet.")
    assert voice[0].text.startswith("我还听不了语音。")
    assert photo[0].text.splitlines() == [
        "I read the words under the picture, not the picture itself.",
        "dress in this colour",
    ]


async def test_kinds_of_message_that_came_later_get_a_sentence_too(house):
    async with house.open(), await house.join() as ann:
        for content in ({"game": {"title": "G", "description": "", "photo": []}}, {"hologram": {"depth": 3}}):
            [answer] = await ann.sends(content)
            assert answer.text.startswith("I cannot read this kind of message yet.")


async def test_edited_words_under_a_picture_are_answered_anew(house):
    async with house.open(), await house.join() as ann:
        [answer] = await ann.sends({"caption": "hat", "photo": [], "edit_date": 1_900_000_000}, "edited_message")
    assert answer.text.splitlines()[0].startswith("You edited your message")
    assert answer.text.splitlines()[-1] == "hat"


async def test_an_edited_message_is_answered_anew(house):
    async with house.open(), await house.join() as ann:
        await ann.says("drss")
        again = await ann.edits("dress", expect=4)
    assert again[0].text.startswith("You edited your message")
    assert [turn.source for turn in house.assistant.turns] == ["text", "edited"]


async def test_markup_and_hidden_characters_are_harmless(house):
    async with house.open(), await house.join() as ann:
        [answer] = await ann.says("<b>5 < 6 & 7</b> \u202eabc")
    assert answer.text == "<b>5 < 6 & 7</b> abc"


async def test_of_a_very_long_message_the_first_part_is_read(house):
    async with house.open(), await house.join() as ann:
        answer = await ann.says("word " * 2000, whole=True)
    assert answer[0].text.startswith("That was long, so I read the first part only.\nword word")
    assert len(house.assistant.heard[0][1]) == 1000


async def test_a_tappable_answer_counts_as_said(house):
    async with house.open(), await house.join() as ann:
        [question] = await ann.says("which")
        await ann.taps("More", on=question, expect=4)
    [press] = house.assistant.presses
    assert (press.action, press.argument, press.target) == ("say", "dress", 7)


async def test_a_failure_is_apologised_for_once(house):
    async with house.open(), await house.join() as ann:
        said = await ann.says("boom")
        more = await ann.says("hello")
        outcomes = await house.outcomes()
    assert texts(said) == ["Sorry, something went wrong on my side. Please try again in a moment."]
    assert texts(more) == ["hello"]
    assert [state for state, _ in outcomes] == ["failed", "done"]
    assert outcomes[0][1].startswith("failed: incident ")


async def _until(ask):
    while not await ask():
        await asyncio.sleep(0.02)
