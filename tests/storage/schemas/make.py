"""Makes the databases beside this file: one of each layout that this program ever had, with rows in every table.

    python -m tests.storage.schemas.make

Each commit that changed the steps is taken out of the history; its own code, in a process of its own, makes an empty
database, and rows are written into every table that is there. The last commit of each set of steps gives the file
`shop-NN-mNNN.db.xz` (NN steps, the last of them mNNN). Run it after a step was released; files that are there stay as
they are.
"""

import argparse
import io
import json
import lzma
import re
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
SOURCES = {"shop": "storage/migrations.py", "console": "storage/console/migrations.py"}
DRAFTS = {"shop-03-m003"}  # of the first hour: its steps were still written anew, before there was a shop to keep
ROWS = 3
AT = "2026-11-2{n}T09:0{n}:00.000000+00:00"
TEXTS = ("a red dress under $60", "200元以内的蓝牙耳机", "thanks 谢谢 <b>&")
UNDERSTOOD = {
    "text": "a red dress", "language": "en", "intent": "search", "also": [], "confidence": 0.9,
    "top": [["search", 0.9]], "stage": "browse", "slots": [], "price": None, "item_refs": [], "quantity": None,
    "model": "understander-1", "degraded": False,
}  # fmt: skip
VALUES = {
    "user_id": "70000000{n}", "chat_id": "70000000{n}", "text": TEXTS, "language": ("en", "zh", "en"),
    "understanding": json.dumps(UNDERSTOOD), "need": json.dumps({"query": "dress", "language": "en"}),
    "reply": json.dumps({"lines": [{"$line": "unsure"}]}), "title": ("Red dress", "Earphones", "Lamp"),
    "title_zh": ("红色连衣裙", "蓝牙耳机", "台灯"), "words": ("red dress 红色", "earphones 蓝牙", "lamp 台灯"),
    "day": "2026-11-2{n}", "verdict": "right", "currency": "USD", "reaction": ("like", "dislike", "open"),
    "name": "name-{n}", "means": "[]", "shown": 1, "position": 1, "value": 0, "features": "[]", "parts": "{{}}",
    "reasons": "[]", "said": "[]", "categories": "[]", "colors": "[]", "materials": "[]", "sizes": "[]",
    "attributes": "{{}}", "audience": "[]", "slots": "[]", "also": "[]", "timings": "{{}}", "versions": "{{}}",
    "slate": None,
    "turn_id": "{n}", "conversation_id": "{n}", "case_id": "{n}", "available": 1, "closed": 0, "built_at": None,
}  # fmt: skip
FRESH = """
import sys
from pathlib import Path
from storage.{module} import {name}
{name}.open(Path(sys.argv[1])).close()
"""
OPENED = {"shop": ("shop", "Shop"), "console": ("console.database", "ConsoleStore")}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--into", type=Path, default=HERE, help="folder of the files")
    into = parser.parse_args().into
    with tempfile.TemporaryDirectory() as scratch:
        for kind, source in SOURCES.items():
            for name, commit in layouts(kind, source).items():
                path = into / f"{name}.db.xz"
                if path.exists():
                    continue
                path.write_bytes(lzma.compress(make(kind, commit, Path(scratch) / name), preset=9))
                print(f"{name}: of {commit}", file=sys.stderr)
    return 0


def layouts(kind: str, source: str) -> dict[str, str]:
    """Names of the layouts there were, and the last commit of each."""
    commits = git("log", "--reverse", "--format=%h", "--", source).decode().split()
    found = {}
    for commit in commits:
        steps = re.findall(r"^def ([mc]\d+)_\w+\(", git("show", f"{commit}:{source}").decode(), re.MULTILINE)
        found[tuple(steps)] = commit
    names = {f"{kind}-{len(steps):02}-{steps[-1]}": commit for steps, commit in found.items()}
    return {name: commit for name, commit in names.items() if name not in DRAFTS}


def make(kind: str, commit: str, scratch: Path) -> bytes:
    """The bytes of a database as this commit's code leaves it, with rows."""
    code, data = scratch / "code", scratch / "data"
    data.mkdir(parents=True)
    with tarfile.open(fileobj=io.BytesIO(git("archive", commit, "storage"))) as archive:
        archive.extractall(code, filter="data")
    module, name = OPENED[kind]
    command = [sys.executable, "-c", FRESH.format(module=module, name=name), str(data)]
    subprocess.run(command, check=True, cwd=code, env={"PYTHONPATH": str(code), "PATH": ""})
    path = data / f"{kind}.db"
    with sqlite3.connect(path, isolation_level=None) as db:
        db.execute("PRAGMA journal_mode = DELETE").fetchall()
        fill(db)
        db.execute("VACUUM")
        assert not db.execute("PRAGMA foreign_key_check").fetchall()
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        db.execute("PRAGMA journal_mode = WAL").fetchall()
    db.close()
    return path.read_bytes()


def fill(db: sqlite3.Connection) -> None:
    """Rows in every empty table; whatever refers to another row refers to one that is there."""
    tables = db.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
    ).fetchall()
    hidden = {"_sqlite_migrations", "sweeping"}
    full_text = [name for name, sql in tables if "USING fts5 (" in sql]
    for name, sql in tables:
        shadow = any(name.startswith(f"{of}_") for of in full_text)
        if name in hidden or shadow or "fts5vocab" in sql or db.execute(f"SELECT 1 FROM {name}").fetchone():
            continue
        for number in range(1, ROWS + 1):
            row = row_of(db, name, sql, number)
            if name in full_text:
                row["rowid"] = number if name == "product_text" else (number << 32) + (number << 1) + 1
            columns, marks = ", ".join(f'"{column}"' for column in row), ", ".join("?" * len(row))
            db.execute(f'INSERT INTO "{name}" ({columns}) VALUES ({marks})', list(row.values()))


def row_of(db: sqlite3.Connection, table: str, sql: str, number: int) -> dict:
    refers = {column: (of, key) for _, _, of, column, key, *_ in db.execute(f"PRAGMA foreign_key_list({table})")}
    row = {}
    for _, column, kind, needed, default, key in db.execute(f"PRAGMA table_info({table})").fetchall():
        if column in refers:
            of, its = refers[column]
            found = db.execute(f"SELECT {its} FROM {of} LIMIT 1 OFFSET ?", [number - 1]).fetchone()
            row[column] = found and found[0]
        elif choice := re.search(rf"{column} TEXT NOT NULL CHECK \({column} IN \(([^)]*)\)", sql):
            row[column] = choice[1].split(",")[-1].strip().strip("'")
        elif needed or key or column in VALUES or default is not None:
            row[column] = value_of(column, kind, number)
    return row


def value_of(column: str, kind: str, number: int) -> object:
    dated = kind != "REAL" and column.endswith(("_at", "at", "until", "ends", "due", "_seen", "since"))
    value = VALUES.get(column, AT if dated else None)
    if isinstance(value, tuple):
        value = value[number - 1]
    if value is None and column not in VALUES:
        value = {"INTEGER": number, "REAL": number / 4, "BLOB": bytes([number] * 8)}.get(kind, f"{column} {number} 值")
    if isinstance(value, str):
        value = value.format(n=number) if "{" in value and not value.startswith('{"') else value
        return int(value) if kind == "INTEGER" else value
    return value


def git(*arguments: str) -> bytes:
    return subprocess.run(["git", *arguments], cwd=HERE.parents[2], check=True, capture_output=True).stdout


if __name__ == "__main__":
    sys.exit(main())
