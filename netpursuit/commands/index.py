"""``netpursuit index``: build the compiled lists and show their state."""

from __future__ import annotations

import click

from netpursuit.catalogue import Catalogue
from netpursuit.commands.options import Settings, common, show_json
from netpursuit.commands.progress import tell_build
from netpursuit.commands.worded import new_group
from netpursuit.errors import StorageError, VerificationError


def command(words: Catalogue) -> click.Command:
    group = new_group(words, "index")

    @group.new("build", "help.index.build")
    @click.option("--workers", type=click.IntRange(1, 256), default=1, show_default=True, help=words("option.workers"))
    @common(words)
    def build(settings: Settings, workers: int) -> int:
        return run_build(settings, workers)

    @group.new("status", "help.index.status")
    @common(words)
    def status(settings: Settings) -> int:
        return run_status(settings)

    return group


def run_build(settings: Settings, workers: int = 1) -> int:
    from netpursuit.gate.workbench import lists_in_force
    from netpursuit.index.compiled import verify_list
    from netpursuit.wiring import Matchers, open_desk, places

    with open_desk(settings.workspace, settings.reason, settings.case_id) as desk:
        folder, tell = places(settings.workspace)[0] / "index", tell_build(settings.words)
        matchers = Matchers(desk.truth, folder, workers, tell=tell)
        lists = lists_in_force(desk.truth, settings.as_of or desk.today)
        place = matchers.place(lists.versions)
        try:
            verify_list(place)
            people = len(matchers(lists.versions))
        except StorageError:
            people = matchers.build(lists.versions)
    if settings.as_json:
        show_json({"index": place.name, "people": people})
    else:
        click.echo(settings.words("index.built", key=place.name, people=people))
    return 3 if lists.troubled else 0


def run_status(settings: Settings) -> int:
    from netpursuit.commands.show import console, show_banners
    from netpursuit.gate.workbench import lists_in_force
    from netpursuit.index.compiled import read_manifest, verify_list
    from netpursuit.kernel.native import kernel_name
    from netpursuit.wiring import Matchers, open_desk, places

    words = settings.words
    with open_desk(settings.workspace, settings.reason, settings.case_id) as desk:
        matchers = Matchers(desk.truth, places(settings.workspace)[0] / "index")
        lists = lists_in_force(desk.truth, settings.as_of or desk.today)
        place, policy = matchers.place(lists.versions), matchers.policy.version
    status, problem, people, size = "missing", "", 0, 0
    if place.exists():
        try:
            verify_list(place)
            people, status = int(read_manifest(place)["entries"]), "whole"
            size = sum(file.stat().st_size for file in place.iterdir())
        except StorageError as error:
            status, problem = "damaged", str(error)
    if settings.as_json:
        show_json(
            {
                "index": place.name,
                "status": status,
                "people": people,
                "bytes": size,
                "policy": policy,
                "kernel": kernel_name(),
                "lists": [{"id": key, "version": version} for key, version in lists.pinned],
                "problem": problem or None,
            }
        )
    elif status == "whole":
        show_banners(console(), words, lists.standings)
        click.echo(words("index.built", key=place.name, people=people))
        click.echo(words("index.details", policy=policy, megabytes=f"{size / 1e6:.1f}", kernel=kernel_name()))
    else:
        click.echo(words(f"index.{status}", key=place.name, problem=problem))
    if status == "damaged":
        raise VerificationError(problem)
    return 3 if lists.troubled else 0
