"""What was said in a voice message, by a recogniser of the shop's own on this machine.

    words = await Hearing("whisper-cli -nt -f {file}").words(ogg_bytes)

The command gets the name of a file and prints what it heard. Without one the bot says that it cannot listen.
"""

from __future__ import annotations

import asyncio
import logging
import shlex
import tempfile
from contextlib import suppress
from pathlib import Path

_PATIENCE_S = 60.0
_MOST = 2000  # bytes of its answer that are read
MAX_BYTES = 20 * 1024 * 1024
_log = logging.getLogger(__name__)


class Hearing:
    """Runs the command; `able` is false where none is configured."""

    def __init__(self, command: str = "") -> None:
        self._command = shlex.split(command)

    @property
    def able(self) -> bool:
        return bool(self._command)

    async def words(self, sound: bytes) -> str:
        """What was heard; empty where the recogniser failed, was too slow or understood nothing."""
        if not self.able or len(sound) > MAX_BYTES:
            return ""
        with tempfile.TemporaryDirectory(prefix="voice-") as folder:
            path = Path(folder) / "voice.oga"
            await asyncio.to_thread(path.write_bytes, sound)
            return await self._run(path)

    async def _run(self, path: Path) -> str:
        parts = [part.replace("{file}", str(path)) for part in self._command]
        command = parts if parts != self._command else [*parts, str(path)]
        try:
            process = await asyncio.create_subprocess_exec(
                *command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
            )
        except OSError as error:
            _log.error("The recogniser of voice messages could not be started: %s", error)
            return ""
        try:
            async with asyncio.timeout(_PATIENCE_S):
                output, _ = await process.communicate()
        except TimeoutError:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
            _log.warning("The recogniser of voice messages took longer than %.0f s", _PATIENCE_S)
            return ""
        if process.returncode:
            _log.warning("The recogniser of voice messages ended with %s", process.returncode)
            return ""
        return " ".join(output[:_MOST].decode(errors="ignore").split())
