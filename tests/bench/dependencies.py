"""What the program leans on: each direct dependency with its reason and licence, and those of all that is pinned.

    python -m tests.bench.dependencies > docs/dependencies.md
    python -m tests.bench.dependencies --check      # 1 where a licence does not go with ours, or is not said

Reasons are the comments in pyproject.toml, licences what the installed packages say of themselves.
"""

import argparse
import re
import sys
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
# What may be used by an Apache-2.0 program as a library of its own; anything else is looked at by a person.
FREE = re.compile(
    r"MIT|BSD|Apache|ISC|PSF|Python Software Foundation|0BSD|Zlib|CC0|Unlicense|HPND|BSL-1\.0|MIT-CMU|Public Domain",
    re.I,
)
SHARED = re.compile(r"L?GPL|MPL|Mozilla|CC-BY-SA", re.I)
JUDGED = {
    "python-stdnum": "LGPL-2.1+: used as it is, by its public functions, replaceable",
    "python-telegram-bot": "LGPL-3: in the tests alone",
    "certifi": "MPL-2.0: carried unchanged",
    "tqdm": "MPL-2.0 and MIT: carried unchanged",
    "pathspec": "MPL-2.0: in the developers' tools alone",
    "hypothesis": "MPL-2.0: in the tests alone",
    "orjson": "MPL-2.0 or Apache-2.0 or MIT: taken under Apache-2.0",
}


def direct():
    """Name to reason, of the dependencies that the program declares for itself."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    block = text.split("dependencies = [", 1)[1].split("\n]", 1)[0]
    found = re.findall(r'^    "([\w.-]+)[^"]*",(?:\s*#\s*(.+))?$', block, re.M)
    return {name.lower().replace(".", "-"): reason or "" for name, reason in found}


def pinned():
    """Name to version, of all that the lock names."""
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    return {
        found[1].lower(): found[2] for line in lines if (found := re.match(r"([\w.-]+)(?:\[[\w,]+\])?==(\S+)", line))
    }


def licence(name):
    """As the package says it; "" where it does not, None where it is not installed."""
    try:
        said = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return None
    named = [each.split("::")[-1].strip() for each in said.get_all("Classifier") or [] if each.startswith("License ::")]
    text = said.get("License-Expression") or " and ".join(named) or (said.get("License") or "").strip().split("\n")[0]
    return " ".join(text.split())[:120]


def odd():
    """Packages whose licence is not said, or is one that asks something of others, and that nobody has judged."""
    found = {name: licence(name) for name in pinned()}
    return {
        name: said
        for name, said in found.items()
        if said is not None and name not in JUDGED and (SHARED.search(said) or not FREE.search(said))
    }


def page():
    """docs/dependencies.md."""
    versions, lines = pinned(), [HEAD]
    for name, reason in direct().items():
        lines.append(f"| {name} | {versions.get(name, '')} | {licence(name)} | {reason.replace('|', '/')} |")
    lines += [MIDDLE, *(f"| {name} | {said} |" for name, said in sorted(JUDGED.items()) if name in versions)]
    return "\n".join([*lines, "", f"{len(versions)} packages are pinned in all, those of the tests among them.", ""])


HEAD = """# Dependencies

What the program leans on, why, and under which licence. Printed by `python -m tests.bench.dependencies`; a test holds
it to `pyproject.toml` and `requirements.lock`.

`make audit` asks the registry for known faults of what is pinned (pip-audit, in an environment of its own: it needs the
network) and judges the licences. A package that it could not ask about counts as a fault: silence is no clearance. Let
it run in your CI by night, and before each release; where it names a fault, raise the lower bound in `pyproject.toml`,
`make lock`, `make check`.

The lock pins versions, not hashes: `pip --require-hashes` wants one for each file that may be installed, and PyTorch's
wheel is the reader's choice (with CUDA from PyPI, for processors alone from PyTorch's own index, one version under two
names). Who installs from an index of their own can add them: `uv pip compile requirements.lock --generate-hashes`.

| package | pinned | licence | what for |
|---|---|---|---|"""
MIDDLE = """
## Licences that ask something of others

All others are permissive (MIT, BSD, Apache-2.0, ISC, PSF, Zlib and their like), which go with our Apache-2.0.

| package | how it is used |
|---|---|"""


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.bench.dependencies", description=__doc__.split("\n\n")[0])
    parser.add_argument("--check", action="store_true", help="judge the licences, print what is odd")
    if not parser.parse_args().check:
        print(page(), end="")
        return 0
    for name, said in odd().items():
        print(f"{name}: {said or 'says no licence'}", file=sys.stderr)
    return 1 if odd() else 0


if __name__ == "__main__":
    sys.exit(main())
