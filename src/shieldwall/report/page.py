"""Write a document as one HTML page that needs nothing from outside and runs no script."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from pathlib import Path

from shieldwall.report.document import Block, Code, Document, Items, Picture, Section, Table, Text
from shieldwall.report.drawing import page_svg

_CSS = Path(__file__).with_name("page.css")
# The page may use its own styles and nothing else: no script, no picture, font or call from anywhere.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def page(document: Document) -> str:
    """Return the whole page."""
    numbers = "".join(f"<div><dd>{escape(value)}</dd><dt>{escape(name)}</dt></div>" for value, name in document.numbers)
    first, *others = document.sections
    return "\n".join(
        (
            "<!doctype html>",
            '<html lang="en">',
            "<head>",
            '<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
            '<meta name="color-scheme" content="light dark">',
            f"<title>{escape(document.title)}</title>",
            f"<style>\n{_CSS.read_text(encoding='utf-8')}</style>",
            "</head>",
            "<body>",
            f"<header><h1>{escape(document.title)}</h1>",
            f'<p class="subtitle">{escape(document.subtitle)}</p>',
            f'<dl class="numbers">{numbers}</dl></header>',
            "<main>",
            _section(first, "summary"),
            *(_section(section, "box" if section.box else "") for section in others),
            "</main>",
            f"<footer>{escape(document.foot)}</footer>",
            "</body>",
            "</html>",
            "",
        )
    )


def _section(section: Section, kind: str) -> str:
    name = re.sub(r"[^a-z0-9]+", "-", section.title.lower()).strip("-")
    style = f' class="{kind}"' if kind else ""
    inside = "\n".join(_block(block) for block in section.blocks)
    if section.folded:
        title = f"<summary><h2>{escape(section.title)}</h2></summary>"
        return f'<section id="{name}"{style}>\n<details>{title}\n{inside}\n</details>\n</section>'
    return f'<section id="{name}"{style}>\n<h2>{escape(section.title)}</h2>\n{inside}\n</section>'


def _block(block: Block) -> str:
    match block:
        case Text():
            return f"<p>{_words(block.words)}</p>"
        case Table():
            return _table(block)
        case Picture():
            drawn = page_svg(block.figure, block.key, block.caption)
            wide = ' class="wide"' if block.wide else ""
            return f"<figure{wide}>\n{drawn}\n<figcaption>{escape(block.caption)}</figcaption>\n</figure>"
        case Items():
            return _items(block)
        case Code():
            return f"<pre><code>{escape(block.text)}</code></pre>"


def _words(words: str) -> str:
    """Return text with what stands between backquotes as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(words)).replace(" %", "\u00a0%")


def _cells(row: Sequence[str], tag: str, left: int) -> str:
    words, number = f'<{tag} class="w">', f"<{tag}>"
    return "".join(f"{words if place < left else number}{escape(cell)}</{tag}>" for place, cell in enumerate(row))


def _table(table: Table) -> str:
    head = _cells(table.head, "th", table.left)
    rows = "\n".join(f"<tr>{_cells(row, 'td', table.left)}</tr>" for row in table.rows)
    style = ' class="small"' if table.small else ""
    return (
        f'<div class="table" tabindex="0"><table{style}>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n'
        "</table></div>"
    )


def _items(items: Items) -> str:
    style = ' class="small"' if items.small else ""
    lines = []
    for item in items.items:
        if item.address.startswith(("http://", "https://")):
            link = f'<a href="{escape(item.address)}" rel="noreferrer">{escape(item.address)}</a>'
            lines.append(f"<li>{link if item.words == item.address else f'{escape(item.words)} {link}'}</li>")
        else:
            lines.append(f"<li>{escape(item.words)}</li>")
    return f"<ul{style}>\n" + "\n".join(lines) + "\n</ul>"
