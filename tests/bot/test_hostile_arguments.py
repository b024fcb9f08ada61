"""Every command of `shopbot` with what nobody should give to it: exit code 1 or 2 with a sentence, never a stack trace.

A command that is added is tried by this test without a word here.
"""

import io
import logging
import os
import sys

import pytest

from bot.cli.main import main, shopbot
from storage.console.database import ConsoleStore
from storage.shop import Shop
from tests.support.hostile_arguments import NUL, Rubbish, calls, commands_of

COMMANDS = dict(commands_of(shopbot, ()))
# Any text may be looked for and read, which tests/bot/test_bad_input.py does at length: a model is loaded for each.
LEFT_OUT = {("search",): ("text",), ("understand",): ("text",)}

SERVE = {("run",), ("console",)}  # where nothing else is wrong, they would: so the folder is


@pytest.fixture(scope="module")
def rubbish(tmp_path_factory):
    return Rubbish(tmp_path_factory.mktemp("rubbish"))


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """A folder with a sound, empty shop."""
    folder = tmp_path_factory.mktemp("sound") / "data"
    Shop.open(folder).close()
    with ConsoleStore.open(folder):
        pass
    return folder


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """What a relative path makes, it makes here; the process is as it was afterwards."""
    monkeypatch.chdir(tmp_path)
    mask, level = os.umask(0o022), logging.getLogger().level
    yield
    os.umask(mask)
    logging.getLogger().setLevel(level)


def ended(monkeypatch, *arguments):
    """How the process would end: its code, and all that it said."""
    said = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.TextIOWrapper(io.BytesIO(), "utf-8", "backslashreplace")
    with monkeypatch.context() as patched:
        for name, stream in zip(("stdout", "stderr", "stdin"), (*said, io.StringIO()), strict=True):
            patched.setattr(sys, name, stream)
        try:
            main(arguments)
            code = 0
        except SystemExit as end:
            code = end.code
    for stream in said:
        stream.flush()
    return code, "".join(stream.buffer.getvalue().decode() for stream in said)


def test_there_are_commands_to_be_tried():
    assert len(COMMANDS) > 55
    assert {("run",), ("hand", "add", "pin"), ("models", "rollback")} <= set(COMMANDS)


def each(words):
    """Of models each call begins a process of its own."""
    return pytest.param(words, id=" ".join(words), marks=[pytest.mark.long] if words[0] == "models" else [])


@pytest.mark.parametrize("words", [each(words) for words in COMMANDS])
def test_an_odd_argument_is_one_sentence(words, rubbish, data, elsewhere, monkeypatch):
    tried = 0
    if words in SERVE:
        data = rubbish.empty
    for arguments in calls(COMMANDS[words], rubbish, data, LEFT_OUT.get(words, ())):
        code, said = ended(monkeypatch, *words, *arguments)
        shown = [each[:60] for each in arguments]
        assert code in (0, 1, 2), (shown, code, said[-300:])
        assert "Traceback" not in said, (shown, said[-600:])
        assert "unexpected failure" not in said, (shown, said[-300:])
        assert code == 0 or said.strip(), shown
        tried += 1
    assert tried


@pytest.mark.parametrize("odd", [NUL, "caf\udce9"])
def test_what_is_no_text_is_named(odd, elsewhere, monkeypatch):
    code, said = ended(monkeypatch, "hand", "add", "pin", odd)
    assert code == 2
    assert said == f"shopbot: {odd!a} is no text in UTF-8: write it otherwise, or rename the file.\n"
