"""The `shopbot` command. Subcommands are loaded when they are called, so that `--help` is quick.

Exit codes: 0 done, 1 failed (one clear sentence on stderr), 2 wrong use.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator, Sequence
from importlib import import_module

import click

from bot.private_files import keep_to_oneself
from bot.signals import leave_at_sigterm

_OF_WORDS = ("search", "understand")
_COMMANDS = {
    "run": "bot.cli.run:run",
    "console": "bot.cli.console:console",
    "staff": "bot.cli.staff:staff",
    "catalog": "bot.cli.catalog:catalog",
    "events": "bot.cli.events:events",
    "orders": "bot.cli.orders:orders",
    "policies": "bot.cli.policies:policies",
    "hand": "bot.cli.hand:hand",
    "report": "bot.cli.report:report",
    "search": "bot.cli.search:search",
    "understand": "bot.cli.understand:understand",
    "replay": "bot.cli.replay:replay",
    "taste": "bot.cli.taste:taste",
    "labels": "bot.cli.labels:labels",
    "learn": "bot.cli.learn:learn",
    "models": "bot.cli.models:models",
    "figures": "bot.cli.figures:figures",
    "erase": "bot.cli.erase:erase",
    "retention": "bot.cli.retention:retention",
    "night": "bot.cli.night:night",
    "doctor": "bot.cli.doctor:doctor",
    "backup": "bot.cli.backup:backup",
    "restore": "bot.cli.restore:restore",
    "data": "bot.cli.data:data",
    "fit-search": "bot.cli.fit_search:fit_search",
}


class _LazyGroup(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module, name = _COMMANDS[cmd_name].split(":")
        command = getattr(import_module(module), name)
        assert isinstance(command, click.Command)
        return command


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="shopbot")
def shopbot() -> None:
    """A shopping assistant that lives in Telegram, in English and Chinese.

    \b
    shopbot run                                  talk to it in your browser
    shopbot console                              read and review what was said
    shopbot doctor                               is all set up as it should be
    shopbot catalog import products.csv          bring your own catalogue
    shopbot search "a red dress under $60"       look from the shell
    shopbot understand "200元以内的蓝牙耳机"      see what the model reads
    shopbot replay                               judge another ranking on the log
    shopbot taste arms                           see what learning is worth
    shopbot learn --share 0.1                    a better model from what staff corrected
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs the command (None: of the command line); an expected failure is one sentence on stderr and exit code 1."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
    os.environ.setdefault("LANGSMITH_TRACING", "false")
    # Read when numpy is imported: its threads spin against ours, and one dot product in a busy bot took 15 ms for 1.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    keep_to_oneself()
    given = list(sys.argv[1:] if arguments is None else arguments)
    if odd := next(_odd(given), None):
        click.echo(f"shopbot: {odd[:100]!a} is no text in UTF-8: write it otherwise, or rename the file.", err=True)
        sys.exit(2)
    if given[:1] == ["run"]:
        leave_at_sigterm()
    try:
        shopbot(arguments)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:
        logging.getLogger(__name__).debug("Failed", exc_info=True)
        click.echo(f"shopbot: {_sentence(error)}", err=True)
        sys.exit(1)


def _odd(given: Sequence[str]) -> Iterator[str]:
    """Arguments that are no text; a shopper's words may hold anything, and are read without it."""
    for before, each in zip(("", *given), given, strict=False):
        words = given[0] in _OF_WORDS and "\0" not in each and not before.startswith("-") and not each.startswith("-")
        if not _is_text(each) and not words:
            yield each


def _is_text(argument: str) -> bool:
    """A byte that is no UTF-8 comes as half of a character, which neither a database nor a log takes."""
    return not any(sign == "\0" or "\ud800" <= sign <= "\udfff" for sign in argument)


def _expected(error: Exception) -> bool:
    return type(error).__module__.split(".")[0] in {"bot", "nlu", "recommender", "storage"} or isinstance(
        error, OSError
    )


def _sentence(error: Exception) -> str:
    text = " ".join(str(error).split()) or type(error).__name__
    return text if _expected(error) else f"unexpected failure ({type(error).__name__}: {text})"
