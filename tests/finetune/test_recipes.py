"""The shipped recipes name only options that there are, with values that they take."""

import shlex
from pathlib import Path

import pytest

from finetune import train
from finetune.config import TrainConfig
from finetune.options import recipe

RECIPES = sorted((Path(train.__file__).parent / "recipes").glob("*.sh"))


def knobs(given):
    return recipe({name: value for name, value in given.items() if name in TrainConfig.__slots__})


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.stem)
def test_a_recipe_is_understood(path, tmp_path):
    (tmp_path / "data.jsonl").touch()
    command = path.read_text(encoding="utf-8").split("finetune.train", 1)[1].replace("\\\n", " ")
    command = command.replace("$data", str(tmp_path / "data.jsonl")).replace("$out", str(tmp_path)).replace('"$@"', "")
    given = train.main.make_context("train", shlex.split(command)).params
    assert knobs(given).average > 0
    assert given["encoder"] == Path("base")


def test_the_flags_of_the_shipped_understander_are_what_they_were(tmp_path):
    flags = [
        "--data",
        tmp_path,
        "--dev",
        tmp_path,
        "--out",
        tmp_path,
        "--rank",
        16,
        "--target",
        "query",
        "--rate",
        1e-3,
    ]
    flags += ["--head-rate", 1e-3, "--epochs", 7, "--patience", 3, "--batch", 32, "--label-smoothing", 0.05]
    flags += ["--balanced", "--joined", 0.15, "--bf16", "--seed", 17, "--threads", 1, "--json", "--encoder", tmp_path]
    given = train.main.make_context("train", [str(flag) for flag in flags]).params
    config = knobs(given)
    assert (config.precision, config.balanced, config.lora_targets) == ("bf16", True, ("query",))
    defaults = train.main.make_context("train", ["--data", str(tmp_path), "--out", str(tmp_path)]).params
    assert knobs(defaults) == TrainConfig()
