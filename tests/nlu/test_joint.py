"""The shipped understander: a handful of sentences in both languages, and whatever else people type."""

import sys
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.artifact import ModelBroken, ModelMissing, load_artifact, save_artifact
from nlu.base import base_folder
from nlu.loading import GRAPH, SHIPPED, load_understander
from nlu.precision import Precision
from storage.records import Context, Intent, PriceRange, SlotName, Term, Vocabulary
from storage.terms import base_vocabulary
from tests.contracts.understander import MESSAGES, ODD, UnderstanderContract


class TestJoint(UnderstanderContract):
    @pytest.fixture
    def understander(self, understander):
        return understander


@pytest.mark.long
def test_eight_bits_read_a_message_the_same_whatever_it_rides_with(understander):
    messages = [(text, Context(shown=3)) for text in (*MESSAGES, *ODD)]
    alone = [understander.understand(text, context) for text, context in messages]
    assert understander.understand_many(messages) == alone
    assert understander.understand_many(messages[::-1]) == alone[::-1]


@pytest.mark.parametrize(
    ("text", "context", "intent"),
    [
        ("a red dress under $60, not polyester", Context(), Intent.SEARCH),
        ("200元以内的蓝牙耳机", Context(), Intent.SEARCH),
        ("cheaper", Context(shown=3), Intent.REFINE),
        ("便宜点的", Context(shown=3), Intent.REFINE),
        ("I'll take the second one", Context(shown=3), Intent.ADD_TO_CART),
        ("我要第二个", Context(shown=3), Intent.ADD_TO_CART),
        ("has order 48213 shipped?", Context(), Intent.ORDER_STATUS),
        ("我的快递到哪了", Context(), Intent.ORDER_STATUS),
        ("what's the capital of France", Context(), Intent.OUT_OF_SCOPE),
        ("今天天气怎么样", Context(), Intent.OUT_OF_SCOPE),
        ("转人工", Context(), Intent.HUMAN),
        ("yes please", Context(asked="confirm", shown=3), Intent.CONFIRM),
        ("换一批", Context(shown=3), Intent.MORE),
        ("thank you so much", Context(), Intent.THANKS),
    ],
)
def test_what_is_wanted(understander, text, context, intent):
    read = understander.understand(text, context)
    assert read.intent is intent
    assert read.top[0] == (intent, read.confidence)
    assert len(read.top) == 3
    assert read.model == understander.version


def test_the_wishes_of_an_english_message(understander):
    read = understander.understand("a red dress under $60, not polyester")
    assert read.language == "en"
    assert read.values(SlotName.COLOR) == ("red",)
    assert read.values(SlotName.CATEGORY) == ("dresses",)
    assert read.values(SlotName.MATERIAL, negated=True) == ("polyester",)
    assert read.price == PriceRange(max=Decimal(60), currency="USD")


def test_the_wishes_of_a_chinese_message(understander):
    read = understander.understand("200元以内的蓝牙耳机，不要白色")
    assert read.language == "zh"
    assert read.price == PriceRange(max=Decimal(200), currency="CNY")
    assert read.values(SlotName.COLOR, negated=True) == ("white",)
    assert "headphones" in read.values(SlotName.CATEGORY) or "earphones" in read.values(SlotName.CATEGORY)


def test_items_on_the_screen(understander):
    assert understander.understand("add the second one", Context(shown=3)).item_refs == (2,)
    assert understander.understand("最后一个多少钱", Context(shown=3)).item_refs == (-1,)


@pytest.mark.parametrize("text", ["", "   ", "?!", "\n\u200b", "…"])
def test_nothing_said_is_out_of_scope_and_unsure(understander, text):
    read = understander.understand(text)
    assert read.intent is Intent.OUT_OF_SCOPE
    assert read.confidence < 0.2
    assert read.slots == ()


def test_a_message_of_nothing_but_a_sign_is_left_to_the_rules(understander):
    assert understander.understand("👍", Context(asked="confirm")).intent is Intent.CONFIRM
    assert understander.understand("❤️", Context(shown=3)).intent is Intent.LIKE
    assert understander.understand("👋").model == understander.version


def test_a_message_of_ten_thousand_characters_is_read_from_its_beginning(understander):
    read = understander.understand("show me a red dress " + "and so on " * 1000)
    assert read.slots
    assert all(slot.end <= 500 for slot in read.slots)


@given(st.text(max_size=300), st.sampled_from([None, "confirm", "budget", "color", "x" * 99]), st.integers(-1, 99))
def test_any_text_whatever_is_understood_somehow(understander, text, asked, shown):
    read = understander.understand(text, Context(asked, shown))
    assert read.text == text
    assert 0 <= read.confidence <= 1
    for slot in read.slots:
        assert slot.text == text[slot.start : slot.end] != ""
    assert all(one.end <= other.start for one, other in zip(read.slots, read.slots[1:], strict=False))


def test_words_that_the_catalogue_adds_are_understood_at_once(understander):
    words = Vocabulary((*base_vocabulary().terms, Term(SlotName.BRAND, "zanthic", en=("zanthic",))))
    understander.adopt(words)
    try:
        assert "zanthic" in understander.understand("show me zanthic backpacks").values(SlotName.BRAND)
    finally:
        understander.adopt(base_vocabulary())


def test_a_missing_or_foreign_understander_is_one_sentence(tmp_path, models_cache):
    with pytest.raises(ModelMissing):
        load_understander(models_cache, base_vocabulary(), folder=tmp_path / "nowhere")
    shipped = load_artifact(SHIPPED / "understander", "understander")
    other = type(shipped)({**shipped.meta, "encoder": "encoder-00000000"}, shipped.tensors)
    save_artifact(tmp_path, other)
    with pytest.raises(ModelBroken, match="encoder-00000000"):
        load_understander(models_cache, base_vocabulary(), folder=tmp_path)


def test_a_damaged_onnx_file_is_one_sentence(tmp_path):
    shipped = load_artifact(SHIPPED / "understander", "understander")
    for precision, name in (
        ("int8", f"{shipped.version}.g{GRAPH}.int8.onnx"),
        ("fp32", f"{shipped.version}.g{GRAPH}.onnx"),
    ):
        (tmp_path / name).write_bytes(b"garbage")
        with pytest.raises(ModelBroken, match="delete it"):
            load_understander(tmp_path, base_vocabulary(), precision=Precision(precision))


@pytest.mark.long
def test_serving_imports_no_pytorch(models_cache, understander):
    import subprocess

    assert base_folder().is_dir()
    script = (
        "import sys; from pathlib import Path; from nlu.loading import load_encoder, load_understander\n"
        "from storage.terms import base_vocabulary\n"
        "cache = Path(sys.argv[1]); load_encoder(cache)(['hi'])\n"
        "load_understander(cache, base_vocabulary(), device='auto').understand('a red dress')\n"
        "heavy = {'torch', 'transformers', 'peft'} & set(sys.modules); assert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-c", script, str(models_cache)], check=True, timeout=60)
