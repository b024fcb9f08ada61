"""A tiny network of random weights goes the whole way: learn ten messages by heart, save, load, judge."""

import numpy as np
import pytest
import torch

from finetune.examples import Example
from finetune.judge import read_all
from nlu.artifact import load_artifact, save_artifact
from nlu.decode import Calibration
from nlu.network import joint_network
from tests.support.tiny import BY_HEART, EXAMPLES, FEW, FOREIGN, tiny_bert, tiny_trainer, trained_tiny

pytestmark = pytest.mark.long


class Course:
    def __init__(self):
        self.steps, self.epochs = [], []

    def step(self, step, loss, rate):
        self.steps.append((step, loss, rate))

    def epoch(self, epoch, figures):
        self.epochs.append(figures["accuracy"])


@pytest.fixture(scope="module")
def trainer():
    return trained_tiny(**BY_HEART)


def test_ten_messages_are_learned_by_heart(trainer):
    _, figures = trainer.judge(EXAMPLES)
    assert figures["accuracy"] == 1
    assert figures["slot_f1"] > 0.9
    assert figures["also_f1"] == 1


def assert_reads_alike(trainer, folder):
    save_artifact(folder, trainer.artifact("encoder-0", {}, Calibration(), {}))
    loaded = load_artifact(folder, "understander")
    network = joint_network(tiny_bert(), loaded)
    assert_agree(trainer, network)
    return loaded.meta


def assert_agree(trainer, network):
    before = read_all(trainer.network, trainer.reader, EXAMPLES, trainer.labels, Calibration())
    after = read_all(network, trainer.reader, EXAMPLES, trainer.labels, Calibration())
    assert [(j.read, j.read_spans) for j in after] == [(j.read, j.read_spans) for j in before]
    np.testing.assert_allclose([j.confidence for j in after], [j.confidence for j in before], atol=0.02)


def test_a_saved_understander_reads_as_the_trained_one(trainer, tmp_path):
    meta = assert_reads_alike(trainer, tmp_path)
    assert meta["encoder"] == "encoder-0"
    assert meta["config"]["lora_rank"] == 8
    assert meta["lora"] == {
        "r": 8, "lora_alpha": 16, "lora_dropout": 0.0, "target_modules": ["query", "key", "value", "dense"]
    }  # fmt: skip


@pytest.fixture(scope="module", params=["dora", "adalora"])
def kin(request):
    return trained_tiny(**BY_HEART | {"adapter": request.param, "lora_rank": 4, "epochs": 20})


def test_the_kin_of_lora_are_merged_as_they_were_trained(kin, tmp_path):
    _, figures = kin.judge(EXAMPLES)
    assert figures["accuracy"] > 0.5
    meta = assert_reads_alike(kin, tmp_path)
    assert meta["config"]["adapter"] == kin.config.adapter
    assert meta["lora"].get("use_dora", False) == (kin.config.adapter == "dora")


def test_adalora_gives_rank_away_where_it_helps_least(kin):
    values = [tensor for name, tensor in kin.state().items() if "lora_E" in name]
    assert {len(tensor) for tensor in values} <= {6}
    assert sum(int((tensor != 0).sum()) for tensor in values) == 4 * len(values)


def test_an_adapter_for_other_layers_is_refused(trainer):
    artifact = trainer.artifact("encoder-0", {}, Calibration(), {})
    artifact.meta["lora"]["target_modules"] = ["query"]
    with pytest.raises(ValueError, match="do not fit"):
        joint_network(tiny_bert(), artifact)


def test_a_target_that_is_no_layer_is_one_sentence():
    with pytest.raises(ValueError, match="called 'querry'; there are dense, key, query, value"):
        tiny_trainer(lora_targets=("querry",))


@pytest.mark.parametrize(
    "knobs",
    [
        {"rdrop": 1.0},
        {"adversary": 0.3},
        {"average": 0.9},
        {"checkpointing": True},
        {"precision": "bf16"},
        {"accumulate": 2},
        {"schedule": "cosine"},
        {"schedule": "linear", "warmup": 0.0},
        {"schedule": "constant", "weight_decay": 0.1},
        {"typos": 0.5, "substitutions": 0.5},
        {"hidden": 0.3},
        {"balanced": True, "encoder_dropout": 0.0},
        {"rdrop": 1.0, "adversary": 0.3, "average": 0.9, "checkpointing": True, "adapter": "adalora"},
    ],
    ids=lambda knobs: " ".join(knobs),
)
def test_every_knob_trains(knobs):
    before = tiny_trainer(**FEW | knobs).state()
    after = trained_tiny(**FEW | knobs).state()
    assert all(torch.isfinite(tensor).all() for tensor in after.values())
    moved = [name for name, tensor in after.items() if not torch.equal(tensor, before[name])]
    assert {"heads.intent.weight", "heads.tags.weight"} <= set(moved)
    assert any("lora_" in name for name in moved)


def test_activations_made_anew_give_the_same_weights():
    plain, anew = (trained_tiny(**FEW | {"encoder_dropout": 0.0, "checkpointing": on}).state() for on in (False, True))
    for name, tensor in plain.items():
        torch.testing.assert_close(anew[name], tensor, atol=1e-4, rtol=1e-3)


def test_other_labels_without_slots_touch_the_intents_alone():
    trainer = tiny_trainer(FOREIGN, **BY_HEART | {"epochs": 30})
    before = trainer.state()
    trainer.train(FOREIGN, FOREIGN, quiet=True)
    calibration, figures = trainer.judge(FOREIGN)
    assert figures["accuracy"] == 1
    assert calibration.outside is None
    untouched = ("heads.also", "heads.tags", "heads.follows", "heads.negated", "heads.noted")
    for name, tensor in trainer.state().items():
        if name.startswith(untouched):
            assert torch.equal(tensor, before[name])
    assert all(
        not j.read_spans for j in read_all(trainer.network, trainer.reader, FOREIGN, trainer.labels, calibration)
    )


def test_intents_learned_alone_leave_every_slot_as_it_was_to_the_bit():
    alone = FEW | {"learning_rate": 0.0, "tag_weight": 0.0, "schedule": "linear", "weight_decay": 0.1}
    before, after = tiny_trainer(**alone).state(), trained_tiny(**alone).state()
    moved = {name for name, tensor in after.items() if not torch.equal(tensor, before[name])}
    read_with = ("heads.whole", "heads.intent", "heads.also")
    assert "heads.intent.weight" in moved
    assert {name for name in moved if not name.startswith(read_with)} == set()


def test_messages_outside_are_told_where_a_share_may_be_lost():
    trainer = trained_tiny(FOREIGN, **FEW | {"reject": 0.2})
    calibration, _ = trainer.judge(FOREIGN)
    assert calibration.outside is not None


def test_without_development_examples_the_last_epoch_is_kept():
    course = Course()
    trainer = tiny_trainer(FOREIGN, course, **BY_HEART | {"epochs": 30, "patience": 1})
    trainer.train(FOREIGN, [], quiet=True)
    assert trainer.judge(FOREIGN)[1]["accuracy"] == 1
    assert not course.epochs


def test_training_goes_on_from_an_earlier_adapter(trainer):
    earlier = trainer.artifact("encoder-0", {}, Calibration(), {})
    assert_agree(trainer, tiny_trainer(earlier=earlier, **BY_HEART).network)


def test_a_new_label_begins_anew_and_the_others_keep_what_they_know(trainer):
    earlier = trainer.artifact("encoder-0", {}, Calibration(), {})
    more = [Example("how big is it", "ask_product", "en"), *EXAMPLES]
    begun = tiny_trainer(more, earlier=earlier, **BY_HEART)
    judged = read_all(begun.network, begun.reader, EXAMPLES, begun.labels, Calibration())
    assert [j.read for j in judged if j.read != "ask_product"] == [j.intent for j in judged if j.read != "ask_product"]
    begun.train(more, more, quiet=True)
    judged = read_all(begun.network, begun.reader, more, begun.labels, Calibration())
    assert [j.read for j in judged] == [e.intent for e in more]


@pytest.mark.parametrize(
    ("knobs", "said"),
    [
        ({"lora_rank": 4}, "r 8 there and 4 here"),
        ({"lora_targets": ("query",)}, "target_modules"),
        ({"adapter": "dora"}, "use_dora"),
        ({"adapter": "adalora"}, "starts from nothing"),
    ],
)
def test_an_adapter_of_another_kind_cannot_be_gone_on_from(trainer, knobs, said):
    earlier = trainer.artifact("encoder-0", {}, Calibration(), {})
    with pytest.raises(ValueError, match=said):
        tiny_trainer(earlier=earlier, **BY_HEART | knobs)


def test_an_adapter_of_other_slots_cannot_be_gone_on_from(trainer):
    earlier = trainer.artifact("encoder-0", {}, Calibration(), {})
    earlier.meta["tags"] = ["O", "B-place", "I-place"]
    with pytest.raises(ValueError, match="marks other slots"):
        tiny_trainer(earlier=earlier, **BY_HEART)


def test_weights_without_bounds_are_not_saved():
    trainer = trained_tiny(FOREIGN, **FEW | {"learning_rate": 1e8, "head_rate": 1e8})
    with pytest.raises(ValueError, match="ran away"):
        trainer.artifact("encoder-0", {}, Calibration(), {})


def test_it_stops_when_patience_is_over():
    course = Course()
    trained_tiny(log=course, **BY_HEART | {"learning_rate": 0.0, "head_rate": 0.0, "patience": 2})
    assert len(course.epochs) == 3


def test_the_development_set_is_looked_at_now_and_then_and_at_the_end():
    course = Course()
    trained_tiny(log=course, **FEW | {"epochs": 5, "judged": 2})
    assert len(course.epochs) == 3


def test_the_rate_rises_and_falls():
    course = Course()
    trained_tiny(FOREIGN, course, **BY_HEART | {"warmup": 0.5, "batch": 2, "epochs": 40})
    rates = [rate for _, _, rate in course.steps]
    highest = rates.index(max(rates))
    assert rates == [*sorted(rates[: highest + 1]), *sorted(rates[highest + 1 :], reverse=True)]
    assert 0.4 < highest / len(rates) < 0.6
