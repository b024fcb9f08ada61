"""A bundle comes back as it was packed, and nothing else is unpacked."""

import io
import json
import tarfile

import pytest
from click.testing import CliRunner

from finetune.bundle import MANIFEST, main, pack, read
from nlu.artifact import load_artifact
from tests.support.models import warmer


@pytest.fixture
def adapter(tmp_path):
    return warmer(tmp_path / "run", (), tmp_path / "none")


@pytest.fixture
def bundle(tmp_path, adapter):
    (tmp_path / "run" / "run").mkdir()
    (tmp_path / "run" / "run" / "metrics.jsonl").write_text('{"epoch": 1}\n', encoding="utf-8")
    pack(tmp_path / "run", tmp_path / "mine.tar")
    return tmp_path / "mine.tar"


def unpack(bundle, data):
    return CliRunner().invoke(main, ["unpack", str(bundle), "--data", str(data)])


def tar(path, *members):
    """A tar of (TarInfo, content)."""
    with tarfile.open(path, "w") as file:
        for member, content in members:
            member.size = len(content)
            file.addfile(member, io.BytesIO(content))
    return path


def member(name, kind=tarfile.REGTYPE, link=""):
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, link
    return info


def again(bundle, **changed):
    """The bundle with other contents under some names; None leaves one out."""
    files = read(bundle) | changed
    return tar(bundle, *((member(name), content) for name, content in files.items() if content is not None))


def refused(result, data, *says):
    assert result.exit_code == 1, result.output
    assert result.output.count("\n") == 1
    for part in says:
        assert part in result.output
    assert not [path for path in data.rglob("*") if path.is_file()]


def test_a_bundle_comes_back_as_it_was_packed_and_names_the_next_step(tmp_path, adapter, bundle):
    result = unpack(bundle, tmp_path / "data")
    assert result.exit_code == 0, result.output
    folder = tmp_path / "data" / "models" / "incoming" / adapter.version
    assert load_artifact(folder, "understander").version == adapter.version
    assert (folder / "metrics.jsonl").read_text(encoding="utf-8") == '{"epoch": 1}\n'
    assert adapter.version in (folder / "card.md").read_text(encoding="utf-8")
    assert f"python -m finetune.promote {folder} --data {tmp_path / 'data'}" in result.output
    assert unpack(bundle, tmp_path / "data").exit_code == 0


def test_the_same_adapter_is_the_same_bundle(tmp_path, bundle):
    first = bundle.read_bytes()
    assert CliRunner().invoke(main, ["pack", str(tmp_path / "run"), str(bundle)]).exit_code == 0
    assert bundle.read_bytes() == first
    manifest = json.loads(read(bundle)[MANIFEST])
    assert manifest["encoder"] == load_artifact(tmp_path / "run", "understander").meta["encoder"]
    assert set(manifest["files"]) == {"meta.json", "adapter.safetensors", "card.md", "metrics.jsonl"}


@pytest.mark.parametrize(
    "trick",
    [
        member("../outside"),
        member("/etc/outside"),
        member("a/b"),
        member(".hidden"),
        member("folder", tarfile.DIRTYPE),
        member("link", tarfile.SYMTYPE, "/etc/passwd"),
        member("hard", tarfile.LNKTYPE, "meta.json"),
        member("pipe", tarfile.FIFOTYPE),
    ],
    ids=lambda info: info.name,
)
def test_path_tricks_links_and_devices_are_refused(tmp_path, bundle, trick):
    contents = [(member(name), content) for name, content in read(bundle).items()]
    tar(bundle, *contents, (trick, b""))
    refused(unpack(bundle, tmp_path / "data"), tmp_path / "data", repr(trick.name), "nothing was unpacked")


def test_a_name_that_comes_twice_is_refused(tmp_path, bundle):
    contents = [(member(name), content) for name, content in read(bundle).items()]
    tar(bundle, *contents, (member("meta.json"), b"{}"))
    refused(unpack(bundle, tmp_path / "data"), tmp_path / "data", "holds meta.json twice")


def test_changed_added_and_missing_files_are_refused(tmp_path, bundle):
    whole, data = bundle.read_bytes(), tmp_path / "data"
    for changed, says in (
        ({"card.md": b"other"}, "card.md in"),
        ({"extra.md": b""}, "(extra.md)"),
        ({"adapter.safetensors": None}, "(adapter.safetensors)"),
        ({MANIFEST: None}, "has no manifest.json"),
        ({MANIFEST: b"[]"}, "has no manifest.json"),
        ({MANIFEST: b'{"format": 1, "version": "../../up", "files": {}}'}, "not a bundle of format 1"),
    ):
        bundle.write_bytes(whole)
        again(bundle, **changed)
        refused(unpack(bundle, data), data, says)


def test_weights_of_another_version_are_refused(tmp_path, bundle):
    manifest = json.loads(read(bundle)[MANIFEST])
    again(bundle, **{MANIFEST: json.dumps({**manifest, "version": "understander-00000000"}).encode()})
    refused(unpack(bundle, tmp_path / "data"), tmp_path / "data", "says that it is understander-00000000")


@pytest.mark.parametrize("cut", [0, 100, 700, 5_000, 500_000])
def test_a_truncated_bundle_is_refused(tmp_path, bundle, cut):
    bundle.write_bytes(bundle.read_bytes()[:cut])
    refused(unpack(bundle, tmp_path / "data"), tmp_path / "data", str(bundle))


def test_too_much_is_refused_before_it_is_read(tmp_path, bundle):
    with bundle.open("r+b") as file:
        file.truncate(65 * 2**20)  # sparse: it takes no room
    refused(unpack(bundle, tmp_path / "data"), tmp_path / "data", "bigger than 64 MB")
    tar(bundle, *((member(f"n{at}"), b"") for at in range(20)))
    refused(unpack(bundle, tmp_path / "data"), tmp_path / "data", "more than a bundle does")


def test_no_bundle_at_all_is_one_sentence(tmp_path):
    refused(unpack(tmp_path / "nowhere.tar", tmp_path / "data"), tmp_path / "data", "nowhere.tar")
    result = CliRunner().invoke(main, ["pack", str(tmp_path / "nowhere"), str(tmp_path / "out.tar")])
    assert result.exit_code == 1
    assert not (tmp_path / "out.tar").exists()
