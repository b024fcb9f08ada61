import json

import numpy as np
import pytest
from click.testing import CliRunner

from finetune.calibrate import fit_margin, fit_sure, fit_temperature, main, natural
from finetune.examples import Example
from nlu.artifact import SHIPPED, load_artifact
from nlu.decode import SURE, Calibration, softmax
from tests.support.adapters import write_rows


def drawn(count, temperature, seed=0):
    """Logits of five labels and truths drawn from them at a temperature."""
    chance = np.random.default_rng(seed)
    logits = chance.normal(0, 3, (count, 5)).astype(np.float32)
    chances = softmax(logits / temperature)
    return logits, np.array([chance.choice(5, p=row / row.sum()) for row in chances.astype(float)])


@pytest.mark.parametrize("temperature", [0.6, 1.0, 1.8])
def test_the_temperature_that_made_the_truths_is_found(temperature):
    assert fit_temperature(*drawn(4000, temperature)) == pytest.approx(temperature, rel=0.08)


def test_labels_that_the_network_does_not_know_say_nothing_of_the_temperature():
    logits, truth = drawn(500, 1.0)
    padded = np.concatenate([logits, logits])
    unknown = np.concatenate([truth, np.full(500, -1)])
    assert fit_temperature(padded, unknown) == fit_temperature(logits, truth)
    assert fit_temperature(logits, np.full(500, -1)) == 1


def test_the_margin_is_the_smallest_that_leaves_one_error_in_twenty():
    lead = np.linspace(0, 1, 1000)
    chances = np.stack([(1 + lead) / 2, (1 - lead) / 2], -1).astype(np.float32)
    truth = np.where((lead < 0.1) & (np.arange(1000) % 10 < 7), 1, 0)  # seven of ten wrong where it is close
    margin = fit_margin(chances, truth)
    above = lead >= margin
    assert (truth[above] == 1).mean() < 0.05 <= (truth[lead >= margin - 0.01] == 1).mean()
    assert 0 < margin < 0.1


def test_no_margin_asks_back_about_more_than_eight_in_a_hundred():
    lead = np.linspace(0, 1, 1000)
    chances = np.stack([(1 + lead) / 2, (1 - lead) / 2], -1).astype(np.float32)
    margin = fit_margin(chances, np.arange(1000) % 2)  # half are wrong, however large the lead
    assert 0.06 <= margin <= 0.08


def test_a_reader_that_is_hardly_ever_wrong_needs_no_margin():
    chances = np.tile(np.array([[0.6, 0.4]], dtype=np.float32), (100, 1))
    assert fit_margin(chances, np.zeros(100, dtype=int)) == 0
    assert fit_margin(np.ones((3, 1), dtype=np.float32), np.zeros(3, dtype=int)) == 0


def ramp(wrong):
    """A thousand messages read ever more surely, those in `wrong` of them wrongly."""
    confidence = np.linspace(0.5, 1, 1000)
    chances = np.stack([confidence, 1 - confidence], -1).astype(np.float32)
    return chances, np.isin(np.arange(1000), wrong).astype(int)


def test_sure_is_from_where_on_hardly_any_is_wrong():
    chances, truth = ramp(range(700, 900, 5))
    sure = fit_sure(chances, truth)
    above = chances[:, 0] >= sure
    assert above.sum() == 109  # one of these is wrong; the next would be the second
    assert sure > SURE


def test_where_nothing_is_wrong_nine_in_ten_is_sure_enough():
    assert fit_sure(*ramp([])) == SURE
    assert fit_sure(*ramp([10, 20])) == SURE


def test_where_the_surest_are_wrong_nothing_is_sure():
    assert fit_sure(*ramp(range(990, 1000))) == 1


def test_probabilities_are_fitted_to_written_messages_where_there_are_enough():
    grammar = [Example("a", "search", source="en/search/1")] * 50
    few, many = ([Example("b", "search", source="written/casual/en/1")] * count for count in (10, 300))
    assert natural([*grammar, *few]) == list(range(60))
    assert natural([*grammar, *many]) == list(range(50, 350))


def test_an_adapter_is_calibrated_anew_and_keeps_its_weights(tmp_path):
    write_rows(tmp_path / "dev.jsonl")
    result = CliRunner().invoke(main, ["--data", str(tmp_path), "--out", str(tmp_path / "out"), "--json"])
    assert result.exit_code == 0, result.output
    fitted = json.loads(result.stdout)
    new, old = load_artifact(tmp_path / "out", "understander"), load_artifact(SHIPPED / "understander", "understander")
    assert Calibration.of(new.meta) == Calibration(fitted["temperature"], **fitted["thresholds"])
    assert 0 < fitted["thresholds"]["outside"] < 1
    assert set(new.tensors) == set(old.tensors)
    assert all((new.tensors[name] == old.tensors[name]).all() for name in old.tensors)


def test_calibrating_on_nothing_writes_nothing(tmp_path):
    result = CliRunner().invoke(main, ["--data", str(tmp_path), "--out", str(tmp_path / "out")])
    assert result.exit_code == 1
    assert result.output.startswith("Error: ")
    assert result.output.count("\n") == 1
    assert not (tmp_path / "out").exists()
