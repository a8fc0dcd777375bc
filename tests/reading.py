"""Reading an answer as a person does: the headline, a row of a table, where links lead, a file as Excel opens it."""

import csv
import io
import re

from django.test.html import parse_html

# What a spreadsheet would run carries an apostrophe in the file: this takes it away again.
NEUTRALISED = re.compile(r"'+[=+\-@\t\r]")


def page(response):
    """The page as a tree; HTML that is not well-formed is an error."""
    return parse_html(response.content.decode())


def elements(node, *names):
    for child in node.children:
        if not isinstance(child, str):
            if child.name in names:
                yield child
            yield from elements(child, *names)


def attributes(node) -> dict:
    return dict(node.attributes)


def words(node) -> str:
    """All text inside, with single spaces; non-breaking ones as well."""
    parts = (child if isinstance(child, str) else words(child) for child in node.children)
    return " ".join(" ".join(parts).split())


def text(response) -> str:
    return words(next(elements(page(response), "body")))


def headline(response) -> str:
    [h1] = elements(page(response), "h1")
    return words(h1)


def lead(response) -> str:
    """What stands between the headline and the figures, up to the first section."""
    [header] = [div for div in elements(page(response), "div") if attributes(div).get("class") == "headline"]
    return words(header)


def table_row(response, name) -> dict[str, str]:
    """The first table row whose heading begins with `name`: cells by the heading of their column, without its unit."""
    for table in elements(page(response), "table"):
        heads = list(elements(next(elements(table, "thead")), "th"))
        for tr in elements(table, "tr"):
            cells = list(elements(tr, "th", "td"))
            if cells and len(cells) == len(heads) and words(cells[0]).startswith(name) and cells[0] not in heads:
                titles = [next(child for child in _flat(head)) for head in heads]
                return dict(zip(titles, map(words, cells), strict=True))
    raise AssertionError(f"no table row begins with {name!r}")


def _flat(node):
    for child in node.children:
        yield from [" ".join(child.split())] if isinstance(child, str) else _flat(child)


def links(response) -> dict[str, str]:
    """The words of every link with its address as written; of links with equal words the first."""
    found = {}
    for a in elements(page(response), "a"):
        found.setdefault(words(a), attributes(a).get("href", ""))
    return found


def addresses(response) -> set[str]:
    return {attributes(a).get("href", "") for a in elements(page(response), "a")}


def content(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def csv_lines(response) -> list[list[str]]:
    """The cells of a file exactly as they are written."""
    assert response.status_code == 200
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    data = content(response).decode()
    assert data.startswith("\ufeff"), "Excel needs the byte order mark to see UTF-8"
    return list(csv.reader(io.StringIO(data.removeprefix("\ufeff"), newline=""), delimiter=";", strict=True))


def csv_rows(response) -> list[dict[str, str]]:
    """The rows of a file by column."""
    titles, *lines = csv_lines(response)
    return [dict(zip(titles, line, strict=True)) for line in lines]


def read_back(cell: str) -> str:
    """What was written into a cell of a file."""
    return cell[1:] if NEUTRALISED.match(cell) else cell
