"""Cyrillic, Greek, Kana, Arabic and Hebrew in Latin letters.

Sources: ICAO Doc 9303 part 3 section 6 (Cyrillic of passports since 2013), BGN/PCGN 1947, ISO 9 with marks left out and
the French passports of the Soviet Union for Cyrillic; ELOT 743 for Greek; Hepburn for Kana; anyascii for the rest.
"""

from __future__ import annotations

import re

from anyascii import anyascii

from netpursuit.text.choices import joined
from netpursuit.text.japanese import spellings_of_kana
from netpursuit.text.patterns import regex

# Letter -> spellings: passport and BGN first, then older or other systems.
_CYRILLIC = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ж": "zh", "з": "z", "и": "i", "й": "y", "к": "k",
    "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh",
    "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya",
    "і": "i", "ї": "yi", "є": "ye", "ґ": "g", "ў": "u", "ј": "j", "љ": "lj", "њ": "nj", "ћ": "c", "ђ": "dj", "џ": "dz",
    "ѓ": "gj", "ќ": "kj", "ѕ": "dz", "ә": "a", "ғ": "gh", "қ": "k", "ң": "ng", "ө": "o", "ұ": "u", "ү": "u", "һ": "h",
    "ҳ": "h", "ҷ": "j", "ӣ": "i", "ӯ": "u", "ҩ": "o", "ҵ": "ts", "ҽ": "e", "ӏ": "", "ѣ": "e", "ѳ": "f", "ѵ": "i",
}  # fmt: skip
_SYSTEMS: tuple[dict[str, str], ...] = (
    {"й": "i", "ю": "iu", "я": "ia", "ъ": "ie", "х": "kh", "ц": "ts"},  # ICAO, Russian passports
    {
        "х": "h",
        "ц": "c",
        "щ": "sch",
        "ж": "j",
        "й": "j",
        "ю": "ju",
        "я": "ja",
        "ґ": "g",
        "г": "g",
    },  # by ISO 9 and German habit
    {
        "г": "h",
        "х": "kh",
        "и": "y",
        "й": "i",
        "ї": "i",
        "є": "ie",
        "ю": "iu",
        "я": "ia",
        "щ": "shch",
    },  # Ukrainian passports
    {
        "х": "kh",
        "ю": "iou",
        "у": "ou",
        "ж": "j",
        "ч": "tch",
        "ш": "ch",
        "я": "ia",
        "щ": "chtch",
    },  # Soviet passports in French
    {
        "в": "w", "ж": "sch", "з": "s", "й": "i", "х": "ch", "ц": "z", "ч": "tsch", "ш": "sch", "щ": "schtsch",
        "ю": "ju", "я": "ja",
    },  # Duden
    {
        "в": "w", "ж": "z", "й": "j", "х": "ch", "ц": "c", "ч": "cz", "ш": "sz", "щ": "szcz", "ю": "ju", "я": "ja",
    },  # PWN
)  # fmt: skip
_SERBIAN = frozenset("ђјљњћџ")
_SERBIAN_LATIN = {"ш": "s", "ж": "z", "ч": "c", "х": "h", "ц": "c", "џ": "dz"}  # gajica without marks
_RUSSIAN_ENDINGS = (
    ("iy", ("i", "y", "iy", "ii", "ij")),
    ("yy", ("y", "yi")),
    ("aya", ("aya", "aia", "aja")),
    ("ov", ("ov", "off", "ow")),
    ("ev", ("ev", "eff", "ew")),
)
_GREEK_PAIRS = {
    "ου": ("ou", "u"), "αυ": ("av", "au", "af"), "ευ": ("ev", "eu", "ef"), "ηυ": ("iv",), "μπ": ("b", "mp"),
    "ντ": ("d", "nt"),
    "γκ": ("gk", "g"), "γγ": ("ng", "gg"), "γξ": ("nx",), "γχ": ("nch",), "τζ": ("tz",), "αι": ("ai", "e"),
    "ει": ("ei", "i"),
    "οι": ("oi", "i"),
}  # fmt: skip
_GREEK = {
    "α": ("a",), "β": ("v", "b"), "γ": ("g", "y"), "δ": ("d",), "ε": ("e",), "ζ": ("z",), "η": ("i", "e"), "θ": ("th",),
    "ι": ("i",), "κ": ("k",), "λ": ("l",), "μ": ("m",), "ν": ("n",), "ξ": ("x",), "ο": ("o",), "π": ("p",), "ρ": ("r",),
    "σ": ("s",), "τ": ("t",), "υ": ("y", "i"), "φ": ("f", "ph"), "χ": ("ch", "h"), "ψ": ("ps",), "ω": ("o",),
}  # fmt: skip
_GREEK_LETTERS = regex("|".join([*_GREEK_PAIRS, "."]))

_KANA_ROWS = (
    "アa イi ウu エe オo カka キki クku ケke コko サsa シshi スsu セse ソso タta チchi ツtsu テte トto ナna ニni "
    "ヌnu ネne ノno "
    "ハha ヒhi フfu ヘhe ホho マma ミmi ムmu メme モmo ヤya ユyu ヨyo ラra リri ルru レre ロro ワwa ヰi ヱe ヲo ンn "
    "ガga ギgi グgu "
    "ゲge ゴgo ザza ジji ズzu ゼze ゾzo ダda ヂji ヅzu デde ドdo バba ビbi ブbu ベbe ボbo パpa ピpi プpu ペpe ポpo "
    "ヴvu "
    "ァa ィi ゥu ェe ォo ヵka ヶke"
)
_KANA = {row[0]: row[1:] for row in _KANA_ROWS.split()}
_SMALL_Y = {"ャ": "a", "ュ": "u", "ョ": "o"}
_SMALL_VOWELS = {"ァ": "a", "ィ": "i", "ゥ": "u", "ェ": "e", "ォ": "o"}


def cyrillic_readings(text: str) -> tuple[str, ...]:
    """Up to fifteen Latin spellings of a Cyrillic word, that of BGN first (щукин: shchukin, schukin ...)."""
    found = [_transliterated(text, {})]
    found += [_transliterated(text, system) for system in _SYSTEMS[:4]]
    if not _SERBIAN.isdisjoint(text):
        found.append(_transliterated(text, _SERBIAN_LATIN))
    if text[:1] == "е":
        found.append(_transliterated(text, {"": ""}, "ye"))
    plain = found[0]
    for ending, others in _RUSSIAN_ENDINGS:
        if plain.endswith(ending) and len(plain) > len(ending) + 1:
            found += [plain[: -len(ending)] + other for other in others]
            break
    if "ks" in plain:
        found.append(plain.replace("ks", "x"))
    if "е" in text[1:]:  # ё, written е, is yo or o; BGN writes ye after vowels
        found.append(re.sub("(?<=[aeiouy])e", "ye", plain))
    found += [re.sub("i[ij]$", "i", _transliterated(text, system)) for system in _SYSTEMS[4:]]
    if text.endswith(("ин", "ын")):  # Poutine
        found.append(_transliterated(text, _SYSTEMS[3]) + "e")
    return tuple(dict.fromkeys(filter(None, found)))[:15]


def _transliterated(text: str, system: dict[str, str], beginning: str = "") -> str:
    body = text[1:] if beginning else text
    return beginning + "".join(system.get(char, _CYRILLIC.get(char, "")) for char in body)


def greek_readings(text: str) -> tuple[str, ...]:
    """Up to eight Latin spellings of a Greek word, that of ELOT 743 first."""
    options = []
    for pair in _GREEK_LETTERS.findall(text):
        spelt = _GREEK_PAIRS.get(pair) or _GREEK.get(pair, ())
        options.append(spelt)
    options = [option for option in options if option]
    return tuple(dict.fromkeys(joined(options, 8, 256))) if options else ()


def kana_readings(text: str) -> tuple[str, ...]:
    """Hepburn without marks (トウキョウ: toukyou, tokyo, tohkyoh): vowels as written, then long vowels shortened."""
    syllables: list[str] = []
    double = False
    for char in text:
        if char == "ッ":
            double = True
            continue
        if char == "ー":
            if syllables and syllables[-1]:
                syllables.append(syllables[-1][-1])
            continue
        if char in _SMALL_Y and syllables and syllables[-1].endswith("i"):
            start = syllables[-1][:-1]
            syllables[-1] = start + ("" if start in ("sh", "ch", "j") else "y") + _SMALL_Y[char]
            continue
        if char in _SMALL_VOWELS and syllables and len(syllables[-1]) > 1:
            start = syllables[-1][:-1]
            syllables[-1] = ("w" if start == "" else start) + _SMALL_VOWELS[char]
            continue
        spelt = _KANA.get(char, "")
        if double and spelt:
            spelt = ("t" if spelt.startswith("ch") else spelt[0]) + spelt
        double = False
        syllables.append(spelt)
    plain = "".join(syllables)
    return spellings_of_kana(plain)


_HEBREW_LETTERS = "א- בv גg דd הh וu זz חh טt יy כk לl מm נn סs ע- פf צts קk רr שsh תt"
_HEBREW = {cell[0]: cell[1:].strip("-") for cell in _HEBREW_LETTERS.split()}


def hebrew_consonants(text: str) -> tuple[str, ...]:
    """The consonants of a Hebrew name by the usual reading: vav is a vowel unless first or doubled, bet and pe are hard
    only at the beginning (ריבלין: r v l n; פרץ: p r ts); aleph and ayin are left out."""
    letters = []
    text = re.sub("^אי", "א", text).replace("שט", "סט").replace("וו", "\0")  # שט as in Edelstein
    for at, char in enumerate(text):
        hard = {"ב": "b", "פ": "p", "ו": "v"}.get(char) if at == 0 else None
        letters.append(hard or ("v" if char == "\0" else _HEBREW.get(char, "")))
    return tuple(letters)


def consonantal_reading(text: str) -> str:
    """Arabic or Hebrew in ASCII letters as anyascii has it, mostly without vowels; empty where no letter remains."""
    return "".join(char for char in anyascii(text).lower() if "a" <= char <= "z")
