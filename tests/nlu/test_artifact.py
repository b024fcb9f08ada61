import json

import numpy as np
import pytest

from nlu.artifact import Artifact, ModelBroken, ModelMissing, load_artifact, save_artifact


@pytest.fixture
def artifact():
    return Artifact(
        {"kind": "encoder", "characters": "红色", "base": {"sha256": "00"}},
        {"embeddings": np.arange(6, dtype=np.float16).reshape(2, 3)},
    )


def test_a_saved_artefact_comes_back_whole(tmp_path, artifact):
    save_artifact(tmp_path, artifact)
    loaded = load_artifact(tmp_path, "encoder")
    assert loaded.meta == artifact.meta
    assert loaded.version == artifact.version
    np.testing.assert_array_equal(loaded.tensors["embeddings"], artifact.tensors["embeddings"])


def test_the_version_names_the_content(artifact):
    other = Artifact(artifact.meta, {"embeddings": artifact.tensors["embeddings"] + 1})
    same = Artifact({**artifact.meta, "figures": {"seconds": 3}}, artifact.tensors)
    assert artifact.version.startswith("encoder-")
    assert other.version != artifact.version
    assert same.version == artifact.version


def test_an_absent_folder_is_a_missing_model(tmp_path):
    with pytest.raises(ModelMissing, match=r"meta\.json"):
        load_artifact(tmp_path / "nowhere", "encoder")


@pytest.mark.parametrize("name", ["meta.json", "adapter.safetensors"])
def test_a_damaged_file_is_a_broken_model(tmp_path, artifact, name):
    save_artifact(tmp_path, artifact)
    (tmp_path / name).write_bytes(b"{garbage")
    with pytest.raises(ModelBroken, match="restore or retrain"):
        load_artifact(tmp_path, "encoder")


def test_a_model_of_another_kind_or_format_is_refused(tmp_path, artifact):
    save_artifact(tmp_path, artifact)
    with pytest.raises(ModelBroken, match="does not describe"):
        load_artifact(tmp_path, "understander")
    meta = json.loads((tmp_path / "meta.json").read_text())
    (tmp_path / "meta.json").write_text(json.dumps({**meta, "format": 99}))
    with pytest.raises(ModelBroken, match="format 1"):
        load_artifact(tmp_path, "encoder")


def test_weights_that_are_not_those_of_the_meta_are_refused(tmp_path, artifact):
    save_artifact(tmp_path, artifact)
    meta = (tmp_path / "meta.json").read_text()
    save_artifact(tmp_path, Artifact(artifact.meta, {"embeddings": np.zeros((2, 3), np.float16)}))
    (tmp_path / "meta.json").write_text(meta)
    with pytest.raises(ModelBroken, match="is not the one"):
        load_artifact(tmp_path, "encoder")
