"""Which encoding a text file is in.

In order: a byte order mark; zero bytes in every other place (UTF-16 without mark); UTF-8 where the whole file is
valid, or where broken sequences are rare exceptions; else the likeliest of GB18030, Big5 and cp1252, judged by known
header words and by how ordinary the decoded characters are. charset-normalizer is asked only where none of the three
fits.
"""

from __future__ import annotations

import codecs
import hashlib
import re
from pathlib import Path

from charset_normalizer import from_bytes

from netpursuit.errors import InputError
from netpursuit.sources.tables.headers import fold_header
from netpursuit.sources.tables.table import FileFacts

BLOCK = 1 << 20
_SAMPLE = 1 << 18

# Characters of names of places and of register headers. A wrong guess between GB18030 and Big5 gives rare characters.
_ORDINARY = frozenset(
    "省市县區区镇鎮乡鄉村路街道巷弄号號栋棟幢单單元楼樓层層室房屋租出租姓名性别別男女证證件码碼身份公民日期年月电电話话手机機"
    "户戶籍地址住址国國编編序备備注註承租人东東入离離开開登记記案由一二三四五六七八九十上下大小中南西北新里花园園小区"
    "王李张張刘劉陈陳杨楊黄黃赵趙吴吳周徐孙孫马馬朱胡郭何高林罗羅郑鄭梁谢謝宋唐许許邓鄧冯馮韩韓曹曾彭萧蕭蔡潘田董袁"
    "明文华華建国國伟偉强強军軍丽麗敏静靜秀英芳娜磊洋勇艳艷杰傑娟涛濤超霞平刚剛桂香美玲海玉兰蘭红紅春梅志俊宇浩天"
)
_MAGIC = (
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROL = bytes(set(range(32)) - set(b"\t\n\r\f\x1a\x1b"))


def survey(path: Path) -> FileFacts:
    """Read a file once: digest, line ends, whether it is UTF-8 throughout, samples.

    Raises ``InputError`` where the file is missing, unreadable or empty.
    """
    digest = hashlib.sha256()
    decoder = codecs.getincrementaldecoder("utf-8")()
    feeds = returns = size = 0
    utf8 = True
    sample = odd = b""
    try:
        with path.open("rb") as file:
            while block := file.read(BLOCK):
                digest.update(block)
                size += len(block)
                feeds += block.count(b"\n")
                returns += block.count(b"\r")
                sample = sample or block[:_SAMPLE]
                if not odd and not block.isascii():
                    odd = _around_first_odd(block)
                if utf8:
                    utf8 = _goes_on(decoder, block)
    except FileNotFoundError:
        raise InputError("file not found", where=str(path)) from None
    except IsADirectoryError:
        raise InputError("a folder", where=str(path), expected="a file") from None
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror or error})", where=str(path)) from None
    if not size or (not sample.strip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n\x1a") and size <= _SAMPLE):
        raise InputError("the file is empty", where=str(path), expected="a table")
    return FileFacts(
        path=path,
        size=size,
        digest=digest.hexdigest(),
        line_ends=feeds or returns,
        utf8=utf8,
        sample=sample,
        odd_sample=odd,
    )


def choose_encoding(facts: FileFacts, encoding: str, header_words: frozenset[str]) -> str:
    """The Python name of the encoding; a given one is checked and taken.

    Raises ``InputError`` for an unknown name and for a file that is no text.
    """
    where = str(facts.path)
    for magic, what in _MAGIC:
        if facts.sample.startswith(magic):
            raise InputError(f"{what}, not a table", where=where, expected="CSV, TSV, JSON lines, XLSX, XLS or Parquet")
    for bom, name in _BOMS:
        if facts.sample.startswith(bom):
            if encoding and _same_family(encoding, name):
                return name
            if not encoding:
                return name
    if encoding:
        return _known_codec(encoding, where)
    if wide := _utf16_without_mark(facts.sample):
        return wide
    if _is_binary(facts.sample):
        raise InputError("the file is binary, not text", where=where, expected="a table in text, or XLSX, XLS, Parquet")
    if facts.utf8 or _nearly_utf8(facts):
        return "utf-8"
    return _legacy(facts, header_words)


def score_reading(text: str, header_words: frozenset[str]) -> float:
    """How ordinary a decoded sample looks, per character that is not ASCII; known header words count much.

    Ordinary Han characters +1, other Han of the first level 0.5, others -1; an accented Latin letter counts +0.6 beside
    ASCII letters and -1 elsewhere.
    """
    if not (odd := sum(not char.isascii() for char in text)):
        return 0.0
    first_level = text.encode("gb2312", "ignore").decode("gb2312") if any(map(_is_han, text)) else ""
    plain = frozenset(first_level)
    total = 0.0
    for index, char in enumerate(text):
        if char.isascii():
            continue
        if char in _ORDINARY:
            total += 1
        elif _is_han(char):
            total += 0.5 if char in plain and "\xb0" <= char.encode("gb2312").decode("latin-1")[0] <= "\xd7" else -0.2
        elif char in "，。、：；（）《》“”‘’—－·　…％＊／～":
            total += 0.3
        elif char.isalpha() and char < "\u0180":
            total += 0.6 if _beside_latin(text, index) else -1
        else:
            total -= 1
    words = {fold_header(word) for word in re.split(r"[,;|\t\r\n\"]", text[:8000]) if not word.isascii()}
    return total / odd + len(words & header_words)


def _legacy(facts: FileFacts, header_words: frozenset[str]) -> str:
    scores: dict[str, float] = {}
    for name in ("gb18030", "big5", "cp1252"):
        text = b"\n".join((facts.sample[:4096], facts.odd_sample)).decode(_codec_of(name), "replace")
        broken = text.count("\ufffd")
        odd = sum(not char.isascii() for char in text)
        if broken <= max(1, odd // 50):
            scores[name] = score_reading(text.replace("\ufffd", ""), header_words)
    if scores:
        best = max(scores, key=lambda name: scores[name])
        return _codec_of(best)
    guess = from_bytes(facts.odd_sample[:65_536]).best()
    if guess is None:
        raise InputError(
            "the encoding cannot be told", where=str(facts.path), expected="UTF-8, UTF-16, GB18030, Big5 or cp1252"
        )
    return guess.encoding


def _codec_of(name: str) -> str:
    # Hong Kong and Taiwan files carry the Microsoft and HKSCS extensions, which Python's plain "big5" lacks.
    return "big5hkscs" if name == "big5" else name


def _known_codec(encoding: str, where: str) -> str:
    try:
        found = codecs.lookup(encoding)
        "".encode(found.name)  # rot13, base64 and their like are no encodings of text
    except (LookupError, TypeError, ValueError):
        raise InputError(
            f"unknown encoding {encoding!r}", where=where, expected="utf-8, utf-16, gb18030, big5, cp1252 ..."
        ) from None
    return {"big5": "big5hkscs", "gb2312": "gb18030", "gbk": "gb18030"}.get(found.name, found.name)


def _same_family(given: str, found: str) -> bool:
    return given.casefold().replace("_", "-").startswith(found[:5]) or given.casefold() == found.replace("-", "")


def _goes_on(decoder: codecs.IncrementalDecoder, block: bytes) -> bool:
    try:
        decoder.decode(block)
    except UnicodeDecodeError:
        return False
    return True


def _around_first_odd(block: bytes) -> bytes:
    """Whole lines from the first one that is not ASCII."""
    first = next(index for index, byte in enumerate(block) if byte > 127)
    start = max(block.rfind(b"\n", 0, first), block.rfind(b"\r", 0, first)) + 1
    part = block[start : start + _SAMPLE]
    end = max(part.rfind(b"\n"), part.rfind(b"\r"))
    return part[: end + 1] if end > 0 else part


def _utf16_without_mark(sample: bytes) -> str:
    head = sample[:4096]
    pairs = len(head) // 2
    if pairs < 8:
        return ""
    for name, zeros in (("utf-16-le", head[1::2].count(0)), ("utf-16-be", head[0::2].count(0))):
        if zeros > 0.3 * pairs and head.count(0) < 1.1 * zeros:
            return name
    return ""


def _is_binary(sample: bytes) -> bool:
    controls = len(sample) - len(sample.translate(None, _CONTROL))
    return controls > 8 and controls > 0.04 * len(sample)


def _nearly_utf8(facts: FileFacts) -> bool:
    text = facts.odd_sample.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    sound = sum(not char.isascii() for char in text) - broken
    return sound > 20 * broken


def _is_han(char: str) -> bool:
    return "\u3400" <= char <= "\u9fff" or "\uf900" <= char <= "\ufaff" or char > "\U0001ffff"


def _beside_latin(text: str, index: int) -> bool:
    around = text[max(0, index - 1) : index] + text[index + 1 : index + 2]
    return any(char.isascii() and char.isalpha() for char in around)
