"""Whether a number keeps its country's own rules, by python-stdnum: evidence for people, never a filter.

Chinese citizen numbers are judged in ``chinese_numbers`` (python-stdnum ties region codes to years and so rejects
numbers of abolished regions). Many lists call any personal number a national id, so that "not valid" says little.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Any

# Country -> module of python-stdnum with the personal number that the country issues.
_PERSONAL = {
    "AR": "ar.dni",
    "BE": "be.nn",
    "BG": "bg.egn",
    "BR": "br.cpf",
    "CH": "ch.ssn",
    "CL": "cl.rut",
    "CU": "cu.ni",
    "CZ": "cz.rc",
    "DK": "dk.cpr",
    "DO": "do.cedula",
    "EC": "ec.ci",
    "EE": "ee.ik",
    "ES": "es.dni",
    "FI": "fi.hetu",
    "FR": "fr.nir",
    "HR": "hr.oib",
    "ID": "id.nik",
    "IL": "il.idnr",
    "IN": "in_.aadhaar",
    "IS": "is_.kennitala",
    "IT": "it.codicefiscale",
    "KR": "kr.rrn",
    "LT": "lt.asmens",
    "MX": "mx.curp",
    "MY": "my.nric",
    "NL": "nl.bsn",
    "NO": "no.fodselsnummer",
    "PE": "pe.cui",
    "PK": "pk.cnic",
    "PL": "pl.pesel",
    "PT": "pt.cc",
    "RO": "ro.cnp",
    "SE": "se.personnummer",
    "SI": "si.emso",
    "SK": "sk.rc",
    "TH": "th.pin",
    "TR": "tr.tckimlik",
    "ZA": "za.idnr",
}
_SOCIAL = {"US": "us.ssn", "CA": "ca.sin", "FR": "fr.nir", "CH": "ch.ssn", "BE": "be.nn", "NL": "nl.bsn"}
_TAX = {"US": "us.tin", "DE": "de.idnr", "UA": "ua.rntrc", "BR": "br.cpf", "IT": "it.codicefiscale", "PT": "pt.nif"}


@cache
def _module(family: str, country: str) -> Any:
    """The module that knows the numbers of a family and country, or None."""
    table = {"national-id": _PERSONAL, "social-security": _SOCIAL, "tax": _TAX}.get(family)
    if table is None:
        return None
    from stdnum import get_cc_module

    if country in table:
        return import_module(f"stdnum.{table[country]}")
    return get_cc_module(country, "tin") or get_cc_module(country, "vat") if family == "tax" and country else None


def has_rules(family: str, country: str) -> bool:
    """Whether numbers of a family and country have a rule that ``keeps_rules`` knows."""
    return _module(family, country) is not None


def keeps_rules(number: str, family: str, country: str) -> bool | None:
    """Whether the number is valid by its country's rules; None where no rule is known or positions are hidden.

    >>> keeps_rules("44051401359", "national-id", "PL"), keeps_rules("44051401358", "national-id", "PL")
    (True, False)
    >>> keeps_rules("C1234K77", "passport", "GB") is None
    True
    """
    if "?" in number or not number:
        return None
    module = _module(family, country)
    if module is None:
        return None
    from stdnum.exceptions import ValidationError

    try:
        module.validate(number)
    except ValidationError:
        return False
    except (ValueError, IndexError, KeyError, TypeError):  # a rule that did not expect such a text
        return False
    return True
