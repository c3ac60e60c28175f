"""The link graph of a whole published list: OFAC's SDN list of January 2022."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Run

REASON = ("--reason", "check:T-1")


def test_two_designees_linked_to_one_company_are_joined_by_it_and_the_list_is_the_source(
    command: Run, tmp_path: Path, shared_data: Path
) -> None:
    folder = tmp_path / "ws"
    files = sorted((shared_data / "lists" / "ofac" / "sdn_2022-01").glob("*.csv"))
    add = ("lists", "add", *files, "--list", "ofac", "--date", "2022-01-20", "--workspace", folder, *REASON)
    assert command(*add).code == 0
    ask = ("--workspace", folder, *REASON, "--json")
    # Both read "Linked To: HOTEL LA CASCADA S.A.", which is entry 10232.
    found = command("graph", "paths", "Entry:ofac:10283", "Entry:ofac:10284", *ask).json
    assert [row["hops"] for row in found["rows"]] == [2]
    assert "HOTEL LA CASCADA" in found["rows"][0]["path"]
    assert {said["source"] for edge in found["edges"] for said in edge["provenance"]} == {"list ofac"}
    assert all(edge["fact"] for edge in found["edges"])
    assert not found["truncated"]
    nobody = command("graph", "paths", "Entry:ofac:10274", "Entry:ofac:10283", *ask).json
    assert nobody["rows"] == [], "to stand on one list joins nobody"

    counts = command("graph", "status", "--workspace", folder, "--json").json["counts"]
    assert counts["node.Entry"] == counts["edge.listed-on"] == 9_043
    assert counts["edge.linked-to"] > 3_000
    assert counts["edge.holds-document"] > 6_000
    assert command("graph", "verify", "--workspace", folder).code == 0
