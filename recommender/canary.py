"""Opens an index folder and asks it a few questions, in a process of its own.

    python -P recommender/canary.py FOLDER

A damaged HNSW file ends the process that reads it with a segmentation fault, not with an exception (chroma issue
7238), so this process goes down the mine before the bot does. Exit code 0: every sampled vector was found again as
its own nearest. Anything else: build the index anew. It imports nothing of this project, so that it starts quickly.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

COLLECTION = "products"
MANIFEST = "manifest.json"
_NOTHING = 1e-3  # cosine distance of a vector from itself, with float32's noise


def check(folder: Path) -> str:
    """What is wrong with the folder in one sentence, "" where nothing is."""
    # Here, because the bot reads the names above at its start and must not wait for Chroma then.
    import chromadb
    from chromadb.config import Settings

    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    client = chromadb.PersistentClient(str(folder), settings=Settings(anonymized_telemetry=False))
    collection = client.get_collection(COLLECTION, embedding_function=None)
    if (count := collection.count()) != manifest["count"]:
        return f"It holds {count} vectors in place of {manifest['count']}."
    sample = manifest["sample"]
    if not sample:
        return ""
    vectors = [vector for _, vector in sample]
    found = collection.query(query_embeddings=vectors, n_results=min(5, count), include=["distances"])
    for (id, _), ids, distances in zip(sample, found["ids"], found["distances"] or [], strict=True):
        # Many products may share one vector and crowd each other out: then the nearest is at no distance.
        if id not in ids and distances[0] > _NOTHING:
            return f"{id} is not found by its own vector."
    return ""


def main() -> int:
    """The exit code: 0 sound, 1 broken (the reason on stderr), 2 wrong use."""
    if len(sys.argv) != 2:
        sys.stderr.write("usage: python -P canary.py FOLDER\n")
        return 2
    problem = check(Path(sys.argv[1]))
    sys.stderr.write(problem)
    return 1 if problem else 0


if __name__ == "__main__":
    sys.exit(main())
