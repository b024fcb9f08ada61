import numpy as np
import pytest

from nlu.base import base_folder
from nlu.loading import load_encoder

TEXTS = ["a red dress", "红色连衣裙", "", "wireless headphones " * 200, "iPhone 手机壳", "🙂", "running shoes"]


def test_rows_are_unit_vectors_in_the_order_of_the_texts(encoder):
    vectors = encoder(TEXTS)
    assert vectors.shape == (len(TEXTS), 384)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    for row, text in enumerate(TEXTS):
        np.testing.assert_allclose(encoder([text])[0], vectors[row], atol=1e-5)


def test_nothing_gives_an_empty_matrix(encoder):
    assert encoder([]).shape == (0, 384)


def test_english_vectors_are_exactly_those_of_the_base(encoder):
    torch = pytest.importorskip("torch")
    from nlu.network import SentenceVectors, load_base
    from nlu.tokens import load_tokenizer, pad

    assert base_folder().is_dir()
    batch = pad([load_tokenizer().encode(text) for text in TEXTS if text.isascii()])
    with torch.inference_mode():
        wanted = SentenceVectors(load_base())(torch.from_numpy(batch.input_ids), torch.from_numpy(batch.attention_mask))
    np.testing.assert_allclose(encoder([t for t in TEXTS if t.isascii()]), wanted.numpy(), atol=1e-5)


@pytest.mark.parametrize(
    ("chinese", "english", "others"),
    [
        ("红色连衣裙", "red dress", ["blue jeans", "red shoes", "coffee machine"]),
        ("蓝牙耳机", "bluetooth headphones", ["wired keyboard", "bluetooth speaker", "ear rings"]),
        ("儿童防水外套", "waterproof jacket for kids", ["waterproof watch", "kids toys", "leather jacket for men"]),
        ("不粘锅", "non-stick frying pan", ["knife set", "glue", "pants"]),
    ],
)
def test_a_chinese_wish_lies_nearest_to_its_english_meaning(encoder, chinese, english, others):
    likeness = encoder([english, *others]) @ encoder([chinese])[0]
    assert likeness.argmax() == 0


def test_traditional_and_full_width_forms_mean_the_same(encoder):
    simplified, traditional = encoder(["苹果手机壳 iphone", "蘋果手機殼 ｉＰｈｏｎｅ"])
    assert simplified @ traditional > 0.999


def test_files_are_derived_once(encoder, models_cache):
    before = {path.name: path.stat().st_mtime_ns for path in models_cache.iterdir()}
    assert load_encoder(models_cache).version == encoder.version
    assert {path.name: path.stat().st_mtime_ns for path in models_cache.iterdir()} == before
