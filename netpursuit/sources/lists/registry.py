"""Every format of lists that the program reads, and which one some files are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from netpursuit.errors import InputError
from netpursuit.ports.readers import ListReader
from netpursuit.sources.lists.bis import BisReader
from netpursuit.sources.lists.canada import CanadaReader
from netpursuit.sources.lists.eu import EuCsvReader, EuXmlReader
from netpursuit.sources.lists.fbi import FbiReader
from netpursuit.sources.lists.ftm import FtmReader
from netpursuit.sources.lists.mapped import MappedReader
from netpursuit.sources.lists.mapping import load_mapping
from netpursuit.sources.lists.ofac_advanced import OfacAdvancedReader
from netpursuit.sources.lists.ofac_legacy import OfacLegacyReader
from netpursuit.sources.lists.ofac_xml import OfacXmlReader
from netpursuit.sources.lists.published_files import checked_head
from netpursuit.sources.lists.uk_conlist import UkConlistReader
from netpursuit.sources.lists.uk_list import UkSanctionsListCsvReader, UkSanctionsListXmlReader
from netpursuit.sources.lists.un import UnReader

READERS: tuple[ListReader, ...] = (
    OfacLegacyReader(),
    OfacXmlReader(),
    OfacAdvancedReader(),
    UnReader(),
    UkConlistReader(),
    UkSanctionsListCsvReader(),
    UkSanctionsListXmlReader(),
    EuCsvReader(),
    EuXmlReader(),
    CanadaReader(),
    FbiReader(),
    BisReader(),
    FtmReader(),
)
FORMATS = (*(reader.format for reader in READERS), MappedReader.format)
_SYSTEM_FILES = frozenset({"thumbs.db", "desktop.ini"})


def expand(paths: Iterable[Path]) -> tuple[Path, ...]:
    """The files of a list: folders give the files directly in them by name, without hidden and mapping files.

    Raises ``InputError`` for a path that does not exist, an empty folder, and where no path is given.
    """
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(item for item in path.iterdir() if item.is_file() and not _is_system_file(item))
            if not inside:
                raise InputError("the folder holds no file", where=str(path), expected="the files of one list")
            files += inside
        elif path.is_file():
            files.append(path)
        else:
            raise InputError("file not found", where=str(path), expected="a file or folder of one list")
    if not files:
        raise InputError("no file", expected="a file or folder of one list")
    return tuple(dict.fromkeys(files))


def find_reader(
    paths: Sequence[Path],
    format: str = "",  # noqa: A002 - the word of the command line
    mapping: Path | None = None,
) -> ListReader:
    """The reader of a format, of a mapping file, or of whatever the files' content says they are.

    Raises ``InputError`` for an unknown format, for files of none or of several formats, for missing, empty and binary
    files; and what ``load_mapping`` raises.
    """
    if mapping is not None:
        if format and format != MappedReader.format:
            raise InputError(f"format {format!r} with a mapping", expected=f"no format, or {MappedReader.format!r}")
        return MappedReader(load_mapping(mapping))
    if format == MappedReader.format:
        raise InputError(f"format {format!r} without a mapping", expected="--mapping FILE")
    if format:
        for reader in READERS:
            if reader.format == format:
                return reader
        raise InputError(f"unknown format {format!r}", expected=f"one of {', '.join(FORMATS)}")
    known = f"one of {', '.join(FORMATS)} (other tables with --mapping FILE)"
    for path in paths:
        checked_head(path, known)
    found = [reader for reader in READERS if reader.recognises(paths)]
    names = ", ".join(path.name for path in paths)
    if not found:
        raise InputError("the files are of no known format, or not all of one", where=names, expected=known)
    if len(found) > 1:
        formats = ", ".join(reader.format for reader in found)
        raise InputError(f"the files may be of several formats: {formats}", where=names, expected="--format")
    return found[0]


def _is_system_file(path: Path) -> bool:
    name = path.name.casefold()
    return name.startswith((".", "~$")) or name.endswith(".toml") or name in _SYSTEM_FILES
