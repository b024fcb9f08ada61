"""The template language of the training data, and what noise may do to a labelled message."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finetune.generate import DATA
from finetune.grammar import Draw, GrammarError, Utterance, parse, write
from finetune.noise import Noise
from finetune.pools import PoolFolder, plural
from finetune.ranges import rising
from nlu.tags import Span
from storage.records import Intent, SlotName
from storage.terms import base_vocabulary

VOCABULARY = base_vocabulary()
NOISE = {language: Noise(DATA / "grammar" / language / "noise", language) for language in ("en", "zh")}


@pytest.fixture
def say(tmp_path):
    """Writes a template with a small folder of pools."""
    (tmp_path / "pools.txt").write_text(
        ":: never\nfor her\n"
        ":: item.wear category\nshirt; scarf\n"
        ":: many category\n@plural item.wear\n"
        ":: who audience\nfor her; dad\n"
        ":: word\nred\n",
        encoding="utf-8",
    )
    pools = PoolFolder(tmp_path, "en", VOCABULARY)
    return lambda template, seed=1: write(parse(template), Draw(Random(seed), pools, "wear"))


def labelled(utterance):
    return [(str(s.name), utterance.text[s.start : s.end], s.negated) for s in utterance.spans]


def test_slots_of_pools_and_of_words_know_where_they_stand(say):
    found = say("show a [orange|color] [item] for [who], not [!{word}|color]")
    assert found.text.startswith("show an orange s")
    assert labelled(found)[0] == ("color", "orange", False)
    assert labelled(found)[2:] == [("audience", "dad", False), ("color", "red", True)]


def test_choices_numbers_and_escapes(say):
    said = {say(r"(yes|no|) <10-30/10> \[ok\]", seed).text for seed in range(60)}
    assert said == {f"{word} {n} [ok]".strip() for word in ("yes", "no", "") for n in (10, 20, 30)}


def test_blanks_left_by_empty_choices_go(say):
    assert say("(|) a [item.wear]  , please (|) !").text in ("a shirt, please!", "a scarf, please!")


@pytest.mark.parametrize(
    "template", ["(open", "[red|colour]", "{nowhere}", "<9>x", "shut]", "[|color]", "[[red|color]|color]", "[word]"]
)
def test_a_template_that_cannot_be_read_is_refused(say, template):
    with pytest.raises(GrammarError):
        say(template)


def test_plurals():
    assert [plural(word) for word in ("dress", "shelf", "berry", "toy", "hat")] == [
        "dresses",
        "shelves",
        "berries",
        "toys",
        "hats",
    ]


@pytest.mark.parametrize(
    ("said", "meant"),
    [("1,200 to 300", "300 to 1,200"), ("$90-20", "$20-90"), ("20 to 30", "20 to 30"), ("under 50", "under 50")],
)
def test_the_lower_end_of_a_price_comes_first(said, meant):
    span = Span(SlotName.PRICE, 5, 5 + len(said))
    assert rising(Utterance(f"hats {said} 7", (span,))) == Utterance(f"hats {meant} 7", (span,))


@given(st.sampled_from(["en", "zh"]), st.integers(0, 10**6), st.sampled_from(list(Intent)))
def test_noise_keeps_labels_on_whole_words(language, seed, intent):
    text = "it's the red wool scarf, please!" if language == "en" else "我想要红色的围巾，不要羊毛，谢谢。"
    words = ("it", "red", "wool", "scarf") if language == "en" else ("红色", "围巾", "羊毛")
    at = [text.index(word) for word in words]
    spans = tuple(Span(SlotName.COLOR, a, a + len(w)) for a, w in zip(at, words, strict=True))
    noisy = NOISE[language](Utterance(text, spans), intent, Random(seed))
    assert len(noisy.spans) == len(spans)
    for span in noisy.spans:
        around = noisy.text[max(span.start - 1, 0) : span.start] + noisy.text[span.end : span.end + 1]
        assert noisy.text[span.start : span.end].strip()
        assert language == "zh" or not any(c.isalnum() for c in around)
