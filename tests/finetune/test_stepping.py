"""The parts of a step, each by itself."""

import pytest
import torch

from finetune.adversary import Adversary
from finetune.averaging import Average
from finetune.config import TrainConfig
from finetune.losses import disagreement
from finetune.place import Place
from finetune.stepping import schedule_of


def test_readings_that_agree_cost_nothing():
    logits = torch.tensor([[1.0, 2.0, 3.0], [0.0, 0.0, 5.0]])
    assert disagreement(torch.cat([logits, logits])).item() == pytest.approx(0, abs=1e-6)
    assert disagreement(torch.cat([logits, logits.flip(-1)])) > 0.5


def test_the_average_lags_behind_and_stands_in_only_when_asked():
    weight = torch.zeros(3)
    average = Average([weight], 0.9)
    for _ in range(5):
        weight += 1
        average.follow()
    with average.applied():
        assert 0 < weight[0] < 5
    assert weight.tolist() == [5, 5, 5]


def test_no_decay_is_no_average():
    weight = torch.zeros(3)
    average = Average([weight], 0.0)
    weight += 1
    average.follow()
    with average.applied():
        assert weight.tolist() == [1, 1, 1]


def test_the_push_goes_where_the_loss_grows():
    table = torch.nn.Embedding(5, 4).requires_grad_(False)
    head = torch.nn.Linear(4, 1)
    adversary = Adversary(table, 0.5)
    tokens = torch.tensor([[1, 2, 3], [2, 2, 0]])
    before = table(tokens)
    with adversary.watching():
        loss = head(table(tokens)).sum()
    loss.backward()
    with adversary.pushing():
        pushed = table(tokens)
        assert head(pushed).sum() > loss
    lengths = (pushed - before).norm(dim=(1, 2))
    torch.testing.assert_close(lengths, torch.full((2,), 0.5 * before.norm(dim=-1).mean().item()))
    torch.testing.assert_close(table(tokens), before)


def test_a_push_without_a_look_is_refused():
    with pytest.raises(RuntimeError), Adversary(torch.nn.Embedding(5, 4), 0.5).pushing():
        pass


@pytest.mark.parametrize("schedule", ["one-cycle", "cosine", "linear", "constant"])
@pytest.mark.parametrize("warmup", [0.0, 0.1, 1.0])
@pytest.mark.parametrize("steps", [1, 2, 3, 10, 40])
def test_every_schedule_goes_any_number_of_steps(schedule, warmup, steps):
    optimizer = torch.optim.AdamW([torch.nn.Parameter(torch.zeros(1))], lr=0.5)
    course = schedule_of(optimizer, TrainConfig(schedule=schedule, warmup=warmup), steps)
    rates = []
    for _ in range(steps):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        course.step()
    assert all(0 <= rate <= 0.5 for rate in rates)
    assert steps < 10 or max(rates) > 0.4


def test_one_process_takes_every_group():
    place = Place("cpu")
    assert place.share([[1], [2], [3]]) == [[1], [2], [3]]
    assert place.leads
    assert place.agreed(lambda: "found") == "found"


@pytest.mark.parametrize(("count", "number", "mine"), [(2, 0, [1, 3, 5]), (2, 1, [2, 4, 1]), (3, 2, [3, 1])])
def test_several_processes_take_the_same_number_of_groups(count, number, mine):
    place = Place("cpu")
    place.count, place.number = count, number
    assert place.share([1, 2, 3, 4, 5]) == mine


def test_half_precision_needs_a_gpu():
    with pytest.raises(ValueError, match="fp16 needs a CUDA device"):
        Place("cpu", "fp16")
