"""What is said for good, against a wish of the moment; a photo's colours; a guide's file."""

from dataclasses import replace
from decimal import Decimal

import pytest

from bot.errands.guide_shelf import GuideError, GuideShelf, read_guide
from bot.errands.statements import refusing, statements_in, wished_beside
from bot.habits import habits_for, with_never
from bot.money import Rates
from bot.sense.colors import colors_of
from bot.sense.picture import PictureError
from nlu.rules import RulesUnderstander
from storage.demo.catalogue import demo_products
from storage.demo.pictures import picture
from storage.preferences import Preference, Stance
from storage.records import Intent, Need, SlotName, Wish
from storage.terms import base_vocabulary

RATES = Rates("USD", {"CNY": Decimal(7)})


@pytest.fixture(scope="module")
def rules():
    return RulesUnderstander(base_vocabulary())


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("I never want polyester", [("never", "material", "polyester")]),
        ("never show me leather again", [("never", "material", "leather")]),
        ("I'm allergic to wool", [("never", "material", "wool")]),
        ("my favourite colour is blue", [("like", "color", "blue")]),
        ("I usually spend about $40", [("usual", "price", "40.00 USD")]),
        ("永远不要涤纶的", [("never", "material", "polyester")]),
        ("我对羊毛过敏", [("never", "material", "wool")]),
        ("记住我不能穿羊毛", [("never", "material", "wool")]),
        ("remember that I can't wear wool", [("never", "material", "wool")]),
        ("我对羊毛过敏，想要件毛衣", [("never", "material", "wool")]),
        ("I'm allergic to wool, looking for a sweater", [("never", "material", "wool")]),
        ("不要羊毛的，他过敏", []),
        ("我最喜欢的颜色是蓝色", [("like", "color", "blue")]),
        ("I avoid polyester", [("avoid", "material", "polyester")]),
        ("I'd rather not wear leather", [("avoid", "material", "leather")]),
        ("我尽量不穿羊毛的", [("avoid", "material", "wool")]),
        ("我不太喜欢红色", [("avoid", "color", "red")]),
        ("永远不要黑色", [("never", "color", "black")]),
        ("I'm allergic to wool, looking for earrings", [("never", "material", "wool")]),
        (
            "I like linen and I hate polyester, remember that",
            [("like", "material", "linen"), ("never", "material", "polyester")],
        ),
        ("我对羊毛过敏，想买耳环", [("never", "material", "wool")]),
        ("我喜欢亚麻，讨厌涤纶，记住哦", [("like", "material", "linen"), ("never", "material", "polyester")]),
        ("not polyester please", []),
        ("a red dress under $60", []),
        ("I don't like leather", []),
        ("不要红色", []),
        ("红色连衣裙", []),
    ],
)
def test_only_what_is_said_for_good_is_a_statement(rules, text, stated):
    found = statements_in(rules.understand(text), RATES, base_vocabulary())
    assert [(each.stance.value, each.slot, each.value) for each in found] == stated


def test_a_wish_of_the_moment_wins_over_what_is_kept():
    never = Preference(Stance.NEVER, "material", "leather")
    size = Preference(Stance.LIKE, "size", "42")
    usual = Preference(Stance.USUAL, "price", "40 USD")
    avoid = Preference(Stance.AVOID, "material", "leather")
    plain = Need(query="shoes")
    assert with_never(plain, (never,)).wishes == (Wish(SlotName.MATERIAL, "leather", "", negated=True),)
    leather = Need(wishes=(Wish(SlotName.MATERIAL, "leather"),))
    assert with_never(leather, (never,)) == leather
    assert [wish.value for wish in habits_for(plain, (never, size, usual), "USD").soft] == ["42"]
    assert with_never(plain, (avoid,)) == plain
    assert [wish.value for wish in habits_for(plain, (avoid,), "USD").avoided] == ["leather"]
    assert habits_for(leather, (avoid,), "USD").avoided == ()
    assert habits_for(plain, (usual,), "USD").usual == Decimal(40)
    assert habits_for(plain, (usual,), "EUR").usual is None
    other = Need(wishes=(Wish(SlotName.SIZE, "44"),))
    assert habits_for(other, (size,), "USD").soft == ()


def test_the_colours_of_drawn_things_are_measured():
    kinds = ("dresses", "handbags", "mugs", "sofas")
    plain = [p for p in demo_products() if p.category in kinds and len(p.colors) == 1 and p.colors[0] != "multicolor"]
    sample = plain[::7][:16]
    right = [product.colors[0] in colors_of(picture(product, 160)) for product in sample]
    assert len(right) == 16
    assert sum(right) >= 13


def test_what_is_no_picture_is_refused():
    for content in (b"", b"no picture", b"\x89PNG\r\n\x1a\n" + b"\0" * 50):
        with pytest.raises(PictureError):
            colors_of(content)


def test_shipped_guides_come_in_both_languages_and_lead_to_known_wishes(tmp_path):
    shelf, vocabulary = GuideShelf(tmp_path), base_vocabulary()
    english, chinese = shelf.all("en"), shelf.all("zh")
    assert {guide.name for guide in english} == {guide.name for guide in chinese}
    for guide in (*english, *chinese):
        assert guide.kinds
        assert guide.links
        for wish in (wish for link in guide.links for wish in link.wishes):
            assert (wish.name, wish.value) in vocabulary.by_value, f"{guide.name}: {wish}"


def test_a_shops_own_guide_takes_the_place_of_the_demos_and_a_broken_one_is_left_out(tmp_path, caplog):
    folder = tmp_path / "en"
    folder.mkdir()
    (folder / "headphones.md").write_text("---\ntitle: Ours\nfor: headphones\n---\nText.", encoding="utf-8")
    (folder / "broken.md").write_text("no head at all", encoding="utf-8")
    (folder / "binary.md").write_bytes(b"\xff\xfe\x00")
    guide = GuideShelf(tmp_path).on(("headphones",), "en")
    assert (guide.title, guide.blocks, guide.links) == ("Ours", ("Text.",), ())
    assert "broken.md has no title" in caplog.text
    with pytest.raises(GuideError, match="cannot be read"):
        read_guide(folder / "missing.md", "en")


@pytest.mark.parametrize(
    ("text", "kinds", "stated"),
    [
        ("women's shoes, I wear a US 7", ("shoes",), [("like", "size", "US 7")]),
        ("show me sofas, I never want leather", ("sofas",), [("never", "material", "leather")]),
        ("女鞋，我穿美码7", ("shoes",), [("like", "size", "US 7")]),
        ("我想看沙发，永远不要真皮的", ("sofas",), [("never", "material", "leather")]),
        ("my shoe size is 42", None, [("like", "size", "42")]),
        ("I never want dresses", None, [("never", "category", "dresses")]),
        ("我平时穿42码", None, [("like", "size", "42")]),
    ],
)
def test_a_search_beside_a_statement_is_a_search(rules, text, kinds, stated):
    said = replace(rules.understand(text), intent=Intent.SEARCH)
    kept = statements_in(said, RATES, base_vocabulary())
    assert [(each.stance, each.slot, each.value) for each in kept] == stated
    wish = wished_beside(said, kept, base_vocabulary())
    assert (wish and wish.values(SlotName.CATEGORY)) == kinds


@pytest.mark.parametrize("text", ["我不能穿羊毛", "I can't wear wool"])
def test_what_is_never_wanted_is_no_wish_for_it(rules, text):
    stated = statements_in(rules.understand(text), RATES, base_vocabulary())
    plain = rules.understand("羊毛的" if not text.isascii() else "wool")
    assert [slot.negated for slot in refusing(plain, stated).slots] == [True]
