"""Numbers of an XLSX that are more than numbers: only their format tells a percentage or a day."""

import datetime
import math
import re

from tracker.imports.reading.package import children

PERCENT, MOMENT = "percent", "moment"
LONGEST_CODE = 255  # as in Excel
BUILT_IN = {
    **dict.fromkeys((9, 10), PERCENT),
    **dict.fromkeys((*range(14, 23), *range(27, 37), 45, 46, 47, *range(50, 59)), MOMENT),
}
# Words in quotes, single signs, colours and currencies. [h], [m] and [s] count hours, minutes and seconds.
NOT_SHAPE = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]|AM/PM|A/P|General', re.IGNORECASE)


def special_looks(styles):
    """{style as cells write it: look}, for the styles that have one."""
    looks = dict(BUILT_IN)
    for group in children(styles, "numFmts"):
        looks.update({int(each.get("numFmtId")): look_of(each.get("formatCode", "")[:LONGEST_CODE]) for each in group})
    formats = [int(style.get("numFmtId", "0")) for group in children(styles, "cellXfs") for style in group]
    return {str(number): looks[code] for number, code in enumerate(formats) if looks.get(code)}


def look_of(code):
    shape = NOT_SHAPE.sub("", code).partition(";")[0].lower()
    if "%" in shape:
        return PERCENT
    return MOMENT if set(shape) & set("dmyhs") else None


def number(text):
    """A number with the 15 digits that Excel keeps; a whole one is an int."""
    if text.isdigit() and len(text) < 20:
        return int(text)
    if "_" in text:
        raise ValueError(text)
    value = float(text)
    if not math.isfinite(value):
        return {"e": "#NUM!"}
    value = float(f"{value:.15g}")
    return int(value) if value.is_integer() and abs(value) < 1e20 else value


def seen(value, look, starts_1904):
    """A number as the sheet shows it. A time is on day 0. Days out of range, shown as ####, stay numbers."""
    if look == PERCENT:
        return {"p": value}
    days, seconds = divmod(round(value * 86_400), 86_400)
    if days < 0 or days > 2_958_465:
        return value
    try:
        return moment(first_day(days, starts_1904) + datetime.timedelta(days, seconds))
    except OverflowError:
        return value


def first_day(days, starts_1904):
    """Excel counts a 29 February 1900 that never was."""
    if starts_1904:
        return datetime.datetime(1904, 1, 1)
    return datetime.datetime(1899, 12, 31 if days < 60 else 30)


def moment(value):
    if value.time() == datetime.time.min:
        return {"d": value.date().isoformat()}
    return {"t": value.isoformat()}
