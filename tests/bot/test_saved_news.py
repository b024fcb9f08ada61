"""News of saved items, and the number that a choice of size and colour travels in."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from bot.errands.cart.choice import Choice, open_slot, read, settled, written
from bot.errands.saved.news import tell_news
from bot.quiet_hours import QuietHours
from bot.reply_json import load_reply
from bot.wording import Wording
from storage.cases import CaseReason
from storage.records import Product, SlotName, Variant
from storage.shop import Shop
from storage.variants import varied

AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ANN = 7
NEVER = QuietHours()
NIGHT = QuietHours.parse("21:00-09:00")
LAMP = Product("lamp", "Desk lamp", Decimal("20.00"), "USD", stock=5)


def test_a_choice_is_read_back_from_its_number_or_asked_anew():
    dress = Product("dress", "Dress", Decimal(30), "USD", colors=("red", "blue"), sizes=("S", "M", "L"))
    choice = Choice(2**35, "blue", "L", 3)
    assert read(written(choice), 2**35, dress) == choice
    assert read(written(choice), 2**35, replace(dress, sizes=("L", "S"))) == choice
    assert read(written(choice), 2**35, replace(dress, sizes=("S", "M"))) is None
    assert open_slot(Choice(1), dress) is SlotName.COLOR
    assert open_slot(Choice(1, "red"), dress) is SlotName.SIZE
    assert settled(Choice(1, "green", "M"), dress) == Choice(1, "", "M")
    assert open_slot(Choice(1), replace(dress, colors=("red",), sizes=())) is None


@pytest.fixture
def watching(tmp_path):
    shop = Shop.open(tmp_path)
    shop.catalogue.upsert([LAMP])
    lamp = shop.catalogue.get([LAMP.id])[LAMP.id]
    shop.shoppers.see(ANN, "en", AT)
    shop.saved.add(ANN, lamp, 1, AT)
    shop.saved.notify(ANN, lamp, True)
    yield shop
    shop.close()


def letters(shop):
    return [json.loads(body) for (body,) in shop.db.execute("SELECT body FROM outbox ORDER BY id")]


def changes(shop, **changed):
    shop.catalogue.upsert([replace(LAMP, **changed)])


def test_a_lower_price_is_told_once(watching):
    assert tell_news(watching, AT, NEVER) == 0
    changes(watching, price=Decimal("15.00"))
    assert tell_news(watching, AT, NEVER) == 1
    assert tell_news(watching, AT, NEVER) == tell_news(watching, AT + timedelta(days=2), NEVER) == 0
    [letter] = letters(watching)
    assert [line["$line"] for line in letter["lines"]] == ["news-head", "news-drop"]
    assert letter["options"][-1]["does"] == ["saved", "stop", 0]


def test_a_return_is_told_and_a_higher_price_is_not(watching):
    changes(watching, stock=0, price=Decimal("22.00"))
    assert tell_news(watching, AT, NEVER) == 0
    changes(watching, stock=2, price=Decimal("22.00"))
    assert tell_news(watching, AT, NEVER) == 1
    assert letters(watching)[0]["lines"][1]["$line"] == "news-back"


@pytest.mark.parametrize(("language", "named"), [("en", "Dress (red, M)"), ("zh", "连衣裙（红色、M）")])
def test_the_return_of_a_size_is_told_to_who_waits_for_it(tmp_path, language, named):
    dress = Product("dress", "Dress", Decimal("20.00"), "USD", title_zh="连衣裙")
    sizes = [Variant("s", "red", "S", 3), Variant("m", "red", "M", 0), Variant("b", "blue", "M", 2)]
    shop = Shop.open(tmp_path)
    shop.catalogue.upsert([varied(dress, sizes)])
    shop.shoppers.see(ANN, language, AT)
    shop.shoppers.set_language(ANN, language)
    shop.saved.add(ANN, varied(dress, sizes), 1, AT)
    shop.saved.notify(ANN, varied(dress, sizes), True, "red", "M")
    assert tell_news(shop, AT, NEVER) == 0
    shop.catalogue.upsert([varied(dress, [replace(sizes[0], stock=9), *sizes[1:]])])
    assert tell_news(shop, AT, NEVER) == 0
    shop.catalogue.upsert([varied(dress, [sizes[0], replace(sizes[1], stock=1, price=Decimal("22.00")), sizes[2]])])
    assert tell_news(shop, AT, NEVER) == 1
    assert tell_news(shop, AT + timedelta(days=2), NEVER) == 0
    [(body,)] = shop.db.execute("SELECT body FROM outbox").fetchall()
    said = Wording().say(load_reply(0, body, ()).lines[1], language)
    assert named in said
    assert "22" in said
    shop.close()


def test_quiet_hours_and_one_message_a_day(watching):
    changes(watching, price=Decimal("15.00"))
    assert tell_news(watching, AT.replace(hour=22), NIGHT) == 0
    assert tell_news(watching, AT + timedelta(days=1), NIGHT) == 1
    changes(watching, price=Decimal("10.00"))
    assert tell_news(watching, AT + timedelta(days=1, hours=3), NIGHT) == 0
    assert tell_news(watching, AT + timedelta(days=2), NIGHT) == 1


def test_what_came_and_went_in_the_night_is_no_news(watching):
    changes(watching, price=Decimal("15.00"))
    assert tell_news(watching, AT.replace(hour=22), NIGHT) == 0
    changes(watching, price=Decimal("20.00"))
    assert tell_news(watching, AT + timedelta(days=1), NIGHT) == 0


@pytest.mark.parametrize("why", ["stopped", "blocked", "with a person", "not asked for"])
def test_who_is_not_to_be_told_is_not(watching, why):
    match why:
        case "stopped":
            assert watching.saved.stop_notices(ANN) == 1
        case "blocked":
            watching.shoppers.set_blocked(ANN, True)
        case "with a person":
            watching.cases.open(ANN, ANN, "en", CaseReason.ASKED, AT)
        case _:
            watching.saved.notify(ANN, LAMP, False)
    changes(watching, price=Decimal("15.00"))
    assert tell_news(watching, AT, NEVER) == 0
    assert letters(watching) == []
