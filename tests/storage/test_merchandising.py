"""The owner's rules: checked, dated, each once, and followed by whoever reads them."""

from datetime import UTC, datetime, timedelta

import pytest

from storage import instants
from storage.merchandising import RuleError
from storage.records import Act, Rule, SlotName
from storage.shop import Shop

DAY = datetime(2026, 12, 1, tzinfo=UTC)
BOOST = Rule(Act.BOOST, "brand:larkhill", factor=1.3)


def test_a_rule_comes_back_as_it_was_added(shop):
    rule = Rule(
        Act.PIN, "product:p1", place=2, query="red dress", begins=DAY, ends=DAY + timedelta(days=7), note="Xmas"
    )
    id = shop.merchandising.add(rule)
    [held] = shop.merchandising.rules()
    assert (held.id, held.subject, held.place, held.begins, held.ends, held.note) == (
        *(id, "product:p1", 2, DAY, DAY + timedelta(days=7), "Xmas"),
    )
    assert [held.holds(DAY + timedelta(days=n)) for n in (-1, 0, 6, 7)] == [False, True, True, False]


def test_the_same_rule_is_kept_once_and_numbers_never_come_back(shop):
    first = shop.merchandising.add(BOOST)
    assert shop.merchandising.add(BOOST) is None
    assert [rule.id for rule in shop.merchandising.remove([first, 99])] == [first]
    assert shop.merchandising.add(BOOST) > first


def test_another_connection_follows(shop, tmp_path):
    reader = Shop.open(tmp_path, readonly=True)
    assert reader.merchandising.rules() == ()
    shop.merchandising.add(BOOST)
    assert [rule.subject for rule in reader.merchandising.rules()] == ["brand:larkhill"]
    reader.close()


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        (Rule(Act.BOOST, "brand:x", factor=5.0), "at most"),
        (Rule(Act.BOOST, "brand:x", factor=float("nan")), "at most"),
        (Rule(Act.BURY, "brand:x", factor=0.1), "at least"),
        (Rule(Act.PIN, "brand:x", place=1), "one product"),
        (Rule(Act.PIN, "product:x", place=9), "place from 1"),
        (Rule(Act.HIDE, "shelf:x"), "is none of"),
        (Rule(Act.HIDE, "brand: "), "is none of"),
        (Rule(Act.HIDE, "product:x\ny"), "one line"),
        (Rule(Act.HIDE, "product:" + "x" * 300), "one line"),
        (Rule(Act.HIDE, "product:x", begins=DAY, ends=DAY), "before it begins"),
        (Rule(Act.SYNONYM, "kicks", ""), "what it means"),
        (Rule(Act.SYNONYM, "kicks", "Kicks"), "different"),
        (Rule(Act.SYNONYM, "kicks", "sneakers", query="red"), "neither"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_a_sentence(shop, rule, says):
    with pytest.raises(RuleError, match=says):
        shop.merchandising.add(rule)
    assert shop.merchandising.rules() == ()


@pytest.mark.parametrize(("word", "means", "field"), [("kicks", "dress", "en"), ("小裙裙", "连衣裙", "zh")])
def test_a_synonym_is_a_word_of_the_shop_for_as_long_as_it_holds(shop, word, means, field):
    def forms():
        return getattr(shop.catalogue.vocabulary().by_value[SlotName.CATEGORY, "dresses"], field)

    assert word not in forms()
    id = shop.merchandising.add(Rule(Act.SYNONYM, word, means, both=False))
    assert word in forms()
    shop.merchandising.remove([id])
    assert word not in forms()
    shop.merchandising.add(Rule(Act.SYNONYM, word, means, ends=instants.now() - timedelta(days=1)))
    assert word not in forms()
