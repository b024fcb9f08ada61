"""Every command of fine-tuning with what nobody should give to it: exit code 1 or 2 with a sentence, never a stack.

A command that is added is tried by this test without a word here.
"""

import importlib
import pkgutil
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

import finetune
from tests.support.hostile_arguments import HALF, NUL, Rubbish, calls, commands_of

HERE = Path(finetune.__path__[0])
MODULES = [
    module.name
    for module in pkgutil.iter_modules([str(HERE)])
    if "__main__" in (HERE / f"{module.name}.py").read_text(encoding="utf-8")
]
# What would do: it is made, or read, for seconds before the rest is looked at.
LEFT_OUT = {"generate": ("out", "seed"), "adapt": ("products", "seed")}

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def rubbish(tmp_path_factory):
    return Rubbish(tmp_path_factory.mktemp("rubbish"))


def test_there_are_commands_to_be_tried():
    assert {"train", "evaluate", "distil", "promote", "rollback", "trial"} <= set(MODULES)


@pytest.mark.parametrize("name", MODULES)
def test_an_odd_argument_is_one_sentence(name, rubbish, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    main, tried = importlib.import_module(f"finetune.{name}").main, 0
    assert isinstance(main, click.Command)
    for words, command in commands_of(main, ()):
        for arguments in calls(command, rubbish, tmp_path / "data", LEFT_OUT.get(name, ())):
            if NUL in arguments:  # no process can be given one
                continue
            run = CliRunner().invoke(main, [*words, *arguments])
            shown = [each[:60].replace(HALF, "half") for each in (*words, *arguments)]
            assert run.exception is None or isinstance(run.exception, SystemExit), (shown, repr(run.exception)[:300])
            assert run.exit_code in (0, 1, 2), shown
            assert run.exit_code == 0 or run.output.strip(), shown
            tried += 1
    assert tried
