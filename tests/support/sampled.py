"""What a process holds, as Linux sees it, and whether that grows: samples, and a line through them."""

import math
from dataclasses import asdict, dataclass, fields
from pathlib import Path

_WIDE, _HIGH = 300, 160


@dataclass
class Sample:
    """`turns` done so far; sizes in MB. `private` is memory that is backed by no file; `blocks` those of Python."""

    turns: int
    resident: float
    private: float
    blocks: int
    threads: int
    handles: int
    files: int
    temporary: int
    database: float
    journal: float


def sample(pid: int, folder: Path, temporary: Path, turns: int) -> Sample:
    """What process `pid` holds now, and the files of its data folder and of its folder for temporary files."""
    status = dict(
        line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text("utf-8").splitlines() if ":" in line
    )
    blocks = folder / "blocks"
    return Sample(
        turns,
        int(status["VmRSS"].split()[0]) / 1024,
        int(status["RssAnon"].split()[0]) / 1024,
        int(blocks.read_text() or 0) if blocks.exists() else 0,
        int(status["Threads"]),
        len(list(Path(f"/proc/{pid}/fd").iterdir())),
        sum(path.is_file() for path in folder.rglob("*")),
        sum(1 for _ in temporary.rglob("*")),
        _size(folder / "shop.db"),
        _size(folder / "shop.db-wal"),
    )


def _size(path: Path) -> float:
    return path.stat().st_size / 2**20 if path.exists() else 0.0


@dataclass
class Trend:
    """A line through the second half of the samples: `slope` for 1,000 turns, `error` its standard error."""

    name: str
    start: float
    end: float
    slope: float
    error: float

    @property
    def grows(self) -> bool:
        """Surely upwards, and by more than a hundredth of what it is in 1,000 turns."""
        return self.slope > 3 * self.error and self.slope > max(abs(self.end), 1.0) / 100


def trends(samples: list[Sample]) -> dict[str, Trend]:
    """Of each thing measured, over the second half."""
    half = samples[len(samples) // 2 :]
    names = [field.name for field in fields(Sample) if field.name != "turns"]
    return {name: _line(name, [(each.turns, float(asdict(each)[name])) for each in half]) for name in names}


def _line(name: str, points: list[tuple[int, float]]) -> Trend:
    count = len(points)
    mean_x, mean_y = sum(x for x, _ in points) / count, sum(y for _, y in points) / count
    spread = sum((x - mean_x) ** 2 for x, _ in points) or 1.0
    slope = sum((x - mean_x) * (y - mean_y) for x, y in points) / spread
    rest = sum((y - mean_y - slope * (x - mean_x)) ** 2 for x, y in points)
    error = math.sqrt(rest / max(count - 2, 1) / spread)
    return Trend(name, points[0][1], points[-1][1], slope * 1000, error * 1000)


def draw(samples: list[Sample], path: Path) -> None:
    """Each thing measured as a small line over the turns, from zero up, as one SVG."""
    names = [field.name for field in fields(Sample) if field.name != "turns"]
    turns = [each.turns for each in samples]
    panels = [_panel(name, turns, [float(asdict(each)[name]) for each in samples], at) for at, name in enumerate(names)]
    height = -(-len(names) // 3) * _HIGH
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{3 * _WIDE}" height="{height}" font-family="sans-serif">'
    frame = f'<rect width="{3 * _WIDE}" height="{height}" fill="white"/>'
    path.write_text("\n".join([head, frame, *panels, "</svg>"]) + "\n", encoding="utf-8")


def _panel(name: str, turns: list[int], values: list[float], at: int) -> str:
    left, top = at % 3 * _WIDE + 12, at // 3 * _HIGH + 30
    wide, high, most = _WIDE - 24, _HIGH - 50, max(values) or 1.0
    line = " ".join(
        f"{left + wide * turn / turns[-1]:.1f},{top + high * (1 - value / most):.1f}"
        for turn, value in zip(turns, values, strict=True)
    )
    return (
        f'<text x="{left}" y="{top - 10}" font-size="13">{name}: {values[-1]:.0f}, at most {most:.0f}</text>'
        f'<rect x="{left}" y="{top}" width="{wide}" height="{high}" fill="none" stroke="#ccc"/>'
        f'<polyline points="{line}" fill="none" stroke="#1f6feb" stroke-width="1.5"/>'
    )
