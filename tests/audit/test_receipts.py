"""Receipts: what a row's bytes are, how its leaf is made, and that proofs hold for one row, mark and run alone."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netpursuit.audit.merkle import Edge, includes, prove_inclusion, root_of
from netpursuit.audit.receipts import HeldReceipt, ReceiptTree, RowSeals, row_leaves
from netpursuit.audit.row_form import RowForm, canonical_row, unread_row

KEY, DIGEST = b"k" * 32, hashlib.sha256(b"register").hexdigest()
HEADERS = st.text(st.characters(exclude_categories=["Cs", "Zs", "Zl", "Zp", "Cc"]))
CELLS = st.dictionaries(HEADERS.filter(lambda name: name not in ("民族", "another")), st.text())


def held(rows: list[bytes], marks: list[str], key: bytes = KEY) -> HeldReceipt:
    seals, tree = RowSeals(key, DIGEST), ReceiptTree()
    bodies = seals.bodies(0, rows)
    tree.add(bodies, marks)
    return HeldReceipt(run_id="R", rows=tree.rows, root=tree.root, seals=seals, bodies=bodies, marks=tuple(marks))


@given(cells=CELLS)
def test_a_row_is_the_canonical_json_of_its_cells_that_are_not_empty(cells: dict[str, str]) -> None:
    written = canonical_row({f" {name}\n": text for name, text in cells.items()})
    assert json.loads(written) == {name: text for name, text in cells.items() if text}
    names = list(json.loads(written))
    assert names == sorted(names, key=lambda name: name.encode("utf-16-be"))
    assert written == json.dumps(json.loads(written), ensure_ascii=False, separators=(",", ":")).encode("utf-8")


@given(cells=CELLS, data=st.data())
def test_order_empty_cells_and_what_is_never_read_change_nothing(cells: dict[str, str], data: st.DataObject) -> None:
    names = data.draw(st.permutations(list(cells)))
    form = RowForm(lambda name: name == "民族")
    again = {"民族": "x", **{name: cells[name] for name in names}, "another": ""}
    assert form(again) == form(again) == canonical_row(cells)


def test_rfc_8785_sorts_by_utf_16_and_escapes_as_little_as_json_allows() -> None:
    written = canonical_row({"\U0001f600": "1", "\ufb33": "2", "\u20ac": "3"})
    assert list(json.loads(written)) == ["\u20ac", "\U0001f600", "\ufb33"]
    assert canonical_row({"a": 'x"\\\n\x0f\x7f/'}) == b'{"a":"x\\"\\\\\\n\\u000f\x7f/"}'
    assert unread_row(17) == b"line 17"


def test_a_leaf_is_made_as_documented() -> None:
    rows = [b'{"a":"1"}', b'{"a":"2"}', b"line 4"]
    marks = ["tenant:screened", "tenant:repeated", "rejected:ragged-row"]
    receipt = held(rows, marks)
    expected = []
    for number, (row, mark) in enumerate(zip(rows, marks, strict=True)):
        salt = hmac.new(KEY, DIGEST.encode() + number.to_bytes(8, "big"), "sha256").digest()
        assert receipt.seals.salt(number) == salt
        expected.append(hashlib.sha256(salt + row).digest() + mark.encode())
    assert receipt.leaves() == expected
    assert receipt.root == root_of(expected).hex()


@given(leaves=st.lists(st.binary(max_size=3), max_size=40), cuts=st.lists(st.integers(0, 40), max_size=4))
def test_rows_taken_in_by_chunks_of_any_size_give_the_same_tree(leaves: list[bytes], cuts: list[int]) -> None:
    edge, begin = Edge(), 0
    for end in (*sorted(cut for cut in cuts if cut < len(leaves)), len(leaves)):
        edge = edge.extend(iter(leaves[begin:end]))
        begin = end
    one_by_one = Edge()
    for leaf in leaves:
        one_by_one = one_by_one.append(leaf)
    assert edge == one_by_one


@given(count=st.integers(1, 30), data=st.data())
def test_a_row_is_found_by_its_bytes_and_the_key_and_by_nothing_else(count: int, data: st.DataObject) -> None:
    rows = [b"row %d" % number for number in range(count)]
    receipt = held(rows, ["tenant:screened"] * count)
    number = data.draw(st.integers(0, count - 1))
    assert receipt.is_whole()
    assert receipt.find(rows[number]) == number
    assert receipt.find(rows[number] + b" ") is None
    guess = replace(receipt, seals=RowSeals(data.draw(st.binary(min_size=32, max_size=32)), DIGEST))
    assert guess.find(rows[number]) is None or guess.seals.key == KEY
    assert replace(receipt, seals=RowSeals(KEY, "0" * 64)).find(rows[number]) is None
    leaves = receipt.leaves()
    proof = prove_inclusion(leaves, number)
    assert includes(bytes.fromhex(receipt.root), count, leaves[number], number, proof)
    # The same row under the claim of another fate is not in the tree.
    claimed = leaves[number][:32] + b"tenant:repeated"
    assert not includes(bytes.fromhex(receipt.root), count, claimed, number, proof)


def test_a_receipt_that_was_changed_is_not_whole() -> None:
    receipt = held([b"a", b"b", b"c"], ["tenant:screened", "stay-ended", "tenant:screened"])
    assert receipt.is_whole()
    assert not replace(receipt, marks=("tenant:screened",) * 3).is_whole()
    assert not replace(receipt, bodies=bytes(96)).is_whole()
    assert not replace(receipt, rows=2).is_whole()
    with pytest.raises(ValueError, match="bodies"):
        list(row_leaves(receipt.bodies, receipt.marks[:2]))


def test_equal_rows_have_leaves_that_nobody_can_tell_to_be_equal() -> None:
    leaves = held([b"same"] * 4, ["tenant:screened"] * 4).leaves()
    assert len(set(leaves)) == 4
    assert set(leaves).isdisjoint(held([b"same"] * 4, ["tenant:screened"] * 4, b"o" * 32).leaves())


def test_a_key_is_in_no_text_that_an_object_gives_of_itself() -> None:
    receipt = held([b"a"], ["tenant:screened"])
    shown = repr(receipt) + repr(receipt.seals)
    assert repr(KEY) not in shown
    assert KEY.hex() not in shown
