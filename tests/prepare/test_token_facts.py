"""The keys of tokens, worked out together, are those of each in every role it may have."""

from __future__ import annotations

from itertools import chain

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from netpursuit.policy.model import Policy
from netpursuit.prepare import TextColumn
from netpursuit.prepare.hashes import hash_text, hash_texts
from netpursuit.prepare.look_alikes import look_alike_forms
from netpursuit.prepare.token_facts import MIN_SCRAMBLED, KeyKind, Token
from netpursuit.prepare.tokens import TokenBook
from netpursuit.text.keys import token_keys
from netpursuit.text.scripts import Script
from netpursuit.text.surnames import is_known_surname
from netpursuit.text.tokens import TokenRole

WORDS = {
    Script.LATIN: ["wei", "ming", "muhammad", "jelzin", "schewtschenko", "kim", "jaehyun", "cheung", "annamaria", "lv"],
    Script.HAN: ["王", "乐", "建国", "欧阳", "田中", "买买提", "曾女", "阿卜杜热合曼", "未", "林"],
    Script.CYRILLIC: ["щукин", "иванова"],
    Script.ARABIC: ["محمد", "هو"],
    Script.HANGUL: ["김", "재현", "남궁", "영희수"],
    Script.KANA: ["トウキョウ"],
    Script.GREEK: ["παπαδοπουλος"],
    Script.HEBREW: ["ריבלין"],
    Script.OTHER: ["देशमुख", "\ud800"],
}
TOKENS = st.sampled_from(list(WORDS)).flatmap(
    lambda script: st.builds(
        lambda words, accent: Token("".join(words) + accent, "".join(words), int(script), len(words) > 1),
        st.lists(st.sampled_from(WORDS[script]), min_size=1, max_size=2),
        st.sampled_from(["", "'", "\u0301"]),
    )
)


def expected_keys(token: Token) -> list[tuple[int, int]]:
    """(kind, hash) of every key, by asking for each role."""
    surface, folded, number, joined = token
    script, roles = Script(number), list(TokenRole)
    if script is Script.HAN and len(folded) > 1 and not is_known_surname(folded):
        roles.remove(TokenRole.FAMILY)
    elif script not in (Script.HAN, Script.HANGUL):
        roles = [TokenRole.UNKNOWN]
    found = [token_keys(folded, script, role, joined=joined) for role in roles]
    spelt = script in (Script.LATIN, Script.CYRILLIC, Script.GREEK) and len(folded) >= MIN_SCRAMBLED and not joined
    texts: dict[KeyKind, list[str]] = {
        KeyKind.SURFACE: [surface],
        KeyKind.FOLDED: [folded],
        KeyKind.READING: list(chain.from_iterable(keys.readings for keys in found)),
        KeyKind.VARIANT: list(chain.from_iterable(keys.variants for keys in found)),
        KeyKind.SKELETON: [keys.skeleton for keys in found],
        KeyKind.SOUND: [keys.sound for keys in found],
        KeyKind.LETTERS: ["".join(sorted(folded))] if spelt else [],
        KeyKind.LOOK_ALIKE: list(look_alike_forms(folded)) if script is Script.HAN else [],
    }
    return [(kind, hash_text(f"{kind:d}:{text}")) for kind in texts for text in dict.fromkeys(texts[kind]) if text]


@settings(deadline=None)
@given(st.lists(TOKENS, max_size=12))
def test_tokens_of_any_scripts_together_have_the_keys_of_each(tokens: list[Token]) -> None:
    known = Policy.shipped().frequencies
    book = TokenBook(known)
    rows = np.array([book.row(token) for token in tokens], np.int64)
    table = book.table(rows)

    for at, token in enumerate(tokens):
        _, keys = table.keys_of(np.array([at]))
        assert list(zip(table.key_kind[keys].tolist(), table.key_hash[keys].tolist(), strict=True)) == expected_keys(
            token
        )
        assert tuple(table.rarity[at].tolist()) == known.rarities(token.folded, token.script)
        assert table.folded[at] == token.folded
    assert np.all(np.diff(table.key_token) >= 0)


TEXTS = st.lists(st.one_of(st.sampled_from(["", "\ud800", "é", "王"]), st.text(max_size=5)))


@given(TEXTS)
def test_texts_are_hashed_together_as_each_alone(texts: list[str]) -> None:
    assert hash_texts(iter(texts)).tolist() == list(map(hash_text, texts))


@given(TEXTS)
def test_a_column_of_text_gives_back_what_was_put_in(texts: list[str]) -> None:
    column = TextColumn.of(iter(texts))
    assert list(map(column.__getitem__, range(len(column)))) == texts
