"""The closed sets that the page offers are those of the policy, each with its words in both languages."""

from __future__ import annotations

import re

import pytest

from netpursuit.catalogue import LANGUAGES, Catalogue
from netpursuit.policy.clearing import CLEAR_REASONS
from netpursuit.policy.reasons import CODES
from netpursuit.records import Band, LeadState, SpotResult
from tests.conftest import ROOT

SOURCE = ROOT / "web" / "src"
SETS = {
    "REASONS": (CODES, "reason."),
    "BANDS": (tuple(band.word for band in sorted(Band, reverse=True) if band.word), "band."),
    "STATES": (tuple(state.value for state in LeadState), "lead.state."),
    "SPOT_RESULTS": (tuple(result.value for result in SpotResult), "spot."),
}


@pytest.mark.parametrize("name", SETS)
def test_the_page_offers_what_the_policy_knows(name: str) -> None:
    expected, prefix = SETS[name]
    text = (SOURCE / "parts" / "codes.ts").read_text(encoding="utf-8")
    listed = re.search(rf"const {name} = \[(.*?)\]", text, re.DOTALL)
    assert listed is not None
    assert tuple(re.findall(r'"([^"]+)"', listed[1])) == expected
    for lang in LANGUAGES:
        words = Catalogue(lang)
        assert [code for code in expected if prefix + code not in words] == []


def test_every_text_that_asking_and_reviewing_show_is_in_the_catalogue() -> None:
    words = Catalogue("en")
    keys: set[str] = set()
    for folder in ("ask", "review", "parts"):
        for file in (SOURCE / folder).glob("*.ts*"):
            keys.update(re.findall(r'\bt\(\s*"([^"]+)"', file.read_text(encoding="utf-8")))
    assert len(keys) > 100
    assert sorted(key for key in keys if key not in words) == []
    acts = re.findall(r'\["[^"]+", "([a-z-]+)"\]', (SOURCE / "review" / "keys.ts").read_text(encoding="utf-8"))
    assert len(acts) > 15
    assert [act for act in acts if f"page.review.key.{act}" not in words] == []
    assert [code for code in CLEAR_REASONS if f"clear.reason.{code}" not in words] == []
