"""A trained adapter as one file, to carry it from the machine that trained it to the one that serves.

    python -m finetune.bundle pack runs/mine mine.tar
    python -m finetune.bundle unpack mine.tar --data data     # then promote it, as it says

A plain tar: the adapter and its meta, the model card, the metrics and the settings of the training where there are any,
and a manifest with the size and SHA-256 of each. Unpacking trusts nothing: only files named in the manifest, with plain
names, of the stated size and hash; the weights must be those that the meta names. The same adapter packs to the same
bytes.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import shutil
import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from finetune.shelf import papers
from nlu.artifact import FILES, SHIPPED, Artifact, ModelBroken, ModelMissing, load_artifact
from nlu.whole import write_folder, write_whole

FORMAT = 1
MANIFEST = "manifest.json"
CARD = "card.md"
MOST_BYTES = 64 * 2**20
"""Of one file, and of the whole; an adapter has a few megabytes."""
MOST_FILES = 16
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")


class BundleError(Exception):
    """The file is not a bundle that may be unpacked; the message is one sentence."""


def pack(folder: Path, target: Path) -> Artifact:
    """Write the bundle of an adapter. Raises ModelMissing, ModelBroken, BundleError or OSError."""
    artifact = load_artifact(folder, "understander")
    model = {name: (folder / name).read_bytes() for name in FILES}
    files = model | {CARD: card(artifact).encode()} | papers(folder)
    if too_big := [name for name, content in files.items() if len(content) > MOST_BYTES // 2]:
        raise BundleError(f"{folder / too_big[0]} is too big for a bundle.")
    manifest = json.dumps(_manifest(artifact, files), ensure_ascii=False, indent=1).encode() + b"\n"
    write_whole(target, _tar({MANIFEST: manifest, **files}))
    return artifact


def unpack(source: Path, shelf: Path) -> tuple[Path, Artifact]:
    """Put the adapter of a bundle in a folder of its own under `shelf`, named by its version. Raises BundleError,
    ModelBroken or OSError, and then nothing is left there.
    """
    files = read(source)
    manifest = _read_manifest(files.pop(MANIFEST, None), source)
    version = str(manifest["version"])
    _check_hashes(manifest["files"], files, source)
    folder = shelf / version
    write_folder(folder, files)
    try:
        artifact = load_artifact(folder, "understander")
        if artifact.version != version:
            raise BundleError(f"{source} holds {artifact.version} and says that it is {version}; pack it again.")
    except (ModelBroken, ModelMissing, BundleError):
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return folder, artifact


def read(source: Path) -> dict[str, bytes]:
    """The files of a tar, none of them with a name or a kind that could do harm. Raises BundleError or OSError."""
    if source.stat().st_size > MOST_BYTES:
        raise BundleError(f"{source} is bigger than {MOST_BYTES // 2**20} MB, and no bundle is.")
    files: dict[str, bytes] = {}
    try:
        with tarfile.open(source, "r:") as tar:
            for member in tar:
                _check_member(member, files, source)
                opened = tar.extractfile(member)
                content = opened.read() if opened else b""
                if len(content) != member.size:
                    raise BundleError(f"{source} ends in the middle of {member.name}; copy it again.")
                files[member.name] = content
    except (tarfile.TarError, EOFError, ValueError, OverflowError) as error:
        raise BundleError(f"{source} is not a whole bundle ({error}); copy it again.") from error
    return files


def card(artifact: Artifact) -> str:
    """A short model card, for an adapter whose training wrote none."""
    meta = artifact.meta
    figures = "\n".join(f"- {name}: {value}" for name, value in (meta.get("figures") or {}).items())
    data = "\n".join(f"- {name}: {digest}" for name, digest in meta["data"].items())
    reads = f"Reads {len(meta['labels'])} intents and their slots, on {meta['encoder']}."
    return f"# {artifact.version}\n\n{reads}\n\n## Data, by SHA-256\n\n{data}\n\n## Figures\n\n{figures}\n"


def _manifest(artifact: Artifact, files: Mapping[str, bytes]) -> dict[str, Any]:
    meta = artifact.meta
    return {
        "format": FORMAT,
        "version": artifact.version,
        "encoder": meta["encoder"],
        "base": meta["base"],
        "labels": meta["labels"],
        "data": meta["data"],
        "files": {name: {"bytes": len(content), "sha256": _hash(content)} for name, content in files.items()},
    }


def _tar(files: Mapping[str, bytes]) -> bytes:
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name, content in files.items():
            member = tarfile.TarInfo(name)  # no time, no owner: the same content is the same bundle
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return whole.getvalue()


def _check_member(member: tarfile.TarInfo, before: Mapping[str, bytes], source: Path) -> None:
    name = member.name[:80]
    if member.type not in (tarfile.REGTYPE, tarfile.AREGTYPE) or member.sparse is not None:
        raise BundleError(f"{source} holds {name!r}, which is not a plain file; nothing was unpacked.")
    if not _PLAIN.fullmatch(member.name):
        raise BundleError(f"{source} holds a file called {name!r}, which no bundle has; nothing was unpacked.")
    if member.name in before:
        raise BundleError(f"{source} holds {name} twice; nothing was unpacked.")
    if len(before) >= MOST_FILES or member.size > MOST_BYTES:
        raise BundleError(f"{source} holds more than a bundle does; nothing was unpacked.")


def _read_manifest(content: bytes | None, source: Path) -> dict[str, Any]:
    try:
        manifest = json.loads(content or b"")
        known = manifest["format"] == FORMAT and isinstance(manifest["files"], dict)
        named = re.fullmatch(r"understander-[0-9a-f]{8}", manifest["version"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BundleError(f"{source} has no {MANIFEST} of a bundle; make one with finetune.bundle pack.") from error
    if not known or not named:
        raise BundleError(f"{source} is not a bundle of format {FORMAT}; make one with finetune.bundle pack.")
    return dict(manifest)


def _check_hashes(stated: Mapping[str, Any], files: Mapping[str, bytes], source: Path) -> None:
    if odd := sorted(set(stated) ^ set(files)):
        raise BundleError(f"{source} does not hold what its manifest says ({odd[0]}); copy it again.")
    if absent := [name for name in FILES if name not in files]:
        raise BundleError(f"{source} has no {absent[0]}; make one with finetune.bundle pack.")
    for name, content in files.items():
        if not isinstance(stated[name], dict) or stated[name].get("sha256") != _hash(content):
            raise BundleError(f"{name} in {source} is not the file that was packed (its hash differs); copy it again.")


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@click.group(epilog="Example: python -m finetune.bundle pack runs/mine mine.tar")
def main() -> None:
    """Carry a trained adapter from one machine to another as one file."""


@main.command("pack", epilog="Example: python -m finetune.bundle pack runs/mine mine.tar")
@click.argument("adapter", type=click.Path(path_type=Path))
@click.argument("out", type=click.Path(path_type=Path, dir_okay=False))
def pack_command(adapter: Path, out: Path) -> None:
    """Write the adapter in folder ADAPTER to the bundle OUT."""
    try:
        artifact = pack(adapter, out)
    except (BundleError, ModelMissing, ModelBroken, OSError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{artifact.version} is in {out} ({out.stat().st_size / 2**20:.1f} MB).")


@main.command("unpack", epilog="Example: python -m finetune.bundle unpack mine.tar --data data")
@click.argument("bundle", type=click.Path(path_type=Path))
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), required=True, help="The bot's data folder.")
def unpack_command(bundle: Path, data: Path) -> None:
    """Check BUNDLE and put its adapter beside the models of a data folder; it serves once it is promoted."""
    try:
        folder, artifact = unpack(bundle, data / "models" / "incoming")
    except (BundleError, ModelMissing, ModelBroken, OSError) as error:
        raise click.ClickException(str(error)) from error
    here = load_artifact(SHIPPED / "encoder", "encoder").version
    if artifact.meta["encoder"] != here:
        click.echo(f"It was trained on {artifact.meta['encoder']}, and the encoder here is {here}.", err=True)
    click.echo(f"{artifact.version} is in {folder}; let it serve:\npython -m finetune.promote {folder} --data {data}")


if __name__ == "__main__":
    main()
