"""An adapter between two."""

import numpy as np
import pytest
from click.testing import CliRunner

from finetune.blend import blend, main
from nlu.artifact import Artifact, load_artifact, save_artifact
from nlu.decode import Calibration
from tests.support.tiny import FEW, tiny_trainer, trained_tiny


@pytest.fixture(scope="module")
def ends():
    older = tiny_trainer(**FEW).artifact("encoder-0", {}, Calibration(), {})
    newer = trained_tiny(**FEW).artifact("encoder-0", {}, Calibration(0.5), {})
    return older, newer


def test_the_weights_lie_between_and_the_ends_are_the_ends(ends):
    older, newer = ends
    middle = blend(older, newer, 0.5)
    for name, tensor in middle.tensors.items():
        mean = (older.tensors[name].astype(np.float32) + newer.tensors[name].astype(np.float32)) / 2
        np.testing.assert_allclose(tensor.astype(np.float32), mean, atol=1e-3, rtol=1e-3)
    assert middle.meta["temperature"] == 0.5
    assert middle.meta["blended"] == {older.version: 0.5, newer.version: 0.5}
    np.testing.assert_array_equal(
        blend(older, newer, 1).tensors["heads.intent.weight"], newer.tensors["heads.intent.weight"]
    )


@pytest.mark.parametrize(("name", "other"), [("encoder", "encoder-1"), ("labels", ["yes", "no"])])
def test_what_does_not_fit_is_refused(ends, name, other):
    older, newer = ends
    with pytest.raises(ValueError, match=f"their {name} differ"):
        blend(Artifact({**older.meta, name: other}, older.tensors), newer, 0.5)


def test_the_command_writes_one_that_can_be_loaded_and_says_what_is_missing(ends, tmp_path):
    for name, artifact in zip(("older", "newer"), ends, strict=True):
        save_artifact(tmp_path / name, artifact)
    said = CliRunner().invoke(
        main, [*(str(tmp_path / name) for name in ("older", "newer")), "--out", str(tmp_path / "out")]
    )
    assert said.exit_code == 0, said.output
    assert "finetune.calibrate" in said.output
    assert load_artifact(tmp_path / "out", "understander").meta["blended"]
    lost = CliRunner().invoke(main, [str(tmp_path / "older"), str(tmp_path / "lost"), "--out", str(tmp_path / "no")])
    assert lost.exit_code == 1
    assert "Traceback" not in lost.output
    assert not (tmp_path / "no").exists()
