"""What a photo asks for: by look where something looks like it, else by words or colours, and the reply says which."""

import pytest

from storage.demo.catalogue import demo_products

pytestmark = pytest.mark.asyncio(loop_scope="module")
DRESSES = tuple(p.id for p in demo_products() if p.category == "dresses" and p.stock != 0 and not p.sponsored)[:12]
WORDS = {
    "headphones": {"en": "headphones", "zh": "耳机"},
    "this": {"en": "do you have this?", "zh": "有这个吗？"},
    "same": {"en": "something like this in red", "zh": "找同款，红色的"},
    "cheaper": {"en": "like this but cheaper", "zh": "类似的，便宜一点"},
    "bells": {"en": "this with bells", "zh": "要有铃铛的"},
}


def codes(reply):
    return [line.code for line in reply.lines]


def need_of(reader, talk):
    return reader.transcripts.history(talk.user_id, 1)[-1].need


def ids_of(reply):
    return [card.product.id for card in reply.cards]


async def test_what_looks_like_the_photo_is_the_page(talk, reader):
    reply = await talk.shows(("red",), DRESSES)
    assert codes(reply)[0] == "photo-look"
    assert ids_of(reply)[0] == DRESSES[0]
    assert set(ids_of(reply)) <= set(DRESSES)
    assert need_of(reader, talk).wishes == ()
    again = await talk.assistant.see(talk.last, ("red",), b"", DRESSES)
    assert again.repeated
    assert ids_of(again) == ids_of(reply)


async def test_where_nothing_looks_like_it_its_colours_are_what_is_left(talk, reader):
    reply = await talk.shows(("red",), ())
    assert codes(reply)[:2] == ["photo-look-none", "photo-colors"]
    assert {wish.value for wish in need_of(reader, talk).wishes} == {"red"}
    reply = await talk.shows((), ())
    assert codes(reply)[:2] == ["photo-look-none", "photo-unclear"]


async def test_where_it_was_not_looked_for_nothing_is_said_of_looks(talk):
    reply = await talk.shows(("red",))
    assert codes(reply)[0] == "photo-colors"


async def test_a_wish_for_another_kind_of_thing_gives_way_to_the_photo(talk, reader):
    await talk.says(WORDS["headphones"][talk.language])
    reply = await talk.shows(("red",), DRESSES)
    assert ids_of(reply)[0] == DRESSES[0]
    assert need_of(reader, talk).wishes == ()


async def test_a_photo_by_colour_after_one_by_look_asks_for_its_colour(talk, reader):
    await talk.shows(("red",), DRESSES)
    await talk.shows(("blue",))
    need = need_of(reader, talk)
    assert need.looks == ()
    assert {wish.value for wish in need.wishes} == {"blue"}


async def test_words_that_what_looks_like_it_does_not_fit_are_answered_by_themselves(talk, reader):
    reply = await talk.shows(("red",), DRESSES, WORDS["headphones"][talk.language])
    assert codes(reply)[0] == "photo-look-beyond"
    assert need_of(reader, talk).looks == ()
    assert all("headphones" in card.product.categories for card in reply.cards)
    assert reply.cards


async def test_words_are_answered_where_nothing_looks_like_it(talk, reader):
    reply = await talk.shows(("red",), (), WORDS["headphones"][talk.language])
    assert codes(reply)[0] == "photo-look-none"
    assert reply.cards
    assert need_of(reader, talk).looks == ()


@pytest.mark.parametrize(
    ("words", "wished", "cheapest"),
    [("this", set(), False), ("same", {"red"}, False), ("cheaper", set(), True)],
)
async def test_words_under_a_photo_are_what_it_is_wanted_like(talk, reader, words, wished, cheapest):
    reply = await talk.shows(("red",), DRESSES, WORDS[words][talk.language])
    need = need_of(reader, talk)
    assert codes(reply)[0] == "photo-look"
    assert (need.looks, need.query, need.cheapest) == (DRESSES, "", cheapest)
    assert {wish.value for wish in need.wishes} == wished


async def test_a_property_that_no_look_alike_states_is_said_to_be_unstated(talk, reader):
    reply = await talk.shows(("red",), DRESSES, WORDS["bells"][talk.language])
    [wish] = need_of(reader, talk).wishes
    assert wish.name.value == "feature"
    assert "not-stated" in codes(reply)


async def test_another_kind_of_thing_said_afterwards_lets_go_of_the_photo(talk, reader):
    await talk.shows(("red",), DRESSES)
    reply = await talk.says(WORDS["headphones"][talk.language])
    assert need_of(reader, talk).looks == ()
    assert reply.cards
