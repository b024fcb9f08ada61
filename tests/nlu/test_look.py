"""The image tower of a CLIP model: what a folder must hold, and that nothing else of it is used."""

import shutil

import numpy as np
import pytest
from PIL import Image

from nlu.artifact import ModelBroken, ModelMissing
from nlu.look import load_look_encoder, look_version
from tests.support.clip import tiny_clip

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def clip(tmp_path_factory):
    return tiny_clip(tmp_path_factory.mktemp("clip"))


@pytest.fixture
def folder(clip, tmp_path):
    return shutil.copytree(clip, tmp_path / "clip")


def picture(seed, size=(50, 40)):
    return Image.fromarray(np.random.default_rng(seed).integers(0, 255, (*size, 3), dtype=np.uint8))


def test_equal_pictures_have_equal_unit_vectors(clip):
    encode = load_look_encoder(clip)
    one, again, other = encode(picture(1)), encode(picture(1)), encode(picture(2))
    assert one.dtype == np.float32
    assert np.array_equal(one, again)
    assert float(one @ one) == pytest.approx(1, abs=1e-5)
    assert float(one @ other) < 1 - 1e-4


def test_loading_prints_nothing(clip, capfd):
    load_look_encoder(clip)
    assert capfd.readouterr() == ("", "")


def test_the_version_is_that_of_the_content(clip, folder, tmp_path):
    assert look_version(folder) == look_version(clip) == load_look_encoder(clip).version
    assert look_version(tiny_clip(tmp_path / "other", seed=1)) != look_version(clip)
    (folder / "preprocessor_config.json").write_text('{"image_processor_type": "CLIPImageProcessor"}')
    assert look_version(folder) != look_version(clip)


def lacks(name):
    return lambda folder: (folder / name).unlink()


def holds(name, text):
    return lambda folder: (folder / name).write_text(text)


def halved(folder):
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[: weights.stat().st_size // 2])


def without_a_weight(folder):
    from safetensors.numpy import load_file, save_file

    weights = load_file(folder / "model.safetensors")
    del weights["visual_projection.weight"]
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})


@pytest.mark.parametrize(
    ("harm", "error", "words"),
    [
        (shutil.rmtree, ModelMissing, "no folder"),
        (lacks("config.json"), ModelMissing, "config.json is missing"),
        (lacks("preprocessor_config.json"), ModelMissing, "preprocessor_config.json is missing"),
        (lacks("model.safetensors"), ModelMissing, "model.safetensors is missing"),
        (holds("config.json", "{"), ModelBroken, "cannot be read"),
        (holds("config.json", '{"model_type": "bert"}'), ModelBroken, "is no CLIP model"),
        (holds("preprocessor_config.json", "[]"), ModelBroken, "cannot be loaded"),
        (halved, ModelBroken, "cannot be loaded"),
        (without_a_weight, ModelBroken, "lacks 1 of its weights"),
    ],
)
def test_a_folder_that_is_no_whole_model_is_told_in_a_sentence(folder, harm, error, words):
    harm(folder)
    with pytest.raises(error, match=words) as told:
        load_look_encoder(folder)
    assert "\n" not in str(told.value)
    assert str(told.value).endswith(".")


def test_weights_that_could_run_code_are_not_read(folder):
    weights = folder / "model.safetensors"
    weights.rename(folder / "pytorch_model.bin")
    with pytest.raises(ModelMissing, match=r"model\.safetensors is missing"):
        load_look_encoder(folder)


def test_code_in_the_folder_is_not_run(folder):
    (folder / "evil.py").write_text("raise SystemExit('ran')")
    config = (folder / "config.json").read_text().replace("{", '{"auto_map": {"AutoModel": "evil.Evil"},', 1)
    (folder / "config.json").write_text(config)
    load_look_encoder(folder)
