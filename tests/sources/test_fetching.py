"""Lists are fetched from a real https server: conditionally, whole or not at all, within a size, from https alone."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

import pytest

from netpursuit.errors import InputError
from netpursuit.sources.fetching import _take, fetch, name_of
from tests.publisher import WRITTEN, Publisher

MB = 1 << 20


def test_a_file_comes_once_and_again_when_it_has_changed(publisher: Publisher, tmp_path: Path) -> None:
    folder = tmp_path / "fetched"
    (file,) = fetch([publisher.url()], folder, most_bytes=MB)
    assert file.read_bytes() == b"one\n"
    assert datetime.fromtimestamp(file.stat().st_mtime, UTC) == datetime(2026, 4, 10, 8, tzinfo=UTC)
    fetch([publisher.url()], folder, most_bytes=MB)
    publisher.content, publisher.etag = b"two\n", '"2"'
    fetch([publisher.url()], folder, most_bytes=MB)
    assert file.read_bytes() == b"two\n"
    assert publisher.asked == [("/list.csv", 200, None), ("/list.csv", 304, WRITTEN), ("/list.csv", 200, WRITTEN)]
    file.unlink()
    assert fetch([publisher.url()], folder, most_bytes=MB)[0].read_bytes() == b"two\n", "a lost file comes again"


@pytest.mark.parametrize(
    ("path", "said"),
    [("/gone", "answered 404"), ("/short", "of 13 bytes came"), ("/down", "no https address"), ("/large", "more than")],
)
def test_what_is_not_a_whole_file_leaves_the_earlier_one(
    publisher: Publisher, tmp_path: Path, path: str, said: str
) -> None:
    folder = tmp_path / "fetched"
    (file,) = fetch([publisher.url()], folder, most_bytes=MB)
    beside = folder / name_of(path)
    beside.write_bytes(b"earlier")
    if path == "/large":
        publisher.content, publisher.etag = b"x" * (2 * MB), '"3"'
        path, beside = "/list.csv", file
    before = beside.read_bytes()
    with pytest.raises(InputError, match=said):
        fetch([publisher.url(path)], folder, most_bytes=MB)
    assert beside.read_bytes() == before
    assert not [item for item in folder.iterdir() if item.name.endswith(".part")]


def test_an_address_that_answers_for_ever_is_left(publisher: Publisher, tmp_path: Path) -> None:
    class Slow:
        headers: ClassVar[dict[str, str]] = {}

        def read1(self, _: int) -> bytes:
            time.sleep(0.01)
            return b"x"

    with pytest.raises(InputError, match="not whole after"):
        _take(Slow(), tmp_path / "list.csv", MB, "host/list.csv", longest_seconds=0.1)
    assert list(tmp_path.glob("*list.csv*")) == []


def test_a_redirection_is_followed_to_https(publisher: Publisher, tmp_path: Path) -> None:
    (file,) = fetch([publisher.url("/moved")], tmp_path / "fetched", most_bytes=MB)
    assert file.read_bytes() == b"one\n"


def test_an_address_that_cannot_be_trusted_or_reached_is_an_input_error(
    publisher: Publisher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for url in ("http://127.0.0.1/list.csv", "file:///etc/passwd", "https://127.0.0.1:1/list.csv?key=secret"):
        with pytest.raises(InputError) as error:
            fetch([url], tmp_path / "fetched", most_bytes=MB)
        assert "secret" not in str(error.value)
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(InputError, match="certificate"):
        fetch([publisher.url()], tmp_path / "fetched", most_bytes=MB)


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://a/b/sdn.csv?x=1", "sdn.csv"),
        ("https://a/..%2f..%2fetc%2fpasswd", "passwd"),
        ("https://a/.hidden", "hidden"),
        ("https://a/", "list"),
        ("https://a/名单 1.csv", "名单_1.csv"),
    ],
)
def test_a_name_leads_nowhere_else(url: str, name: str) -> None:
    assert name_of(url) == name


def test_a_notice_is_posted_and_follows_no_redirection(publisher: Publisher) -> None:
    from netpursuit.reports.notices import NightNotice, post

    notice = NightNotice(night="N-1", as_of="2026-04-10", exit_code=0, counts={"problems": 0}, leads={"new": ("L-A",)})
    assert post(publisher.url("/hook"), notice) == ""
    assert publisher.bodies == [notice.as_json().encode("ascii")]
    assert "302" in post(publisher.url("/moved"), notice) or "Found" in post(publisher.url("/moved"), notice)
    assert post(publisher.url("/hook").replace("https", "http"), notice) == "no https address"
