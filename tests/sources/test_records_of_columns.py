"""Records made of columns are those that calls of their classes make."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netpursuit.records import Document, DocumentKind, Name, RegisteredPerson
from netpursuit.records.packing import of_columns

DOCUMENTS = st.builds(Document, number=st.text(), kind=st.sampled_from(DocumentKind), country=st.text(), note=st.text())


@given(st.lists(DOCUMENTS))
def test_they_are_equal_to_those_made_one_by_one(documents: list[Document]) -> None:
    fields = ("number", "kind", "country", "note")
    columns = {field: [getattr(document, field) for document in documents] for field in fields}
    assert of_columns(Document, len(documents), **columns) == documents


def test_a_field_that_is_left_out_has_its_default() -> None:
    assert of_columns(Name, 2, text=["Li", "Wei"]) == [Name(text="Li"), Name(text="Wei")]


def test_a_field_that_must_be_stated_is_missed() -> None:
    with pytest.raises(TypeError, match="position"):
        of_columns(RegisteredPerson, 1, role=["tenant"], person_id=[""], person=[None])


def test_an_unknown_field_is_told() -> None:
    with pytest.raises(TypeError, match="family_name"):
        of_columns(Name, 1, text=["Li"], family_name=["Li"])
