"""Fitting the encoder to a catalogue: what is learnt from it, what it is asked, and when nothing is written."""

import json
from dataclasses import replace
from decimal import Decimal
from itertools import islice
from random import Random

import numpy as np
import pytest
from click.testing import CliRunner

from finetune.adapt import main
from finetune.exam import WORDS, Gain, NotAdaptedError, check, gains_of
from finetune.shop_texts import across, held_back, items_of, part_of, twins, within
from finetune.student import Student, Twin, _same
from nlu.artifact import SHIPPED, Artifact, ModelBroken, load_artifact, save_artifact
from nlu.loading import derive_understander
from storage.demo.catalogue import demo_products
from storage.records import Product
from storage.shop import Shop
from storage.terms import base_vocabulary

pytestmark = pytest.mark.long

RED = Product(
    "r", "Red cotton dress", Decimal(9), "USD", title_zh="红色棉质连衣裙夏季新款", description="Cool. And light.",
    description_zh="凉爽。轻便。", category="dresses", categories=("dresses", "fashion"), brand="Larkhill",
    colors=("red",), materials=("cotton",),
)  # fmt: skip
ENGLISH = replace(RED, id="e", title_zh="", description_zh="")
CHINESE = replace(ENGLISH, id="c", title="红色棉质连衣裙夏季新款", description="凉爽。轻便。")


def items(*products):
    return items_of(products, base_vocabulary())


def test_a_bilingual_product_is_asked_for_in_the_english_index_and_as_in_a_chinese_shop():
    [item] = items(RED)
    assert item.document.startswith("Red cotton dress. dresses. Larkhill")
    assert item.chinese_document.startswith("红色棉质连衣裙夏季新款. dresses. Larkhill")
    assert [question.text for question in across([item])] == ["红色棉质连衣裙夏季新款"]
    [question] = within([item], 1)
    assert question.text in item.chinese
    assert question.text != item.chinese


def test_an_english_product_is_asked_for_in_the_words_of_the_vocabulary():
    [item] = items(ENGLISH)
    assert (item.chinese, item.chinese_document) == ("", "")
    assert [question.text for question in across([item])] == ["Larkhill 红色棉连衣裙"]
    assert within([item], 1) == []
    assert {(t.text, t.other) for t in twins([item], 1)} == {
        ("larkhill 红色棉连衣裙", "Red cotton dress"),
        ("larkhill 红色棉连衣裙", "Cool."),
    }


def test_a_chinese_shop_is_asked_in_chinese_only():
    [item] = items(CHINESE)
    assert across([item]) == []
    assert len(within([item], 1)) == 1
    assert {t.other for t in twins([item], 1)} == {"红色棉质连衣裙夏季新款"}
    assert "凉爽." in {t.text for t in twins([item], 1)}


def test_what_says_too_little_gives_no_question():
    plain = replace(ENGLISH, brand="", colors=(), materials=())
    assert across(items(plain)) == []
    assert items(replace(ENGLISH, available=False)) == []


def test_the_same_title_is_not_learnt_and_asked_for():
    products = [replace(RED, id=f"{at}", title=f"Dress {at // 3}", title_zh=f"第{at // 3}款裙子") for at in range(60)]
    kept, asked = held_back(items(*products), 10)
    assert {item.chinese for item in kept}.isdisjoint(item.chinese for item in asked)
    assert 10 <= len(asked) <= 12
    assert len(kept) + len(asked) == 60


@pytest.mark.parametrize("title", ["裙", "红裙子", "红色棉质连衣裙夏季新款"])
def test_a_part_of_a_title_is_in_it_and_is_not_empty(title):
    parts = {part_of(title, Random(seed)) for seed in range(20)}
    assert all(part and part in title for part in parts)


def test_texts_of_one_product_and_equal_texts_are_no_contrast():
    same = _same([Twin("甲", "a", "1"), Twin("乙", "b", "1"), Twin("丙", "a", "2"), Twin("丁", "d", "3")])
    assert same.int().tolist() == [[0, 1, 1, 0], [1, 0, 0, 0], [1, 0, 0, 0], [0, 0, 0, 0]]


GOOD, NONE, BAD = Gain(50, 0.5, 0.6, 0.05, 0.15), Gain(50, 0.5, 0.5, -0.05, 0.05), Gain(50, 0.5, 0.4, -0.15, -0.05)


@pytest.mark.parametrize(
    ("gains", "says"),
    [
        ({"a": NONE, WORDS: NONE}, "gained nothing"),
        ({"a": GOOD, "b": BAD, WORDS: NONE}, r"worse \(b\)"),
        ({"a": GOOD, WORDS: BAD}, "forgotten"),
    ],
)
def test_without_a_gain_or_with_a_loss_it_is_refused(gains, says):
    check({"a": GOOD, "b": NONE, WORDS: NONE})
    with pytest.raises(NotAdaptedError, match=says):
        check(gains)


def test_a_gain_comes_with_its_paired_interval():
    before, after = np.linspace(0, 0.5, 40), np.linspace(0, 0.5, 40) + 0.1
    gain = gains_of({"a": before}, {"a": after}, 1)["a"]
    assert (gain.low, gain.high) == (pytest.approx(0.1), pytest.approx(0.1))
    noise = np.where(np.arange(40) % 2, 0.3, -0.3)
    gain = gains_of({"a": before}, {"a": before + noise}, 1)["a"]
    assert gain.low < 0 < gain.high


# --- the command ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def weak(tmp_path_factory):
    """An encoder whose Chinese characters are blurred, so that there is something to gain."""
    shipped = load_artifact(SHIPPED / "encoder", "encoder")
    rows = shipped.tensors["embeddings"]
    blur = np.random.default_rng(3).normal(0, 1.5 * rows.std(), rows.shape)
    blurred = {**shipped.tensors, "embeddings": (rows + blur).astype(np.float16)}
    folder = tmp_path_factory.mktemp("weak") / "encoder"
    save_artifact(folder, Artifact(shipped.meta, blurred))
    return folder


@pytest.fixture(scope="module")
def feed(tmp_path_factory):
    """A feed in the shop's own format, in two languages."""
    path = tmp_path_factory.mktemp("feed") / "shop.jsonl"
    rows = [
        {"id": p.id, "title": p.title, "title_zh": p.title_zh, "price": str(p.price), "category": p.category}
        for p in islice(demo_products(), 105)
    ]
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def run(*arguments):
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_the_command_writes_an_encoder_that_finds_more(weak, feed, tmp_path):
    out = tmp_path / "adapted"
    result = run("--products", feed, "--encoder", weak, "--out", out, "--steps", 8, "--batch", 12, "--rate", 3e-3)
    assert result.exit_code == 0, result.output
    assert "MRR@10" in result.stdout
    assert "--encoder" in result.stdout
    begun, found = load_artifact(weak, "encoder"), load_artifact(out, "encoder")
    assert found.version != begun.version
    assert (found.meta["adapted"]["from"], found.meta["adapted"]["products"]) == (begun.version, 105)
    np.testing.assert_array_equal(found.tensors["embeddings"], begun.tensors["embeddings"])
    figures = found.meta["adapted"]["mrr_at_10"]
    assert any(figure["after"] > figure["before"] for figure in figures.values())
    texts = ["a red dress", "Larkhill sneakers"]
    assert Student(found).vectors(texts).equal(Student(begun).vectors(texts))
    with pytest.raises(ModelBroken, match="retrain it"):
        derive_understander(tmp_path, found, load_artifact(SHIPPED / "understander", "understander"))


def test_a_step_that_teaches_nothing_writes_nothing(weak, feed, tmp_path):
    out = tmp_path / "adapted"
    save_artifact(out, load_artifact(weak, "encoder"))
    result = run("--products", feed, "--encoder", weak, "--out", out, "--steps", 1, "--batch", 2, "--rate", 1e-12)
    assert (result.exit_code, "gained nothing" in result.output) == (1, True)
    assert load_artifact(out, "encoder").version == load_artifact(weak, "encoder").version


def test_a_data_folder_is_read_as_it_is(tmp_path):
    shop = Shop.open(tmp_path / "data")
    shop.catalogue.upsert(islice(demo_products(), 12))
    shop.close()
    result = run("--data", tmp_path / "data", "--out", tmp_path / "out")
    assert (result.exit_code, "fewer than 20 Chinese questions" in result.output) == (1, True)


@pytest.mark.parametrize(
    ("content", "says"),
    [(None, "no.jsonl"), (b"\x00\xff\xfe", "no.jsonl"), (b'{"id": 1}\n', "no usable product"), (b"", "no.jsonl")],
)
def test_a_feed_that_cannot_be_used_is_one_sentence(tmp_path, content, says):
    path = tmp_path / "no.jsonl"
    if content is not None:
        path.write_bytes(content)
    result = run("--products", path, "--out", tmp_path / "out")
    assert (result.exit_code, says in result.output) == (1, True), result.output
    assert "Traceback" not in result.output
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("arguments", [(), ("--data", "a", "--products", "b")])
def test_one_source_is_named(tmp_path, arguments):
    result = run(*arguments, "--out", tmp_path / "out")
    assert (result.exit_code, "one of them" in result.output) == (2, True)


def test_a_folder_without_a_shop_and_a_base_without_chinese_are_refused(feed, tmp_path):
    assert "no shop in" in run("--data", tmp_path, "--out", tmp_path / "out").output
    assert "no path for Chinese" in run("--products", feed, "--encoder", "base", "--out", tmp_path / "out").output
