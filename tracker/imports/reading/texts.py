"""Texts of an XLSX, exactly as they were typed."""

import re

from tracker.imports.reading.package import children, local

ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


def shared_texts(growing):
    """{number as cells write it: text}. Looked up as it stands, a number from nowhere is found nowhere."""
    texts = []
    for root in growing:
        complete = root[:-1]
        texts.extend(plain_text(item) for item in complete)
        del root[: len(complete)]
    texts.extend(plain_text(item) for item in root)
    return {str(number): text for number, text in enumerate(texts)}


def plain_text(item):
    """The text of an <si> or <is>, without its phonetic guides; None where there is nothing to see."""
    pieces = []
    for child in item:
        name = local(child.tag)
        if name == "t":
            pieces.append(child.text or "")
        elif name == "r":
            pieces.extend(each.text or "" for each in children(child, "t"))
    return visible("".join(pieces))


def visible(text):
    if text and "_x" in text:
        text = ESCAPED.sub(unescaped, text)
    return text if text and text.strip() else None


def unescaped(match):
    """_x000D_ is how a carriage return is stored. What is no character of a text stays so: half a pair, or a NUL."""
    number = int(match[1], 16)
    return match[0] if number == 0 or 0xD800 <= number < 0xE000 else chr(number)
