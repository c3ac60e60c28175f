"""Names in Chinese characters: surnames are split off, transcribed names cut into their parts, neither is forced."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netpursuit.records import Name
from netpursuit.text.chinese import pinyin_of_given
from netpursuit.text.clusters import clusters_by_member, han_parts, spellings_of
from netpursuit.text.han import fold_transcription, simplify
from netpursuit.text.han_names import cut_parts
from netpursuit.text.pinyin import pinyin_syllables, tongyong, without_tone_numbers
from netpursuit.text.surnames import split_of_pinyin
from netpursuit.text.tokens import TokenRole, parse_name
from netpursuit.text.transcribed import transcribed_readings


def first_reading(text: str) -> list[tuple[str, TokenRole]]:
    return [(token.folded, token.role) for token in parse_name(Name(text=text))[0].tokens]


@pytest.mark.parametrize("text", ["扎西多吉", "次仁卓玛", "丹增嘉措", "索南次仁", "罗桑丹增"])
def test_a_tibetan_name_has_two_parts_and_no_surname(text: str) -> None:
    assert first_reading(text) == [(text[:2], TokenRole.UNKNOWN), (text[2:], TokenRole.UNKNOWN)]


def test_a_name_that_may_be_a_transcription_is_read_as_one_so_that_it_is_not_thought_rare() -> None:
    readings = [[token.folded for token in parsed.tokens] for parsed in parse_name(Name(text="罗桑"))]
    assert readings == [["罗桑"]]


def test_a_japanese_name_is_split_after_its_surname() -> None:
    assert first_reading("山田太郎") == [("山田", TokenRole.FAMILY), ("太郎", TokenRole.GIVEN)]


def test_a_name_of_four_characters_may_hold_two_surnames() -> None:
    readings = [[token.folded for token in parsed.tokens] for parsed in parse_name(Name(text="陳方安生"))]
    assert readings == [["陈", "方安生"], ["陈", "方", "安生"]]


def test_a_compound_surname_is_not_taken_for_two() -> None:
    assert [[t.folded for t in parsed.tokens] for parsed in parse_name(Name(text="欧阳志远"))] == [["欧阳", "志远"]]


@given(st.lists(st.sampled_from(sorted(han_parts())), min_size=1, max_size=3).map("".join))
def test_parts_put_together_are_cut_without_loss(text: str) -> None:
    parts = cut_parts(text)
    assert not parts or "".join(parts) == text
    assert text in han_parts() or parts


@pytest.mark.parametrize("text", ["王建国", "陈方安生", "欧阳志远", "张三丰李", ""])
def test_chinese_names_are_no_transcriptions(text: str) -> None:
    assert cut_parts(text) == ()


def test_every_part_stands_in_its_comparison_form_in_one_cluster_of_spellings() -> None:
    assert [part for part in han_parts() if simplify(part) != part] == []
    found = clusters_by_member()
    assert {part: found[part] for part in han_parts() if sum(c.startswith("v:") for c in found[part]) != 1} == {}


@pytest.mark.parametrize(
    ("one", "other"), [("卓玛", "卓嘎"), ("央金", "央宗"), ("阿不都外力", "阿不都艾则孜"), ("达瓦", "丹巴")]
)
def test_names_that_share_a_part_are_two_names(one: str, other: str) -> None:
    assert other not in spellings_of(one)


def test_the_pinyin_of_a_long_transcription_is_a_spelling_of_the_name() -> None:
    assert {"maimaiti", "memet", "麦麦提"} <= set(spellings_of("买买提"))
    assert "yushan" not in spellings_of("玉山"), "two characters are as well a Chinese given name"


@pytest.mark.parametrize(
    ("one", "other"), [("阿布都热衣木", "阿不都热依木"), ("吾甫尔", "乌普尔"), ("提力瓦尔地", "提里瓦尔迪")]
)
def test_characters_of_one_syllable_fold_together(one: str, other: str) -> None:
    assert fold_transcription(one) == fold_transcription(other)


@pytest.mark.parametrize(
    ("text", "reading"),
    [("祖力皮卡尔", "zulpikar"), ("夏木西丁", "shamshidin"), ("提力瓦尔地", "tiliwaldi"), ("朱马别克", "zhumabek")],
)
def test_a_transcribed_name_in_no_table_is_read_back(text: str, reading: str) -> None:
    assert reading in transcribed_readings(text)


@given(st.text("尔克提买麦阿王一绱", max_size=10))
def test_transcribed_readings_are_few_and_plain_letters(text: str) -> None:
    readings = transcribed_readings(text)
    assert len(readings) <= 8
    assert all(reading.isascii() and reading.isalpha() for reading in readings)


@pytest.mark.parametrize(
    ("word", "form"),
    [("waiming", "weiming"), ("hsinyi", "xinyi"), ("jhihling", "zhiling"), ("tsetung", "zedong"), ("takwah", "dehua")],
)
def test_a_given_name_in_another_romanisation_leads_to_its_pinyin(word: str, form: str) -> None:
    assert form in pinyin_of_given(word)


def test_pinyin_is_not_reread_as_wade_giles() -> None:
    assert pinyin_of_given("tina") == ("tina",)
    assert pinyin_of_given("hassan") == ()


@pytest.mark.parametrize(
    ("word", "plain"), [("zhi4yuan3", "zhiyuan"), ("zhang1", "zhang"), ("xx1", "xx1"), ("zhang9", "zhang9"), ("4", "4")]
)
def test_tone_numbers_are_dropped_from_pinyin_only(word: str, plain: str) -> None:
    assert without_tone_numbers(word) == plain


@pytest.mark.parametrize(
    ("word", "split"),
    [
        ("zhangjianguo", ("zhang", "jianguo")),
        ("ouyangzhiyuan", ("ouyang", "zhiyuan")),
        ("zhangwei", ("zhang", "wei")),
        ("sukarno", None),
        ("lina", None),
        ("hasanov", None),
    ],
)
def test_a_chinese_name_written_as_one_word_is_split(word: str, split: tuple[str, str] | None) -> None:
    assert split_of_pinyin(word) == split


def test_tongyong_knows_every_syllable() -> None:
    assert {s: tongyong(s) for s in ("zhi", "xu", "xin", "qiu", "gui", "wen", "ma")} == {
        "zhi": "jhih",
        "xu": "syu",
        "xin": "sin",
        "qiu": "ciou",
        "gui": "guei",
        "wen": "wun",
        "ma": "ma",
    }
    assert all(tongyong(syllable).isalpha() for syllable in pinyin_syllables())
