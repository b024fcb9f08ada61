from decimal import Decimal

from nlu.merge import merge
from nlu.spans import Reading
from storage.records import Intent, PriceRange, Slot, SlotName


def slot(text, name, said, value=None, negated=False):
    start = text.index(said)
    return Slot(name, said, said if value is None else value, start, start + len(said), negated)


def ruled(*slots, item_refs=(), quantity=None):
    return Reading(slots, None, item_refs, quantity)


def test_a_price_is_the_rules():
    text = "a dress under $60"
    read = [slot(text, SlotName.CATEGORY, "dress"), slot(text, SlotName.PRICE, "$60")]
    merged = merge(Intent.SEARCH, read, ruled(slot(text, SlotName.PRICE, "under $60")))
    assert [s.text for s in merged.slots] == ["dress", "under $60"]
    assert merged.price == PriceRange(max=Decimal(60), currency="USD")


def test_negation_is_the_networks_where_both_see_a_word():
    text = "anything but red"
    read = [slot(text, SlotName.COLOR, "red", negated=True)]
    merged = merge(Intent.REFINE, read, ruled(slot(text, SlotName.COLOR, "red")))
    assert [s.negated for s in merged.slots] == [True]


def test_a_known_word_that_the_network_passed_over_is_added_to_a_wish_and_to_nothing_else():
    text = "linen shirt"
    read = [slot(text, SlotName.CATEGORY, "shirt")]
    rules = ruled(slot(text, SlotName.MATERIAL, "linen"))
    assert [s.text for s in merge(Intent.SEARCH, read, rules).slots] == ["linen", "shirt"]
    assert [s.text for s in merge(Intent.GREET, read, rules).slots] == ["shirt"]


def test_the_second_one_counts_once():
    text = "the second one"
    ref = slot(text, SlotName.ITEM_REF, "the second one", "2")
    merged = merge(Intent.ADD_TO_CART, [ref], ruled(ref, item_refs=(2,)))
    assert merged.slots == (ref,)
    assert merged.item_refs == (2,)


def test_a_number_that_the_network_reads_as_a_size_is_no_quantity():
    text = "in 42 please"
    size = slot(text, SlotName.SIZE, "42")
    merged = merge(Intent.REFINE, [size], ruled(slot(text, SlotName.QUANTITY, "42"), quantity=42))
    assert merged.slots == (size,)
    assert merged.quantity is None
