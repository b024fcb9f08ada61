"""What every understander promises, whatever is inside: inherit `UnderstanderContract` and give `understander`."""

import dataclasses
import itertools
import json

import pytest

from nlu.language import language_of
from storage.records import DEFAULT_STAGE, Context, Intent, SlotName

MESSAGES = (
    "a red dress under $60, not polyester",
    "200元以内的蓝牙耳机，不要黑色",
    "I'll take the second one",
    "第一个和第三个哪个好",
    "where is my order 48213?",
    "toss it in my basket and show me hats",
    "我要 iPhone case",
    "便宜点的",
    "yes",
)
ODD = (
    "",
    " ",
    "\n\t",
    "?!?!",
    "😀😀😀",
    "👨‍👩‍👧‍👦🏳️‍🌈",
    "\x00\ud800",
    "ﬁﬃ ǅ ß İ",
    "١٢٣ ৪৫",
    "$",
    "¥¥¥",
    "$1,2,3..4--5",
    "999999999999999999999",
    "第第第个个个",
    "no not no not 不不不要要要",
    "a" * 10_000,
    "红" * 10_000,
    "under $60 " * 1_000,
    "1 or 2 or 3 and " * 700,
    "不要红色和" * 2_000,
    "((((((((((" * 500,
)


class UnderstanderContract:
    """Inherit, and provide the fixture `understander`."""

    @pytest.fixture
    def understander(self):
        raise NotImplementedError

    @pytest.mark.parametrize("text", [*MESSAGES, *ODD])
    def test_any_text_is_understood_within_bounds(self, understander, text):
        understood = understander.understand(text)

        assert understood.text == text
        assert understood.language == language_of(text)
        assert understood.intent in Intent
        assert understood.stage is DEFAULT_STAGE[understood.intent]
        assert understood.model
        assert understood.intent not in understood.also
        assert len(set(understood.also)) == len(understood.also)

    @pytest.mark.parametrize("text", [*MESSAGES, *ODD])
    def test_probabilities_are_ordered_and_lead_with_the_intent(self, understander, text):
        understood = understander.understand(text)

        numbers = [probability for _, probability in understood.top]
        assert len(understood.top) == 3 == len({intent for intent, _ in understood.top})
        assert understood.top[0] == (understood.intent, understood.confidence)
        assert numbers == sorted(numbers, reverse=True)
        assert all(0 <= number <= 1 for number in numbers)
        assert sum(numbers) <= 1 + 1e-6

    @pytest.mark.parametrize("text", [*MESSAGES, *ODD])
    def test_spans_hold_and_do_not_overlap(self, understander, text):
        slots = understander.understand(text).slots

        assert all(text[slot.start : slot.end] == slot.text != "" for slot in slots)
        assert all(before.end <= after.start for before, after in itertools.pairwise(slots))
        assert all(slot.name in SlotName for slot in slots)

    @pytest.mark.parametrize("text", MESSAGES)
    def test_an_understanding_can_be_written_as_json(self, understander, text):
        written = json.dumps(dataclasses.asdict(understander.understand(text)), default=str, ensure_ascii=False)

        assert json.loads(written)["text"] == text

    @pytest.mark.parametrize("text", MESSAGES)
    def test_the_same_message_is_understood_the_same_way(self, understander, text):
        assert understander.understand(text) == understander.understand(text)

    def test_messages_that_come_together_are_understood_as_each_alone(self, understander):
        contexts = itertools.cycle([Context(), Context("budget"), Context("confirm", 3)])
        messages = [(text, next(contexts)) for text in (*MESSAGES, *ODD)]

        together = understander.understand_many(messages)

        assert [one.text for one in together] == [text for text, _ in messages]
        for one, (text, context) in zip(together, messages, strict=True):
            alone = understander.understand(text, context)
            assert (one.intent, one.also, one.slots, one.price) == (alone.intent, alone.also, alone.slots, alone.price)
            assert one.confidence == pytest.approx(alone.confidence, abs=1e-3)
        assert understander.understand_many([]) == []

    def test_the_context_is_optional_and_any_context_is_taken(self, understander):
        assert understander.understand("50", Context()) == understander.understand("50")
        for asked in (None, "confirm", "budget", "color", "something new", ""):
            for shown in (0, 3, 10_000):
                assert understander.understand("50", Context(asked, shown)).intent in Intent

    def test_an_answer_to_the_budget_question_is_a_price(self, understander):
        understood = understander.understand("50", Context("budget"))

        assert understood.intent is Intent.REFINE
        assert understood.price is not None
        assert understood.price.max == 50

    def test_prices_are_exact_in_both_languages(self, understander):
        english = understander.understand("a red dress under $59.99").price
        chinese = understander.understand("三百块以内的红色连衣裙").price

        assert (str(english.max), english.currency) == ("59.99", "USD")
        assert (str(chinese.max), chinese.currency) == ("300", "CNY")

    def test_what_is_not_wanted_is_marked_in_both_languages(self, understander):
        english = understander.understand("a red dress, not polyester")
        chinese = understander.understand("连衣裙，不要红色的")

        assert english.values(SlotName.MATERIAL, negated=True) == ("polyester",)
        assert english.values(SlotName.COLOR) == ("red",)
        assert chinese.values(SlotName.COLOR, negated=True) == ("red",)
        assert chinese.values(SlotName.CATEGORY) == ("dresses",)
