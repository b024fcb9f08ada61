"""A property inside the name of a thing is a wish too."""

import pytest

from bot.implied import with_implied
from storage.records import Need, SlotName, Wish
from storage.terms import base_vocabulary


@pytest.mark.parametrize(
    ("text", "kind", "features"),
    [
        ("蓝牙耳机", "headphones", {"bluetooth"}),
        ("wireless earbuds", "headphones", {"wireless"}),
        ("Bluetooth headphones", "headphones", {"bluetooth"}),
        ("机械键盘", "keyboards", {"mechanical"}),
        ("earbuds", "headphones", set()),
        ("耳机", "headphones", set()),
        ("warmers", "socks", set()),
    ],
)
def test_what_a_name_says(text, kind, features):
    need = with_implied(Need(wishes=(Wish(SlotName.CATEGORY, kind, text),)), base_vocabulary())
    assert {wish.value for wish in need.wishes if wish.name is SlotName.FEATURE} == features
    assert need.wishes[-1].value == kind


def test_a_feature_that_was_said_or_refused_is_not_said_again():
    need = Need(
        wishes=(
            Wish(SlotName.CATEGORY, "headphones", "蓝牙耳机"),
            Wish(SlotName.FEATURE, "bluetooth", "蓝牙", negated=True),
        )
    )
    assert with_implied(need, base_vocabulary()) == need
