"""What is typed where a token's user or id belongs reaches the log only as a user's name or an id."""

from __future__ import annotations

from pathlib import Path

import pytest
from fake_workbench import Bench, open_bench

from netpursuit.custody.tokens import issue_token, list_tokens, revoke_token
from netpursuit.errors import InputError


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return open_bench(tmp_path)


@pytest.mark.parametrize(
    "typed", ["", "zoe@canary.example", "110101199003078515", "13800138000", "1 Canary Lane, London", "@np-review"]
)
def test_what_is_no_user_gets_no_token_and_is_not_logged(bench: Bench, typed: str) -> None:
    head = bench.truth.log_head()
    with pytest.raises(InputError, match="no name of a user"):
        issue_token(bench.desk, typed, 30)
    assert bench.truth.log_head() == head
    assert list(bench.workspace.keys.tokens()) == []
    bench.workspace.close()


@pytest.mark.parametrize("typed", ["", "zoe@canary.example", "110101199003", "np_abcdefghijk", "0123456789AB"])
def test_what_is_no_id_of_a_token_is_not_logged(bench: Bench, typed: str) -> None:
    issue_token(bench.desk, "desk-7", 30)
    head = bench.truth.log_head()
    with pytest.raises(InputError):
        revoke_token(bench.desk, typed)
    # Twelve digits may be an id.
    assert (bench.truth.log_head() == head) == (typed != "110101199003")
    bench.workspace.close()


def test_a_token_is_issued_to_a_user_and_revoked(bench: Bench) -> None:
    token, _ = issue_token(bench.desk, " desk-7 ", 30)
    assert token.who == "desk-7"
    assert list_tokens(bench.desk) == [token]
    assert revoke_token(bench.desk, token.token_id) == token
    assert list_tokens(bench.desk) == []
    bench.workspace.close()
