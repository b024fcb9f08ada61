"""Feeds from the web: what is asked, what is taken, and what a supplier who means harm gets."""

import socket

import pytest

from bot.addresses import AddressError, is_public, target_of, without_secrets
from bot.downloading import FetchError, Patience, download
from bot.upkeep.fetching import Source
from tests.support.feed_server import feeds, moved, said

CSV = b"id,title,price\n1,Mug,5.00\n2,Cup,4.00\n"


@pytest.fixture
def server():
    """Loopback is an inner address, so that a test names the server as the shop's own where it means to be let in."""
    with feeds({"/feed": said(CSV, ETag='"v1"')}) as server:
        yield server


def fetched(server, path="/feed", **more):
    with Source(server.url(path), {server.host}, **more).fetch() as found:
        return found.path.read_bytes()


# --- where it asks ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "host",
    [
        *(
            "127.0.0.1",
            "localhost",
            "0.0.0.0",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
        ),
        *("2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0", "127.0.0.1.", "%31%32%37.0.0.1"),
        *(
            "[::1]",
            "[::]",
            "[::ffff:127.0.0.1]",
            "[::ffff:7f00:1]",
            "[::127.0.0.1]",
            "[fe80::1]",
            "[fc00::1]",
            "[fd00::2]",
        ),
        *("[64:ff9b::7f00:1]", "[64:ff9b::a9fe:a9fe]", "[2002:7f00:1::]", "[2002:a00:1::1]", "[ff02::1]"),
        *("224.0.0.1", "240.0.0.1", "255.255.255.255", "198.18.0.1", "192.0.2.1"),
    ],
)
def test_addresses_inside_a_network_are_not_asked(server, host, tmp_path):
    for port in ("", ":8080", f":{server.port}"):
        with pytest.raises(FetchError, match="is not asked"):
            download(f"http://{host}{port}/feed", tmp_path / "feed")
    assert server.asked == []


@pytest.mark.parametrize(
    "address", ["93.184.215.14", "8.8.8.8", "2606:4700::1111", "64:ff9b::808:808", "::ffff:8.8.8.8"]
)
def test_addresses_of_the_internet_are_public(address):
    assert is_public(address)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("ftp://8.8.8.8/feed", "only http and https"),
        ("gopher://8.8.8.8/", "only http and https"),
        ("file:///etc/passwd", "only http and https"),
        ("http://", "names no host"),
        ("http:///feed", "names no host"),
        ("http://shop:secret@8.8.8.8/feed", "names a user"),
        ("http://8.8.8.8@127.0.0.1/feed", "names a user"),
        ("http://8.8.8.8\\@127.0.0.1/feed", "no address of the web"),
        ("http://8.8.8.8/a b", "no address of the web"),
        ("http://8.8.8.8/\r\nX-Evil: 1", "no address of the web"),
        ("http://8.8.8.8/" + "x" * 3000, "no address of the web"),
        ("http://8.8.8.8:22/", "port 22"),
        ("http://8.8.8.8:6379/", "port 6379"),
        ("http://8.8.8.8:99999/", "no usable port"),
        ("http://[::1", "no address of the web"),
        ("http://no-such-host.invalid/", "not to be found"),
        ("http://" + "a" * 300 + "/", "not to be found"),
    ],
)
def test_what_is_no_address_of_a_web_server_is_not_asked(url, why):
    with pytest.raises(AddressError, match=why):
        target_of(url)


def test_a_host_that_the_owner_names_is_asked_and_no_other_port_of_it(server):
    assert fetched(server) == CSV
    assert f"Host: {server.host}" in server.asked[0]
    with pytest.raises(AddressError):
        target_of("http://127.0.0.1:9/", {server.host})
    assert target_of("http://LOCALHOST:9/", {"localhost"}).port == 9


def test_the_name_is_looked_up_once_and_that_address_is_asked(server, monkeypatch, tmp_path):
    """DNS rebinding: the second answer would be another one."""
    real, times = socket.getaddrinfo, []

    def rebinding(host, port, **more):
        times.append(host)
        return real("127.0.0.1" if len(times) == 1 else "127.0.0.9", port, **more)

    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda host, port, *a, **more: (
            rebinding(host, port, **more) if host == "feeds.example" else real(host, port, *a, **more)
        ),
    )
    name = f"feeds.example:{server.port}"
    download(f"http://{name}/feed", tmp_path / "feed", own={name})
    assert (times, (tmp_path / "feed").read_bytes()) == (["feeds.example"], CSV)


def test_a_name_that_stands_for_an_inner_address_among_others_is_not_asked(monkeypatch):
    both = [(2, 1, 6, "", (address, 80)) for address in ("8.8.8.8", "127.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: both)
    with pytest.raises(AddressError, match=r"127\.0\.0\.1"):
        target_of("http://feeds.example/feed")


# --- redirects ----------------------------------------------------------------------------------------------------


def test_a_redirect_on_the_same_host_is_followed(server):
    server.answers["/old"] = moved("/feed", "301 Moved Permanently")
    assert fetched(server, "/old") == CSV


@pytest.mark.parametrize(
    "to",
    [
        *("http://169.254.169.254/latest/meta-data/", "http://127.0.0.1:9/", "http://localhost/", "file:///etc/passwd"),
        *("//10.0.0.1/", "ftp://8.8.8.8/", "http://[::1]/", "http://x@8.8.8.8/", "http://0x7f.1/", "\\\\10.0.0.1\\x"),
    ],
)
def test_a_redirect_is_judged_like_any_address(server, to):
    server.answers["/old"] = moved(to)
    with pytest.raises(FetchError, match=r"is not asked|answered 404"):
        fetched(server, "/old")
    assert len(server.asked) <= 2


def test_a_redirect_without_end_or_aim_is_given_up(server):
    server.answers["/round"] = moved("/round")
    server.answers["/nowhere"] = said(b"", "302 Found")
    for path in ("/round", "/nowhere"):
        with pytest.raises(FetchError, match="without end"):
            fetched(server, path)
    assert len(server.asked) == 12


def test_an_inner_host_is_nobody_elses_to_send_us_to(server):
    with feeds({"/feed": said(b"inner")}) as inner:
        server.answers["/old"] = moved(inner.url("/feed", f"localhost:{inner.port}"))
        with (
            pytest.raises(FetchError, match="is not asked"),
            Source(server.url("/old"), {server.host, f"localhost:{inner.port}"}).fetch(),
        ):
            pass
        assert inner.asked == []


# --- what it takes ------------------------------------------------------------------------------------------------


def test_an_unchanged_feed_is_known_by_its_tag(server):
    source = Source(server.url("/feed"), {server.host})
    with source.fetch() as found:
        assert found.changed
    server.answers["/feed"] = said(b"", "304 Not Modified")
    with source.fetch() as found:
        assert not found.changed
    assert 'If-None-Match: "v1"' in server.asked[-1]


def test_a_feed_that_breaks_off_is_none(server):
    """A short one would make everything that it lacks unavailable."""
    server.answers["/short"] = said(CSV[:20], Content_Length="5000")
    server.answers["/chunk"] = said(b"14\r\nid,title,price\n1,Mu", Content_Length=None, Transfer_Encoding="chunked")
    for path in ("/short", "/chunk"):
        with pytest.raises(FetchError, match=r"broke off|cannot be fetched"):
            fetched(server, path)


@pytest.mark.parametrize("length", [None, "5", "99999999999999", "-1", "x"])
def test_more_than_is_taken_is_not_taken_whatever_was_announced(server, tmp_path, length):
    server.answers["/large"] = said(b"x" * 2_000_000, Content_Length=length)
    with pytest.raises(FetchError, match="larger than 1 MB") if length != "5" else _nothing():
        download(server.url("/large"), tmp_path / "feed", own={server.host}, largest=1024 * 1024)
    assert (tmp_path / "feed").stat().st_size <= 1024 * 1024 if (tmp_path / "feed").exists() else True


def test_a_server_that_trickles_is_given_up(server):
    server.answers["/slow"] = [said(b"", Content_Length="4000"), *[b"x"] * 40]
    with pytest.raises(FetchError, match="too slowly"):
        fetched(server, "/slow", patience=Patience(piece=5, whole=0.3))
    server.answers["/silent"] = []
    with pytest.raises(FetchError, match="cannot be fetched"):
        fetched(server, "/silent", patience=Patience(piece=0.2))


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"SSH-2.0-OpenSSH_9\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 500,
        b"HTTP/1.1 999 \x1b[31m\r\n\r\n",
        b"\x00" * 9000,
    ],
    ids=["nothing", "ssh", "headers", "status", "zeros"],
)
def test_what_is_no_answer_is_one_sentence(server, answer):
    server.answers["/odd"] = answer
    with pytest.raises(FetchError) as refused:
        fetched(server, "/odd")
    assert str(refused.value).isprintable()
    assert len(str(refused.value)) < 400


def test_passwords_and_tokens_are_not_told(server):
    for url in ("https://ann:secret@shop.example/feed?token=secret", f"http://{server.host}/no?token=secret"):
        with pytest.raises(FetchError) as refused, Source(url, {server.host}).fetch():
            pass
        assert "secret" not in str(refused.value)
    assert without_secrets("https://u:p@shop.example:8443/a.xml?k=v") == "https://shop.example:8443/a.xml?…"
    assert without_secrets("feeds/a.csv") == "feeds/a.csv"


def _nothing():
    from contextlib import nullcontext

    return nullcontext()
