"""What a call was given, whichever way it travelled: query string, form, JSON or multipart.

JSON bodies may carry objects or JSON strings of them; forms only strings. `Arguments` hides the difference.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.simulator.errors import bad_request

_LARGEST = 2**53
_DIGITS = 40


@dataclass(frozen=True, slots=True)
class Upload:
    """A file of a multipart call."""

    name: str
    content: bytes
    content_type: str


@dataclass(frozen=True, slots=True)
class Arguments:
    """The arguments of one call by name; readers refuse what cannot be read."""

    values: Mapping[str, Any] = field(default_factory=dict)
    uploads: Mapping[str, Upload] = field(default_factory=dict)

    def text(self, name: str, default: str = "") -> str:
        value = self.values.get(name)
        if value is None:
            return default
        if isinstance(value, bool):
            return "true" if value else "false"
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

    def integer(self, name: str, default: int = 0) -> int:
        """The value as a whole number; `default` for what is none or fits no identifier."""
        try:
            number = int(self.text(name).strip()[:_DIGITS])
        except ValueError:
            return default
        return number if abs(number) < _LARGEST else default

    def flag(self, name: str) -> bool:
        return self.text(name).strip().lower() in {"true", "1", "yes"}

    def json(self, name: str, reason: str) -> Any:
        """The value as an object or list, None when it was not given; `reason` refuses unreadable JSON."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value.strip():
            return None
        try:
            return json.loads(value)
        except ValueError as error:
            raise bad_request(reason) from error

    def upload(self, name: str) -> Upload | None:
        """The file sent under `name`, directly or as `attach://other`."""
        if name in self.uploads:
            return self.uploads[name]
        return self.attached(self.text(name))

    def attached(self, reference: str) -> Upload | None:
        """The file that an `attach://name` stands for."""
        if not reference.startswith("attach://"):
            return None
        return self.uploads.get(reference.removeprefix("attach://"))


async def read_arguments(request: web.Request) -> Arguments:
    """Reads the arguments of a Bot API call from a request of any legal shape."""
    values: dict[str, Any] = dict(request.query)
    uploads: dict[str, Upload] = {}
    if request.method == "POST" and request.can_read_body:
        if request.content_type == "application/json":
            values.update(await _json_body(request))
        elif request.content_type in {"application/x-www-form-urlencoded", "multipart/form-data"}:
            form = await request.post()
            for name, value in form.items():
                if isinstance(value, web.FileField):
                    uploads[name] = Upload(value.filename, value.file.read(), value.content_type)
                else:
                    values[name] = value.decode() if isinstance(value, (bytes, bytearray)) else value
    return Arguments(values, uploads)


async def _json_body(request: web.Request) -> dict[str, Any]:
    body = await request.read()
    if not body.strip():
        return {}
    try:
        parsed = json.loads(body)
    except ValueError as error:
        raise bad_request("can't parse JSON object") from error
    if not isinstance(parsed, dict):
        raise bad_request("object expected as request body")
    return parsed
