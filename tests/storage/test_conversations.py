"""Turns become conversations, with figures that always say what the turns say."""

import sqlite3
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlite_utils import Database

from storage import forgetting
from storage.conversations import LANGUAGES, SILENCE, intent_bits, language_bit
from storage.database import SHOP, open_database
from storage.migrations import migrations
from storage.records import Feedback, Intent, Need, Reaction, Stage, Understanding
from storage.retention import Kept, expire
from storage.shop import FILE_NAME, Shop
from storage.turn_words import TurnWords, asked_words

AT = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


def reading(intent=Intent.SEARCH, confidence=0.9, **changed):
    fields = {"model": "lora-1"} | changed
    return Understanding("a red dress", "en", intent, confidence, ((intent, confidence),), Stage.BROWSE, **fields)


@pytest.fixture
def say(shop, make_turn):
    """A shopper says something after some minutes and is answered, unless `understanding` is left out."""

    def act(text, minutes, user_id=7, language="en", understanding=None, slate=None, answered=True, **changed):
        turn = shop.transcripts.begin(make_turn(text, user_id, said_at=AT + timedelta(minutes=minutes)))
        if answered:
            shop.transcripts.finish(
                turn.id,
                understanding=understanding or reading(),
                need=Need(language=language),
                slate=slate,
                reply='{"lines": []}',
                timings={},
                versions={},
                **({"degraded": False} | changed),
            )
        return turn

    return act


@pytest.fixture
def dresses(catalogue, make_product):
    made = [make_product(f"p{n}", title=f"Larkhill dress {n}", title_zh="亚麻连衣裙") for n in range(4)]
    catalogue.upsert(made)
    return made


def found(shop, text):
    return [(hit.conversation_id, hit.turn_id, hit.shown) for hit in TurnWords(shop.db).hits(asked_words(text))]


def test_a_silence_of_two_hours_ends_a_conversation(shop, say):
    quiet = SILENCE.total_seconds() / 60
    first, second = say("hello", 0), say("a dress", quiet)
    third, other = say("and shoes", 2 * quiet + 1), say("你好", 1, user_id=8)
    ids = [shop.conversations.of_turn(turn.id) for turn in (first, second, third, other)]
    assert ids == [1, 1, 2, 3]
    held = shop.conversations.get(1)
    assert (held.first_turn, held.last_turn, held.turns) == (first.id, second.id, 2)
    assert (held.began_at, held.ended_at) == (first.said_at, second.said_at)
    assert [one.id for one in shop.conversations.of_shopper(7, 5)] == [2, 1]
    assert shop.conversations.get(99) is None
    assert shop.conversations.of_turn(99) is None


def test_a_message_that_comes_late_neither_ends_nor_shortens_a_conversation(shop, say):
    say("now", 60)
    say("sent before", 10)
    held = shop.conversations.get(1)
    assert (held.turns, held.ended_at) == (2, AT + timedelta(minutes=60))


def test_the_figures_follow_the_turns(shop, say):
    say("a red dress", 0, understanding=reading(Intent.SEARCH, 0.8, also=(Intent.GREET,)))
    say("嗯", 1, language="zh", understanding=reading(Intent.DENY, 0.3, model="lora-2"), fallback=True)
    say("", 2, understanding=reading(Intent.MORE, 1.0, model="button"), degraded=True)
    say("nobody answered", 3, answered=False)
    held = shop.conversations.get(1)
    assert (held.turns, held.fallbacks, held.degraded, held.handoffs) == (4, 1, 1, 0)
    assert held.lowest_confidence == 0.3
    assert held.languages == ("en", "zh")
    assert set(held.intents) == {Intent.SEARCH, Intent.GREET, Intent.DENY}
    assert held.models == ("lora-1", "lora-2")
    shop.conversations.handed_off(1)
    assert shop.conversations.get(1).handoffs == 1


def test_the_thumbs_are_those_that_hold(shop, say, dresses, make_slate):
    turn = say("a dress", 0, slate=make_slate(dresses))
    first, second, *_ = shop.transcripts.page(turn.id)

    def press(card, reaction):
        shop.feedback.add(Feedback(card.id, 7, reaction, AT))
        held = shop.conversations.get(1)
        return held.thumbs_up, held.thumbs_down

    assert press(first, Reaction.LIKE) == (1, 0)
    assert press(first, Reaction.LIKE) == (1, 0)
    assert press(second, Reaction.DISLIKE) == (1, 1)
    assert press(first, Reaction.DISLIKE) == (0, 2)
    assert press(second, Reaction.MORE_LIKE) == (0, 2)
    shop.feedback.rebuild()
    held = shop.conversations.get(1)
    assert (held.thumbs_up, held.thumbs_down) == (0, 2)


def test_words_are_found_in_both_languages_and_in_what_was_shown(shop, say, dresses, make_slate):
    red = say("a red dress for Wilhelmina", 0, slate=make_slate(dresses))
    ears = say("想要200元以内的蓝牙耳机", 300, language="zh")
    assert found(shop, "wilhelmina's dresses") == [(1, red.id, False)]
    assert found(shop, "耳机") == found(shop, "藍牙") == [(2, ears.id, False)]
    assert found(shop, "连衣裙") == found(shop, "larkhill") == [(1, red.id, True)]
    assert found(shop, "dress") == [(1, red.id, False), (1, red.id, True)]
    assert found(shop, "the") == found(shop, "quxolm") == found(shop, '" OR *') == []


def test_the_latest_conversation_comes_first_and_a_page_goes_on_where_one_ended(shop, say):
    for number in range(5):
        say("socks", number * 300)
    words = TurnWords(shop.db)
    assert [hit.conversation_id for hit in words.hits(("sock",))] == [5, 4, 3, 2, 1]
    assert [hit.conversation_id for hit in words.hits(("sock",), below=3)] == [2, 1]


def test_erasing_takes_the_words_out_of_the_file(shop, say, tmp_path):
    for number in range(40):
        say(f"hello number{number}", number * 200)
    say("my name is Wilhelmina Xylophon", 0, user_id=8)
    forgetting.erase(shop, 8)
    assert found(shop, "wilhelmina") == []
    assert len(found(shop, "hello")) == 40
    assert [one.user_id for one in shop.conversations.of_shopper(8, 5)] == []
    shop.db.execute("INSERT INTO turn_text (turn_text) VALUES ('integrity-check')")
    shop.close()
    for path in tmp_path.iterdir():
        held = path.read_bytes().lower()
        assert b"wilhelmina" not in held
        assert b"xylophon" not in held


def test_the_end_of_a_period_takes_the_words_out_of_the_file(shop, say, tmp_path):
    say("my name is Wilhelmina Xylophon", 0)
    for number in range(45):
        say(f"hello number{number}", 10_000 + number * 200)
    cut, cursor = AT + timedelta(minutes=10_000), 0
    while (step := expire(shop, Kept.TALK, cut, cursor)).next is not None:
        cursor = step.next
    forgetting.settle(shop)
    assert found(shop, "xylophon") == []
    assert len(found(shop, "hello")) == 45
    shop.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    shop.close()
    assert all(b"xylophon" not in path.read_bytes().lower() for path in tmp_path.iterdir())


def test_the_price_stays_as_it_was_shown(shop, catalogue, say, dresses, make_slate, make_product):
    turn = say("a dress", 0, slate=make_slate(dresses))
    catalogue.upsert([make_product("p0", title="Larkhill dress 0", price=Decimal("9.99"))])
    stored = shop.db.execute("SELECT price, currency FROM impressions WHERE turn_id = ?", [turn.id]).fetchone()
    assert stored == (3990, "USD")


def test_every_intent_and_language_has_a_bit_of_its_own():
    assert len({intent_bits([intent]) for intent in Intent}) == len(Intent)
    assert 0 not in {intent_bits([intent]) for intent in Intent}
    assert [language_bit(language) for language in (*LANGUAGES, "fr")] == [1, 2, 0]


def test_an_older_shop_is_brought_up_to_date_with_the_same_figures(shop, say, dresses, make_slate, tmp_path):
    """What the migration works out of old turns is what would have been counted, turn by turn."""
    unsure = '{"lines": [{"$line": "unsure", "facts": {}}]}'
    turn = say("a red dress", 0, slate=make_slate(dresses))
    say("嗯", 200, language="zh", understanding=reading(Intent.DENY, 0.3, model="lora-2"), fallback=True)
    say("", 201, understanding=reading(Intent.MORE, 1.0, model="button"), degraded=True)
    say("socks", 5, user_id=8, understanding=reading(degraded=True), degraded=True, fallback=True)
    say("nobody answered", 900, user_id=8, answered=False)
    shop.feedback.add(Feedback(shop.transcripts.page(turn.id)[0].id, 7, Reaction.LIKE, AT))
    shop.db.execute("UPDATE turns SET reply = ? WHERE text = '嗯'", [unsure])
    wanted = shop.db.execute("SELECT * FROM conversations ORDER BY first_turn").fetchall()
    words = shop.db.execute("SELECT words FROM turn_text ORDER BY words").fetchall()
    older = _as_it_was(shop, tmp_path / "older")
    fresh = Shop(open_database(older))
    got = fresh.db.execute("SELECT * FROM conversations ORDER BY first_turn").fetchall()
    assert [row[1:] for row in got] == [row[1:] for row in wanted]
    assert fresh.db.execute("SELECT words FROM turn_text ORDER BY words").fetchall() == words
    assert fresh.db.execute("SELECT count(*) FROM turns WHERE fallback").fetchone() == (2,)
    assert fresh.db.execute("PRAGMA foreign_key_check").fetchall() == []
    fresh.close()


def _as_it_was(shop, folder):
    """A file of the layout before conversations, with the same turns."""
    folder.mkdir()
    older = Database(sqlite3.connect(folder / FILE_NAME))
    migrations.apply(older, stop_before="m009_conversations")
    for table in ("products", "turns", "impressions", "feedback"):
        columns = [column.name for column in older[table].columns]
        rows = shop.db.execute(f"SELECT {', '.join(columns)} FROM {table}").fetchall()
        older.conn.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(columns))})", rows)
    older.conn.commit()
    older.execute(f"PRAGMA application_id = {SHOP.application_id}")
    older.close()
    return folder / FILE_NAME
