"""sendDocument: a file of any kind with an optional caption."""

from __future__ import annotations

import mimetypes
from pathlib import PurePath
from typing import Any

from bot.simulator.arguments import Arguments
from bot.simulator.errors import bad_request
from bot.simulator.files import file_id
from bot.simulator.methods.outgoing import caption_of, send, writable_chat
from bot.simulator.store import Store

MAX_BYTES = 50 * 1024 * 1024
_MAX_NAME = 60


def send_document(store: Store, arguments: Arguments) -> dict[str, Any]:
    """An uploaded file; file ids of documents and addresses are not served here."""
    writable_chat(store, arguments)
    upload = arguments.upload("document")
    if upload is None:
        raise bad_request("there is no document in the request")
    if not upload.content:
        raise bad_request("file must be non-empty")
    if len(upload.content) > MAX_BYTES:
        raise bad_request("file is too big")
    name = PurePath(upload.name or "file").name[-_MAX_NAME:]
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    stored = store.files.add("document", upload.content, kind, PurePath(name).suffix.lstrip(".") or "bin")
    document = {
        "file_name": name,
        "mime_type": kind,
        "file_id": file_id(stored),
        "file_unique_id": stored.unique_id,
        "file_size": len(stored.content),
    }
    return send(store, arguments, {"document": document, **caption_of(arguments)})


METHODS = {"sendDocument": send_document}
