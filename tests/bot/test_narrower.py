"""A name that says which of a kind is kept, and nothing else is called by it."""

from decimal import Decimal

import pytest

from bot.naming import wish_name
from bot.understanding.narrower import of_some_alone
from storage.records import Need, Product, SlotName, Wish
from storage.terms import base_vocabulary

WORDS = base_vocabulary()


def named(text, kind="coffee makers"):
    return wish_name(Wish(SlotName.CATEGORY, kind, text), WORDS, "en").facts["value"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("espresso machine", "espresso machines"),
        ("Espresso machines", "espresso machines"),
        ("coffee maker", "coffee makers"),
        ("french press", "coffee makers"),
        ("brewing thing", "coffee makers"),
    ],
)
def test_a_name_of_the_shoppers_own_is_said_in_the_plural(text, name):
    assert named(text) == name


def machines(*titles):
    return [Product(f"p{at}", title, Decimal(9), "USD", title_zh=title) for at, title in enumerate(titles)]


ESPRESSO = Need(wishes=(Wish(SlotName.CATEGORY, "coffee makers", "espresso machine"),))
ESPRESSO_ZH = Need(
    language="zh",
    wishes=(Wish(SlotName.FEATURE, "意式", "意式"), Wish(SlotName.CATEGORY, "coffee makers", "意式咖啡机")),
)


@pytest.mark.parametrize(
    ("need", "one", "other"), [(ESPRESSO, "Espresso Machine", "Drip Maker"), (ESPRESSO_ZH, "意式咖啡机", "滴漏咖啡机")]
)
def test_how_many_of_a_page_are_called_so_is_said_where_not_all_are(need, one, other):
    [line] = of_some_alone(need, machines(one, other, other), WORDS)
    assert line.facts["count"] == 1
    assert of_some_alone(need, machines(one, one), WORDS) == of_some_alone(need, machines(other), WORDS) == ()
