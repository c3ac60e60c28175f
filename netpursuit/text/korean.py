"""Hangul in Latin letters, and Chinese characters read in Korean.

Sources: Revised Romanization (문화관광부 고시 2000-8), McCune-Reischauer without marks (1939), and the spellings that
Korean passports commonly bear.
"""

from __future__ import annotations

from functools import cache, lru_cache
from itertools import product

from netpursuit.text.choices import joined_behind
from netpursuit.text.pinyin import LONGEST_EAST_ASIAN

_INITIALS = ("g", "kk", "n", "d", "tt", "r", "m", "b", "pp", "s", "ss", "-", "j", "jj", "ch", "k", "t", "p", "h")
_MEDIALS = (
    "a", "ae", "ya", "yae", "eo", "e", "yeo", "ye", "o", "wa",
    "wae", "oe", "yo", "u", "wo", "we", "wi", "yu", "eu", "ui", "i",
)  # fmt: skip
_FINALS = (
    "-", "k", "k", "k", "n", "n", "n", "t", "l", "k", "m", "l", "l", "l",
    "p", "l", "m", "p", "p", "t", "t", "ng", "t", "t", "k", "t", "p", "t",
)  # fmt: skip
_LOOSE_MEDIALS = {  # medial -> what people write instead: without marks of ŏ and ŭ, and by English habit
    "eo": ("o", "u", "eo"), "yeo": ("yo", "you", "yu", "yeo"), "eu": ("u", "eu"), "u": ("u", "oo"), "i": ("i", "ee"),
    "oe": ("oe", "oi"), "ui": ("ui", "ee"), "ae": ("ae", "ai"), "wo": ("wo", "won"), "yu": ("yu", "yoo"),
}  # fmt: skip
_SYLLABLES_KEPT = 2_048
_HABITS = {"승": ("syng",), "안": ("ahn",)}  # of given names, beyond every system
_MR_INITIALS = {"g": "k", "d": "t", "b": "p", "j": "ch"}
# Surnames by what passports bear, the Revised Romanization first.
_SURNAMES = (
    "김 gim kim; 이 i lee yi rhee ri li; 리 ri lee li yi rhee; 박 bak park pak; 최 choe choi; "
    "정 jeong jung chung jong chong cheong; 강 gang kang; 조 jo cho joe; 윤 yun yoon; 장 jang chang; "
    "임 im lim rim yim; 림 rim lim im; 한 han hahn; 오 o oh; "
    "서 seo suh so; 신 sin shin; 권 gwon kwon kweon; 황 hwang whang; "
    "안 an ahn; 송 song; 류 ryu yoo yu ryoo; 유 yu yoo you ryu; 전 jeon jun chun chon; 홍 hong; 고 go ko koh; "
    "문 mun moon; 양 yang ryang; 손 son sohn shon; 배 bae pae bai; 백 baek paek paik; 허 heo hur huh ho; 남 nam; "
    "심 sim shim; 노 no noh roh ro; 로 ro roh no noh; 하 ha hah; 곽 gwak kwak; 성 seong sung song; 차 cha; "
    "주 ju joo chu; 우 u woo wu; 구 gu koo ku goo; 민 min; 나 na ra rah; 라 ra na rah; 진 jin chin; 지 ji chi jee; "
    "엄 eom um uhm; 채 chae chai; 원 won; 천 cheon chun chon; 방 bang pang; 공 gong kong; 현 hyeon hyun hyon; "
    "함 ham; 변 byeon byun pyon; 염 yeom yum; 여 yeo yuh; 추 chu choo; 도 do to; 소 so; 석 seok suk sok; "
    "선 seon sun son; 설 seol sul sol; 마 ma; 길 gil kil; 연 yeon youn; 위 wi; 표 pyo; 명 myeong myung; 기 gi ki; "
    "반 ban; 왕 wang; 금 geum keum; 옥 ok; 육 yuk yook; 인 in; 맹 maeng; 제 je; 모 mo; 탁 tak; 국 guk kook; 어 eo; "
    "은 eun; 편 pyeon; 용 yong; 남궁 namgung namkung; 황보 hwangbo; 제갈 jegal; 사공 sagong; 선우 seonu sunwoo; "
    "서문 seomun; 독고 dokgo; 동방 dongbang; 태 tae; 경 gyeong kyung kyong; "
)
# Sino-Korean readings of characters common in given names.
_HANJA = (
    "정正贞静廷政晶汀祯炡珽亭淀 은恩银殷垠 일日一逸 성成圣诚星盛声省晟 철哲铁澈喆 영英永荣泳瑛映颖令 "
    "호浩虎昊镐皓湖豪 준俊埈浚准骏峻 현贤玄铉炫显弦泫 민民敏旻珉 수秀洙守寿水树 진真振镇珍晋进辰 우宇佑雨祐友 "
    "지智志芝知枝池 혜惠慧 희姬熙喜希嬉羲 경京景庆敬卿经 미美 숙淑肃 순顺淳纯舜 자子慈 선善仙宣 남南男 명明铭 "
    "상相尚祥常 훈勋薰训 태泰太兑 용龙勇容镕用 기基起奇琪棋 동东栋同 원元源媛院 재在载宰 석石锡硕奭 환焕桓 규圭奎 "
    "인仁寅 광光广 국国 근根槿 길吉 대大 덕德 도道 두斗 만万 무武 문文 병炳秉丙 복福 봉奉凤 산山 삼三 세世 승承胜升 "
    "식植 신信 안安 연妍渊延 옥玉 완完 윤润允 의义 장长 종钟宗 주柱周珠 창昌 천天 춘春 충忠 택泽 필弼 하夏 학学鹤 "
    "한汉翰 해海 헌宪 혁赫革 형亨炯衡 화花和华 효孝 흥兴 걸杰 강江 건建健 곤坤 관宽 구九 권权 금金 나罗 란兰 련莲 "
    "례礼 룡龙 률律 림林 매梅 배培 백白 범范凡 보宝 분粉 빈彬 사思 삼森 서瑞 설雪 섭燮 소昭素 송松 심心 아雅儿 애爱 "
    "양良 억亿 업业 여女 예艺 온温 운云 월月 유裕 율律 이以 임任 정定 조祖 중中重 찬灿赞 채彩 청清 초草 탁卓 "
    "평平 표杓 행幸 향香 허许 협协 홍洪弘红 황黄 휘辉 휴休"
)


def _jamo(syllable: str) -> tuple[str, str, str]:
    at = ord(syllable) - 0xAC00
    initial, medial, final = _INITIALS[at // 588], _MEDIALS[at % 588 // 28], _FINALS[at % 28]
    return initial.strip("-"), medial, final.strip("-")


# Vowels that today sound alike, by their places in the Unicode block: ㅐ ㅔ, ㅒ ㅖ, ㅙ ㅚ ㅞ, behind a consonant ㅢ ㅣ.
_SAME_VOWELS = {1: 5, 3: 7, 10: 11, 15: 11}
_NO_CONSONANT, _UI, _I = 11, 19, 20
# A surname in ㄹ or ㄴ is written so or with another initial (류 유, 림 임, 로 노), ㅇ before these vowels (두음법칙).
_R, _N = 5, 2
_BEFORE_I = frozenset({2, 3, 6, 7, 12, 17, 20})


def hangul_sound(text: str) -> str:
    """Hangul under one spelling of what sounds alike: 재현 and 제현, 영희 and 영히, the surnames 류 and 유.

    >>> hangul_sound("재현") == hangul_sound("제현"), hangul_sound("류") == hangul_sound("유"), hangul_sound("리나")
    (True, True, '리나')
    """
    if not _is_syllables(text):
        return text
    found = []
    for syllable in text:
        at = ord(syllable) - 0xAC00
        initial, vowel, final = at // 588, at % 588 // 28, at % 28
        vowel = _I if vowel == _UI and initial != _NO_CONSONANT else _SAME_VOWELS.get(vowel, vowel)
        if len(text) == 1 and initial in (_R, _N):
            initial = _NO_CONSONANT if vowel in _BEFORE_I else _N
        found.append(chr(0xAC00 + initial * 588 + vowel * 28 + final))
    return "".join(found)


def _is_syllables(text: str) -> bool:
    return bool(text) and all("가" <= char <= "힣" for char in text)


def revised_romanization(text: str) -> str:
    """Revised Romanization syllable by syllable, as names are spelt (without the changes between syllables)."""
    return "".join("".join(_jamo(syllable)) for syllable in text)


@lru_cache(_SYLLABLES_KEPT)
def _spellings_of_syllable(syllable: str) -> tuple[str, ...]:
    """Revised Romanization, then looser spellings: 정 jeong, jong, jung, chong, chung."""
    initial, medial, final = _jamo(syllable)
    found = [initial + medial + final]
    initials = [initial] + ([_MR_INITIALS[initial]] if initial in _MR_INITIALS else [])
    if initial == "s" and medial in ("i", "wi"):
        initials.append("sh")
    for vowel in _LOOSE_MEDIALS.get(medial, (medial,)):
        if vowel == "won":
            continue
        if vowel in ("ee", "oo", "yoo") and final in ("k", "t", "p", "l"):
            continue
        found += [start + vowel + final for start in initials]
    found += _HABITS.get(syllable, ())
    if final == "k":
        found += [form[:-1] + "ck" for form in found[:1] if medial == "eo"]
    return tuple(dict.fromkeys(found))


@lru_cache(_SYLLABLES_KEPT)
def _systems_of_syllable(syllable: str) -> tuple[str, str, str]:
    """Revised Romanization, then without marks with its initials, then with those of McCune-Reischauer."""
    initial, medial, final = _jamo(syllable)
    plain = {"eo": "o", "yeo": "yo", "eu": "u"}.get(medial, medial) + final
    return initial + medial + final, initial + plain, _MR_INITIALS.get(initial, initial) + plain


@cache
def _surname_table() -> dict[str, tuple[str, ...]]:
    rows = (row.split() for row in _SURNAMES.split(";") if row.strip())
    return {surname: tuple(spellings) for surname, *spellings in rows}


def hangul_family_readings(text: str) -> tuple[str, ...]:
    """Latin spellings of a Korean surname, the Revised Romanization first."""
    return _surname_table().get(text) or hangul_readings(text)


def hangul_readings(text: str, limit: int = 16) -> tuple[str, ...]:
    """Latin spellings of Hangul joined, the Revised Romanization first, then one system throughout, then mixtures."""
    if not _is_syllables(text):
        return ()
    if len(text) > 4:
        return (revised_romanization(text),)
    throughout = map("".join, zip(*map(_systems_of_syllable, text), strict=True))
    return joined_behind(throughout, [_spellings_of_syllable(syllable) for syllable in text], limit)


# Syllables of given names beyond those of the tables above.
_GIVEN_SYLLABLES = (
    "가 겸 고 관 교 나 늘 다 단 라 려 람 리 린 별 빛 슬 승 시 아 애 연 열 오 욱 웅 율 은 이 자 조 찬 하 한 휘 흠"
)


@cache
def _syllables_by_spelling() -> dict[str, tuple[str, ...]]:
    """Latin spelling -> the syllables of names it may stand for."""
    given = dict.fromkeys((*(group[0] for group in _HANJA.split()), *_GIVEN_SYLLABLES.split()))
    found: dict[str, list[str]] = {}
    for syllable in given:
        for spelling in _spellings_of_syllable(syllable):
            found.setdefault(spelling, []).append(syllable)
    for surname, spellings in _surname_table().items():
        for spelling in spellings:
            if len(surname) == 1 and surname not in found.setdefault(spelling, []):
                found[spelling].append(surname)
    return {spelling: tuple(syllables) for spelling, syllables in found.items()}


@cache
def _longest_spelling() -> int:
    return max(map(len, _syllables_by_spelling()))


def hangul_of_latin(folded: str, limit: int = 6) -> tuple[str, ...]:
    """The Korean names of one or two syllables that a Latin spelling may stand for: jaehyun and jaehyeon, 재현.

    At most ``limit``; empty for what cannot be Korean.
    """
    syllables, size = _syllables_by_spelling(), len(folded)
    found = list(syllables.get(folded, ()))
    if size <= LONGEST_EAST_ASIAN:
        longest = _longest_spelling()
        for cut in range(max(2, size - longest), min(longest, size - 2) + 1):
            if (first := syllables.get(folded[:cut])) and (second := syllables.get(folded[cut:])):
                found += ["".join(pair) for pair in product(first, second)]
    return tuple(dict.fromkeys(found))[:limit] if found else ()


@cache
def _hanja_table() -> dict[str, str]:
    found: dict[str, str] = {}
    for group in _HANJA.split():
        for char in group[1:]:
            found.setdefault(char, group[0])
    return found


def korean_readings_of_han(text: str) -> tuple[str, ...]:
    """Latin spellings of the Korean reading of a given name of one or two characters; empty where one is unknown."""
    hangul = [_hanja_table().get(char, "") for char in text]
    if len(text) > 2 or not all(hangul):
        return ()
    return hangul_readings("".join(hangul), 6)
