"""Occasions: dated, found in both languages, and no season by accident."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from bot.wording import Wording
from recommender.config import RecommenderConfig
from recommender.occasions import occasion_words, occasions_on, occasions_said, table
from recommender.recommender import Recommender
from recommender.seasons import in_season, season_of, seasons_said
from storage.records import Need, Product, Reason, ReasonCode


def product(title="Thing", **facts):
    return Product("p", title, Decimal(9), "USD", **facts)


def at(day, hour=12, zone=UTC):
    return datetime.fromisoformat(day).replace(hour=hour, tzinfo=zone)


def test_every_row_is_a_window_of_days_in_order():
    assert len(table()) > 40
    for row in table():
        years = (f"2028-{row.begins}", f"2028-{row.ends}") if len(row.begins) == 5 else (row.begins, row.ends)
        begins, ends = map(date.fromisoformat, years)
        if row.name != "new-year":
            assert timedelta(days=5) < ends - begins < timedelta(days=45), row


@pytest.mark.parametrize(
    ("name", "weekday", "month"),
    [("mothers-day", 6, 5), ("fathers-day", 6, 6), ("thanksgiving", 3, 11), ("easter", 0, 4)],
)
def test_feasts_that_move_end_on_their_own_weekday(name, weekday, month):
    ends = [date.fromisoformat(row.ends) for row in table() if row.name == name]
    assert len(ends) == 5
    assert {day.weekday() for day in ends} == {weekday}
    assert all(abs(day.month - month) <= 1 for day in ends)


@pytest.mark.parametrize(
    ("day", "on"),
    [
        ("2026-09-20", {"mid-autumn"}),
        ("2026-11-26", {"thanksgiving", "black-friday", "christmas"}),
        ("2027-01-01", {"new-year"}),
        ("2027-02-05", {"spring-festival", "valentines"}),
        ("2027-07-01", set()),
        ("2041-09-20", set()),
    ],
)
def test_which_lie_just_ahead(day, on):
    assert set(occasions_on(at(day))) == on


def test_the_day_is_the_shops_own():
    late = at("2026-12-25", 23, ZoneInfo("America/Los_Angeles"))
    assert "christmas" in occasions_on(late)
    assert "christmas" not in occasions_on(late.astimezone(UTC))


@pytest.mark.parametrize(
    ("facts", "day", "value"),
    [
        ({"title": "Mooncake gift box"}, "2026-09-20", 1.0),
        ({"title_zh": "中秋月饼礼盒"}, "2026-09-20", 1.0),
        ({"title_zh": "中秋月饼礼盒"}, "2026-06-20", 0.0),
        ({"title": "Christmas stocking"}, "2026-12-10", 1.0),
        ({"title": "Christmas stocking"}, "2026-07-10", 0.0),
        ({"description": "A gift for birthdays, Christmas and Mother's Day."}, "2026-07-10", 0.5),
        ({"description": "A gift for birthdays, Christmas and Mother's Day."}, "2026-12-10", 1.0),
        ({"title_zh": "春节红包"}, "2026-04-10", 0.0),
        ({"title_zh": "春节红包"}, "2026-02-10", 1.0),
        ({"title": "Plain mug"}, "2026-12-10", 0.5),
    ],
)
def test_a_product_is_in_season_when_its_words_say_so(facts, day, value):
    assert in_season(product(**facts), at(day)) == value


@pytest.mark.parametrize(
    "words",
    ["Pocket spring mattress", "Spring-loaded clamp", "Spring roll wrappers", "Waterfall faucet",
     "Fall protection harness", "Spring Festival lantern", "青春活力T恤", "夏威夷果", "儿童秋千", "冬瓜茶", "春卷皮"],
)  # fmt: skip
def test_words_that_only_look_like_a_season_are_none(words):
    assert seasons_said(product(words)) == frozenset()


@pytest.mark.parametrize(
    ("words", "season"),
    [
        ("A spring jacket", "spring"),
        ("For fall and winter walks", "autumn"),
        ("春装外套", "spring"),
        ("夏季连衣裙", "summer"),
    ],
)
def test_real_seasons_are_still_found(words, season):
    assert season in seasons_said(product(words))


def test_the_south_has_the_other_season_and_the_same_christmas():
    december, coat = at("2026-12-10"), product("Summer dress")
    assert season_of(december, southern=True) == "summer"
    assert (in_season(coat, december), in_season(coat, december, southern=True)) == (0.0, 1.0)
    tree = product("Christmas tree")
    assert in_season(tree, december) == in_season(tree, december, southern=True) == 1.0


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_occasion_has_its_own_sentence(language):
    wording = Wording(strict=True)
    names = {row.name for row in table()}
    said = {
        wording.reason(Reason(ReasonCode.IN_SEASON, {"season": "winter", "occasion": name}), language)
        for name in (*names, "")
    }
    assert len(said) == len(names) + 1


def test_ideas_before_an_occasion_bring_what_names_it(shop, index, encode, ask):
    from dataclasses import replace

    [old] = shop.catalogue.get(["p20"]).values()
    shop.catalogue.upsert([replace(old, title="Mug with a moon", title_zh="中秋杯", rating_count=0, sponsored=False)])
    index.refresh(shop.catalogue)
    recommender = Recommender(shop.catalogue, index, encode, shop.catalogue.vocabulary, RecommenderConfig(candidates=9))
    items = recommender.recommend(ask(Need(), now=at("2026-09-20"))).items
    found = {item.product.id: item for item in items}
    assert found["p20"].features["season"] == 1.0
    assert "中秋" in occasion_words(["mid-autumn"])
    assert occasions_said(found["p20"].product).title == {"mid-autumn"}
