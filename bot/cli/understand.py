"""`shopbot understand`: what the model reads in a message, from the shell."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import click
from tqdm import tqdm

from bot.cli.options import data_option
from bot.plain import encodable
from bot.settings import load_settings
from nlu.whole import whole_file
from storage.records import Context, Understanding

_AT_ONCE = 256
"""Messages handed to the model at once: enough to sort them by length, few enough for a bar that moves."""


class InputLineError(Exception):
    """A line of --input cannot be read; the message names it."""


@click.command()
@click.argument("text", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print the whole Understanding as JSON.")
@click.option("--input", "input_", type=click.Path(path_type=Path), help='JSON lines {"id", "text", "context"?}.')
@click.option("--output", type=click.Path(path_type=Path), help="Where the Understandings go, a JSON line each.")
@click.option("--rules", is_flag=True, help="Ask the plain rules in place of the model.")
@data_option
def understand(
    text: str | None, as_json: bool, input_: Path | None, output: Path | None, rules: bool, data: Path | None
) -> None:
    """Understand TEXT, or every line of a file.

    \b
    shopbot understand "a red dress under $60, not polyester"
    shopbot understand "200元以内的蓝牙耳机" --json
    shopbot understand --input in.jsonl --output out.jsonl
    """
    if (text is None) == (input_ is None) or (input_ is None) != (output is None):
        raise click.UsageError("Give TEXT, or --input and --output.")
    from bot.reading import open_understander

    model = open_understander(load_settings(data=data), rules=rules)
    if text is not None:
        said = model.understand(encodable(text), Context())
        click.echo(json.dumps(plain(said), ensure_ascii=False) if as_json else described(said))
        return
    assert input_ is not None
    assert output is not None
    questions = list(_questions(input_))
    with _opened(output) as file, tqdm(total=len(questions), desc="Understanding", unit="", disable=None) as bar:
        for at in range(0, len(questions), _AT_ONCE):
            asked = questions[at : at + _AT_ONCE]
            for question, said in zip(asked, model.understand_many([(q.text, q.context) for q in asked]), strict=True):
                file.write(json.dumps({"id": question.id, **plain(said)}, ensure_ascii=False).encode() + b"\n")
            bar.update(len(asked))


def _opened(path: Path) -> AbstractContextManager[BinaryIO]:
    """A file that gets its name when all is written; a device or a pipe is written as it comes."""
    return path.open("wb") if path.exists() and not path.is_file() else whole_file(path)


@dataclass(frozen=True, slots=True)
class Question:
    """One line of a batch."""

    id: Any
    text: str
    context: Context


def _questions(path: Path) -> Iterator[Question]:
    try:
        # Not splitlines: JSON strings may hold other line separators as they are.
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise InputLineError(f"{path} cannot be read: {error}.") from error
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _question(line, number, path)


def _question(line: str, number: int, path: Path) -> Question:
    try:
        row = json.loads(line)
        given = row.get("context") or {}
        context = Context(asked=given.get("asked"), shown=int(given.get("shown") or 0))
        return Question(row.get("id", number), encodable(str(row["text"])), context)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputLineError(f'{path}, line {number}: expected {{"id", "text"}} as JSON.') from error


def plain(said: Understanding) -> dict[str, Any]:
    """The Understanding as JSON values, in the agreed form."""
    price = said.price
    return {
        "text": said.text,
        "language": said.language,
        "intent": said.intent.value,
        "also": [intent.value for intent in said.also],
        "confidence": round(said.confidence, 4),
        "top": [[intent.value, round(chance, 4)] for intent, chance in said.top],
        "stage": said.stage.value,
        "slots": [
            {
                "name": slot.name.value,
                "text": slot.text,
                "value": slot.value,
                "start": slot.start,
                "end": slot.end,
                "negated": slot.negated,
            }
            for slot in said.slots
        ],
        "price": price and {"min": _number(price.min), "max": _number(price.max), "currency": price.currency},
        "item_refs": list(said.item_refs),
        "quantity": said.quantity,
        "model": said.model,
    }


def _number(amount: Any) -> float | int | None:
    if amount is None:
        return None
    return int(amount) if amount == int(amount) else float(amount)


def described(said: Understanding) -> str:
    """The Understanding for a person."""
    lines = [f"{said.intent.value}  {said.confidence:.2f}   ({', '.join(f'{i.value} {p:.2f}' for i, p in said.top)})"]
    lines += [f"also {', '.join(said.also)}"] if said.also else []
    lines += [f"  {'not ' if s.negated else ''}{s.name.value} = {s.value}   “{s.text}”" for s in said.slots]
    if said.price:
        low, high = said.price.min, said.price.max
        lines.append(
            f"  price {low if low is not None else ''}..{high if high is not None else ''} {said.price.currency or ''}"
        )
    return "\n".join(lines)
