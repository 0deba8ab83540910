"""Write a document as PDF, by typst: no other program and no network is needed."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from shieldwall.core.errors import InputError, Mistake
from shieldwall.report.document import Block, Code, Document, Items, Picture, Section, Table, Text
from shieldwall.report.drawing import svg

_HEAD = """#set document(title: {title}, date: none)
#set page(paper: "a4", margin: (x: 20mm, y: 18mm), numbering: "1 / 1")
#set text(size: 10pt, lang: "en")
#set par(leading: 0.62em, spacing: 0.9em)
#show heading.where(level: 1): set text(size: 20pt)
#show heading.where(level: 2): set text(size: 12.5pt)
#show heading.where(level: 2): set block(above: 1.5em, below: 0.7em, sticky: true)
#show link: set text(fill: rgb("#00558c"))
#set table(stroke: (x, y) => (bottom: 0.4pt + rgb("#c8ced4")), inset: (x: 4pt, y: 3pt))
#show figure.caption: set text(size: 8.5pt, fill: rgb("#56606b"))
"""


def write_pdf(document: Document, path: Path) -> None:
    """Write the document to a file.

    Raises
    ------
    InputError
        If typst is not installed.
    """
    try:
        import typst  # noqa: PLC0415  a part of the extra that HTML does without
    except ImportError:
        cure = "pip install 'shieldwall[report]', or write an .html file"
        raise InputError(Mistake("", 0, 0, "a PDF needs typst, which is not installed", cure)) from None
    with tempfile.TemporaryDirectory(prefix="shieldwall-report-") as name:
        folder = Path(name)
        (folder / "report.typ").write_text(_source(document, folder), encoding="utf-8")
        typst.compile(str(folder / "report.typ"), output=str(path))


def _source(document: Document, folder: Path) -> str:
    """Return the typst source; its pictures are put into the folder."""
    grey = 'size: 8.5pt, fill: rgb("#56606b")'
    numbers = ", ".join(
        f'[#text(size: 14pt, weight: "bold")[#{_said(value)}] \\ #text({grey})[#{_said(name)}]]'
        for value, name in document.numbers
    )
    first, *others = document.sections
    parts = [
        _HEAD.format(title=_said(document.title)),
        f"#heading(level: 1, {_said(document.title)})",
        f'#text(fill: rgb("#56606b"), {_said(document.subtitle)})',
        f'#table(columns: {len(document.numbers)} * (1fr,), fill: rgb("#f5f7f9"), inset: 7pt, stroke: 2pt + white, '
        f"{numbers})",
        _section(first, folder),
        "#pagebreak()",
        *(_section(section, folder) for section in others),
        f'#v(1em)\n#text(size: 8.5pt, fill: rgb("#56606b"), {_said(document.foot)})',
    ]
    return "\n\n".join(parts) + "\n"


def _section(section: Section, folder: Path) -> str:
    inside = "\n\n".join(_block(block, folder) for block in section.blocks)
    title = f"#heading(level: 2, {_said(section.title)})"
    if section.box:
        stroke = '(left: 3pt + rgb("#d55e00"), rest: 0.5pt + rgb("#c8ced4"))'
        return f"#block(width: 100%, inset: 10pt, stroke: {stroke})[\n{title}\n{inside}\n]"
    return f"{title}\n{inside}"


def _block(block: Block, folder: Path) -> str:
    match block:
        case Text():
            return f"#par[#{_said(block.words.replace('`', ''))}]"
        case Table():
            return _table(block)
        case Picture():
            (folder / f"{block.key}.svg").write_text(
                svg(block.figure, block.key, letters_as_paths=True), encoding="utf-8"
            )
            width = "100%" if block.wide else "74%"
            return (
                f'#figure(image("{block.key}.svg", width: {width}), caption: {_said(block.caption)}, numbering: none)'
            )
        case Items():
            size = "8pt" if block.small else "10pt"
            lines = "\n".join(f"- {_item(item.words, item.address)}" for item in block.items)
            return f"#[#set text(size: {size})\n{lines}\n]"
        case Code():
            return f'#block(fill: rgb("#f5f7f9"), inset: 8pt, width: 100%, raw({_said(block.text)}, block: true))'


def _item(words: str, address: str) -> str:
    if not address.startswith(("http://", "https://")):
        return f"#{_said(words)}"
    link = f"#link({_said(address)})"
    return link if words == address else f"#{_said(words)} {link}"


def _table(table: Table) -> str:
    columns = len(table.head)
    align = ", ".join("left" if place < table.left else "right" for place in range(columns))
    widths = ", ".join(["2fr", "auto", "1fr", "3fr"]) if table.small and columns == 4 else ", ".join(["auto"] * columns)
    head = f"table.header({_cells(table.head, weight='bold')})"
    rows = ",\n".join(_cells(row) for row in table.rows)
    return (
        f"#[#set text(size: {'7pt' if table.small else '8.5pt'})\n#set par(justify: false)\n"
        f"#table(columns: ({widths}), align: ({align}), {head},\n{rows})]"
    )


def _cells(row: Sequence[str], weight: str = "regular") -> str:
    return ", ".join(f'text(weight: "{weight}", {_said(cell)})' for cell in row)


def _said(words: str) -> str:
    """Return words as a typst string, in which nothing is markup."""
    escaped = words.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", " ")
    return f'"{escaped}"'
