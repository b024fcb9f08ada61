"""getFile; the download itself is a route of the server."""

from __future__ import annotations

from typing import Any

from bot.simulator.arguments import Arguments
from bot.simulator.errors import bad_request
from bot.simulator.files import file_path
from bot.simulator.store import Store

MAX_DOWNLOAD_BYTES = 20 * 1024 * 1024


def get_file(store: Store, arguments: Arguments) -> dict[str, Any]:
    """Where the file can be downloaded: `/file/bot<token>/<file_path>`."""
    file_id = arguments.text("file_id")
    if not file_id:
        raise bad_request("file_id not specified")
    found = store.files.find(file_id)
    if found is None:
        raise bad_request("invalid file_id")
    stored, size = found
    path = file_path(stored, size)
    content, _ = store.files.download(path) or (b"", "")
    if len(content) > MAX_DOWNLOAD_BYTES:
        raise bad_request("file is too big")
    unique = stored.unique_id + (size if stored.kind == "photo" else "")
    return {"file_id": file_id, "file_unique_id": unique, "file_size": len(content), "file_path": path}


METHODS = {"getFile": get_file}
