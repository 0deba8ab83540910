"""Read the weapon names of the reported-attack table: strike weapon or not, which class, which parts of a bundle.

The table spells a model as the Ukrainian Air Force does ("X-101/X-555" for Kh-101/Kh-555) and joins models that were
not counted apart by " and ". Nothing here is a figure; it is only how names are sorted.
"""

from __future__ import annotations

import re
from functools import cache

# Rows of these report kills only (launched = destroyed), or are not counted as strike weapons.
_NOT_STRIKE = re.compile(
    r"unknown uav|reconnaissance|lancet|molniya|zala|orlan|supercam|merlin|\borion|mohajer|forpost|eleron|granat"
    r"|\bkub\b|skat\b|takhion|privet|привет|фенікс|phoenix|картограф|cartograph|\bbomb|\bgbu",
    re.IGNORECASE,
)
# The first pattern that is found gives the class: the words of `catalogue.classes.ThreatClass`.
_CLASSES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("drone", r"shahed|geran|gerbera|italmas|parod|harpy"),
        ("cruise", r"x-?101|x-?55|kalibr|x-?59|x-?69|x-?35|iskander-k|banderol|9m72[89]|r-?500"),
        ("anti_radiation", r"x-?31|x-?58"),
        ("supersonic", r"x-?22|x-?32|oniks"),
        ("hypersonic", r"kinzhal|zircon"),
        ("intercontinental", r"intercontinental|oreshnik|oreshnyk|rubezh|yars"),
        ("ballistic", r"iskander-m|kn-?23|c-?[34]00|s-?[34]00|tochka|iskander"),
    )
)
UNCLASSIFIED = "unclassified"
_LOOKALIKE = str.maketrans("\u0445\u0441\u0430\u0435\u043e", "xcaeo")  # Cyrillic letters that look like Latin ones


@cache
def is_strike(model: str) -> bool:
    """Tell whether rows of this model count as strike weapons.

    Parameters
    ----------
    model : str, as the table spells it; a bundle with one excluded part is excluded as a whole
    """
    return _NOT_STRIKE.search(model) is None


@cache
def parts(model: str) -> tuple[str, ...]:
    """Return the models that a bundled row joins by " and "; a plain model is its own only part."""
    return tuple(part.strip() for part in model.split(" and "))


@cache
def threat_class(model: str) -> str:
    """Return the threat class of a model, or "unclassified" (unknown name, or a bundle across classes).

    Parameters
    ----------
    model : str, as the table spells it; Cyrillic look-alikes and "Kh-" are read like "X-"
    """
    found = {_class_of_part(part) for part in parts(model)}
    return found.pop() if len(found) == 1 else UNCLASSIFIED


def _class_of_part(part: str) -> str:
    name = part.lower().translate(_LOOKALIKE).replace("kh-", "x-")
    return next((kind for kind, pattern in _CLASSES if pattern.search(name)), UNCLASSIFIED)


@cache
def sharing_group(model: str) -> str:
    """Return the group of models that lend each other information: drone, cruise, fast or unclassified.

    Ballistic, supersonic, hypersonic, anti-radiation and intercontinental weapons are few; they share one group.
    A bundle whose parts lie in one group belongs to it.
    """
    groups = {_GROUP.get(_class_of_part(part), UNCLASSIFIED) for part in parts(model)}
    return groups.pop() if len(groups) == 1 else UNCLASSIFIED


_GROUP = {
    "drone": "drone",
    "cruise": "cruise",
    "ballistic": "fast",
    "supersonic": "fast",
    "hypersonic": "fast",
    "anti_radiation": "fast",
    "intercontinental": "fast",
}


@cache
def names_of(model: str) -> frozenset[str]:
    """Return the names that a model of the table goes by in the catalogue: "X-101/X-555" is kh-101 and kh-555.

    Parameters
    ----------
    model : str, as the table spells it; a bundle has the names of all its parts
    """
    words: set[str] = set()
    for part in parts(model):
        name = part.lower().translate(_LOOKALIKE).replace("x-", "kh-")
        words |= {name, *name.split("/"), *name.split()}
        first, _, second = name.partition("/")
        if second.isdigit():  # "shahed-136/131"
            words.add(f"{first.rpartition('-')[0]}-{second}")
    return frozenset(words)
