"""A workspace in which a flat is shared: two leads and two people on no lead are in it, a case is open; and a server on
it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from netpursuit.web.endpoints import COOKIE, CSRF
from tests.cli.conftest import HEADER, MAPPING, feed_text, register_text
from tests.page.conftest import Served, _call, serving
from tests.page.fresh import REASON, run

CASE = "K-2026-17"
FLAT = "幻县虚构路12号501"
LISTED, WITH = "欧阳志远", "章玉琴"
UNLISTED = ("金可心", "Peter Sample")


def make(folder: Path) -> Path:
    """The workspace ``ws`` in a folder, with the case ``CASE``."""
    first = datetime.now(UTC).date() - timedelta(days=90)
    rows = (
        f"R1,{LISTED},1985-03-04,990101198503040010,13800138000,{FLAT},{first}",
        f"R2,{WITH},1971-11-23,,,{FLAT},{first + timedelta(days=20)}",
        f"R3,{UNLISTED[0]},1990-01-01,,13800138002,{FLAT},{first + timedelta(days=30)}",
        f"R4,{UNLISTED[1]},1991-02-02,,,{FLAT},{first + timedelta(days=40)}",
        f"R5,欧阳志达,1985-03-04,990101198503040010,13800138001,幻县虚构路14号,{first}",
    )
    review = datetime.now(UTC).date() + timedelta(days=60)
    rest = "虚构省幻县一路1号,盗窃,幻县公安局,000-1,幻捕字1号," + f"{first},{review}"
    feed = feed_text(period_from=str(first - timedelta(days=30)), period_to=str(review), expires_on=str(review))
    texts = {
        "wanted.csv": "\n".join(
            [HEADER, f"W1,{LISTED},,男,1985-03-04,990101198503040010,{rest}", f"W2,{WITH},,女,1971-11-23,,{rest}", ""]
        ),
        "mapping.toml": MAPPING.replace("2026-04-01", str(datetime.now(UTC).date())),
        "rental.toml": feed,
        "register.csv": register_text(*rows),
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    made = folder / "ws"
    listed = (folder / "wanted.csv", "--list", "wanted", "--mapping", folder / "mapping.toml")
    run("lists", "add", *listed, "--workspace", made, "--reason", REASON)
    run("screen", folder / "register.csv", "--feed", folder / "rental.toml", "--workspace", made)
    opened = ("--title", "Flat 501", "--authority", "Order 17", "--legal-basis", "Act 5", "--purpose", "tracing")
    run("case", "open", "--id", CASE, *opened, "--expires", review, "--workspace", made)
    return made


@contextmanager
def under_case(workspace: Path, surroundings: dict[str, str]) -> Iterator[tuple[Served, str]]:
    """A server on the workspace, and the cookie of a session under the case: what ``glance`` takes."""
    with serving(workspace, surroundings, workspace.parent) as served:
        answered = _call(served, "POST", "/sign-in", {"link": served.link.partition("#link=")[2]})
        cookie = str(answered.headers["Set-Cookie"]).split(";")[0].partition("=")[2]
        token = json.load(answered)["csrf"]
        _call(served, "PUT", "/session/authority", {"case": CASE}, Cookie=f"{COOKIE}={cookie}", **{CSRF: token})
        yield served, cookie


def lead_of(workspace: Path, name: str) -> str:
    listed = json.loads(run("leads", "list", "--workspace", workspace, "--reason", REASON, "--json"))
    found = [item["lead"] for item in listed["leads"] if name in json.dumps(item, ensure_ascii=False)]
    assert found
    return str(found[0])
