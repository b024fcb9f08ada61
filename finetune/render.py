"""One self-contained HTML page from the figures of an evaluation or a comparison, drawn by the templates in `page/`.

No script and nothing from elsewhere: the plots are SVG written by the templates, the colours follow the reader's
light or dark setting.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from finetune.figures import HEADLINES, LOWER_IS_BETTER

_FOLDER = Path(__file__).parent / "page"


def render(template: str, values: Mapping[str, Any]) -> str:
    """The page of one template, `evaluation.html` or `comparison.html`."""
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"percent": percent, "points": points, "signed": signed, "words": words}
    environment.globals |= {"headlines": HEADLINES, "lower_is_better": LOWER_IS_BETTER}
    environment.globals |= {
        "rows_of": rows_of,
        "halves": halves,
        "pairs_of": pairs_of,
        "curves_of": curves_of,
        "highest": highest,
        "tone": tone,
    }
    return environment.get_template(template).render(values)


def rows_of(
    kind: str, parts: Mapping[str, Mapping[str, Any]], languages: Sequence[str]
) -> list[tuple[str, int, list[float | None]]]:
    """Rows of the bars of "intents" or "slots", the weakest on top: name, count, F1 in each language."""
    whole = parts["all"][kind]
    rows = [
        (name, score["support"], [parts[at][kind][name]["f1"] if name in parts[at][kind] else None for at in languages])
        for name, score in whole.items()
        if name != "all" and score["support"]
    ]
    return sorted(rows, key=lambda row: float(whole[row[0]]["f1"]))


def pairs_of(intents: Mapping[str, Mapping[str, Any]]) -> list[tuple[str, int, list[float | None]]]:
    """Rows of the bars of two readers, those that differ most on top: intent, count, F1 of the old and of the new."""
    rows = sorted(intents.items(), key=lambda row: -abs(row[1]["value"]))
    return [(name, its["messages"], [its["old"], its["new"]]) for name, its in rows]


def tone(gap: Mapping[str, Any], lower: bool) -> str:
    """ "better" or "worse" where the interval of a difference leaves out zero, else nothing."""
    if not gap["interval"] or gap["interval"][0] <= 0 <= gap["interval"][1]:
        return ""
    return "better" if (gap["value"] > 0) != lower else "worse"


def curves_of(parts: Mapping[str, Mapping[str, Any]]) -> list[tuple[str, Sequence[tuple[float, float]]]]:
    """The curves of risk and coverage of up to three languages, with their names."""
    return [(name, part["curves"]["risk_coverage"]) for name, part in list(parts.items())[:3]]


def halves(rows: Sequence[Any]) -> tuple[Sequence[Any], Sequence[Any]]:
    """Many rows in two parts, for two columns; a dozen or fewer stay together."""
    middle = (len(rows) + 1) // 2 if len(rows) > 12 else len(rows)
    return rows[:middle], rows[middle:]


def highest(curves: Sequence[tuple[str, Sequence[tuple[float, float]]]]) -> float:
    """The top of an axis that holds the risks of some curves: its quarters are round percents."""
    most = max((risk for _, curve in curves for _, risk in curve), default=0.0)
    return next((top for top in (0.02, 0.04, 0.08, 0.12, 0.2, 0.4, 0.6, 0.8) if top >= most), 1.0)


def percent(value: float | None, digits: int = 1) -> str:
    """0.973 as 97.3; a dash where there is no figure."""
    return "–" if value is None else f"{100 * value:.{digits}f}"


def points(value: float | None, digits: int = 1) -> str:
    """A difference in points with its sign; a dash where there is none."""
    return "–" if value is None else f"{100 * value:+.{digits}f}".replace("-", "−")


def signed(count: int) -> str:
    """A count with its sign."""
    return f"{count:+d}".replace("-", "−")


def words(label: str) -> str:
    """`add_to_cart` as words."""
    return label.replace("_", " ")
