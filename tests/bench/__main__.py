"""`make bench`: what the bot must show, measured on this machine, printed as tables.

    python -m tests.bench                     all of it (about twenty minutes)
    python -m tests.bench speed constraints   only these
    python -m tests.bench kills --kills 50

Figures are of this machine and this hour: compare medians and shares, not single times.
"""

import argparse
import asyncio
import json
import os
import platform
import sys
import tempfile
from pathlib import Path

from tests.bench import backup, burst, constraints, kills, knee, load, soak, speed, start, understanding, webhook

PARTS = {"start": start.measure, "speed": speed.measure, "load": load.measure, "constraints": constraints.measure,
         "knee": knee.measure, "burst": burst.measure, "kills": kills.measure,
         "understanding": understanding.measure}  # fmt: skip
LONG = {"soak": soak.measure, "backup": backup.measure, "webhook": webhook.measure}
"""Parts that are measured only when they are named."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__.split("\n\n")[0])
    parser.add_argument(
        "parts",
        nargs="*",
        metavar="part",
        help=f"of {', '.join(PARTS)} (all of these when none is named), {', '.join(LONG)}",
    )
    parser.add_argument("--kills", type=int, default=50, help="how often the bot is killed (default 50)")
    parser.add_argument("--searches", type=int, default=1000, help="random constraint searches (default 1000)")
    parser.add_argument("--turns", type=int, default=150, help="search turns of the speed part (default 150)")
    parser.add_argument(
        "--hours", type=float, default=6.0, help="hours of talk in the soak, 3,600 turns each (default 6)"
    )
    parser.add_argument("--compressed", action="store_true", help="the soak goes as fast as it can: it always does")
    parser.add_argument("--plot", type=Path, help="draw the soak's lines into this SVG")
    parser.add_argument("--seconds", type=int, default=60, help="length of the burst and of the knee (default 60)")
    parser.add_argument("--year", type=Path, help="folder of tests.bench.year for the backup part; it is written to")
    parser.add_argument(
        "--turns-of-year", type=int, default=50_000, help="turns of the year that is made without one (default 50,000)"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    arguments = parser.parse_args()
    if unknown := set(arguments.parts) - set(PARTS | LONG):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    found = {"machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"}
    with tempfile.TemporaryDirectory(prefix="shopbot-bench-") as scratch:
        stocked = Path(scratch) / "stocked"
        for name in arguments.parts or PARTS:
            if not arguments.json:
                print(f"\n== {name}", flush=True)
            found[name] = asyncio.run((PARTS | LONG)[name](stocked, Path(scratch), arguments))
            if not arguments.json:
                for what, figure in found[name].items():
                    print(f"  {what:<72} {figure}", flush=True)
    if arguments.json:
        print(json.dumps(found, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
