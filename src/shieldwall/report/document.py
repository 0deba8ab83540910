"""What a document is made of, whatever it is written in: sections of text, tables, figures, lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph of plain words."""

    words: str


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of words under a head; the first `left` columns are words, the others numbers. `small` for annexes."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    left: int = 1
    small: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A figure with its caption; `key` names it in the page, `wide` gives it the whole width."""

    key: str
    figure: Figure
    caption: str
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a list; `address` of a web page, or empty."""

    words: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: Sequence[Item]
    small: bool = False


@dataclass(frozen=True, slots=True)
class Code:
    """Lines to type or to read by machine."""

    text: str


Block = Text | Table | Picture | Items | Code


@dataclass(frozen=True, slots=True)
class Section:
    """A titled part; `box` sets it apart from the rest, `folded` is long and shown when asked for, where that works."""

    title: str
    blocks: Sequence[Block]
    box: bool = False
    folded: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document: the first section is the summary and stands on a page of its own with the key numbers."""

    title: str
    subtitle: str
    numbers: Sequence[tuple[str, str]]
    sections: Sequence[Section]
    foot: str
