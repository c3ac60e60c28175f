"""Chinese characters: forms folded for the key, and those that look alike."""

from __future__ import annotations

import pytest

from netpursuit.text.han import look_alikes, simplification, simplify


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("張偉", "张伟"),
        ("歐陽脩", "欧阳修"),
        ("陳水扁", "陈水扁"),
        ("羣峯", "群峰"),
        ("鍾馗", "钟馗"),
        ("葉問", "叶问"),
        ("後藤", "后藤"),
        ("於鳳至", "于凤至"),
        ("范蠡", "范蠡"),
        ("衞青", "卫青"),
        ("渡辺", "渡边"),
        ("沢田", "泽田"),
        ("張乾", "张乾"),
        ("温家寶", "温家宝"),
        ("叶芸", "叶芸"),
        ("髙橋", "高桥"),
        ("魏徵", "魏征"),
        ("喆昇堃", "喆昇堃"),
    ],
)
def test_forms_of_one_character_are_folded_into_one(written: str, folded: str) -> None:
    assert simplify(written) == simplify(folded)
    assert simplify(written) == folded or written == "喆昇堃"


def test_folding_characters_twice_changes_nothing() -> None:
    table = simplification()
    assert [new for new in table.values() if simplify(new) != new] == []


def test_look_alikes_are_symmetric_and_never_the_character_itself() -> None:
    assert "未" in look_alikes("末")
    assert "候" in look_alikes("侯")
    assert look_alikes("龘") == ""
    for char in "末侯泰伟莹治洗":
        assert char not in look_alikes(char)
        assert all(char in look_alikes(other) for other in look_alikes(char))
