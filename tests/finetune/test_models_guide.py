"""Every command in docs/models.md exists, with the options that it is called with."""

import re
import shlex
from importlib import import_module
from pathlib import Path

import click
import pytest

from bot.cli.main import shopbot

GUIDE = Path(__file__).parents[2] / "docs" / "models.md"
COMMANDS = re.findall(r"^ *((?:python -m finetune\.|shopbot ).*)$", GUIDE.read_text(encoding="utf-8"), re.MULTILINE)


def command_of(words):
    """The click command that is called, and the arguments left for it."""
    if words[0] == "shopbot":
        command, rest = shopbot, words[1:]
    else:
        command, rest = import_module(words[2]).main, words[3:]
    while isinstance(command, click.Group) and rest and not rest[0].startswith("-"):
        command, rest = command.get_command(click.Context(command), rest[0]), rest[1:]
    return command, rest


def test_the_guide_has_the_whole_life():
    named = {shlex.split(line)[2].removeprefix("finetune.") for line in COMMANDS if line.startswith("python")}
    assert {"train", "evaluate", "compare", "promote", "rollback", "bundle", "export", "relabel", "adapt"} <= named


@pytest.mark.parametrize("line", COMMANDS)
def test_each_command_takes_what_it_is_given(line):
    command, rest = command_of(shlex.split(line, comments=True))
    known = {flag for option in command.params for flag in (*option.opts, *option.secondary_opts)}
    assert {word for word in rest if word.startswith("--")} <= known
    assert command.parse_args(click.Context(command, resilient_parsing=True), list(rest)) == []


def test_each_command_has_an_example_in_its_help():
    for module in ("promote", "rollback", "bundle", "export", "relabel", "adapt"):
        assert import_module(f"finetune.{module}").main.epilog.startswith(f"Example: python -m finetune.{module} ")
