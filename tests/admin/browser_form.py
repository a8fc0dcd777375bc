"""What a browser would send back: the fields of the admin form on a page, as they stand, disabled ones left out."""

from html.parser import HTMLParser


class _Fields(HTMLParser):
    def __init__(self):
        super().__init__()
        self.data = {}
        self.in_form = False
        self.select = self.textarea = None

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "form":
            self.in_form = attrs.get("id", "").endswith("_form") or attrs.get("id") == "changelist-form"
        name = attrs.get("name")
        if not self.in_form or "disabled" in attrs:
            return
        if tag == "input" and name and attrs.get("type") not in ("submit", "checkbox"):
            self.data[name] = attrs.get("value", "")
        elif tag == "input" and name and "checked" in attrs:
            self.data[name] = attrs.get("value", "on")
        elif tag == "textarea":
            self.textarea, self.data[name] = name, ""
        elif tag == "select":
            self.select, self.takes_many = name, "multiple" in attrs
        elif tag == "option" and self.select:
            self._option(attrs["value"], "selected" in attrs)

    def _option(self, value, is_selected):
        if self.takes_many:
            if is_selected:
                self.data.setdefault(self.select, []).append(value)
        elif is_selected or self.select not in self.data:
            self.data[self.select] = value

    def handle_endtag(self, tag):
        if tag == "select":
            self.select = None
        elif tag == "textarea":
            self.textarea = None
        elif tag == "form":
            self.in_form = False

    def handle_data(self, data):
        if self.textarea:
            self.data[self.textarea] += data.removeprefix("\n")


def sent_by(response, **changes):
    """The fields of the form with `changes`; template rows for new entries are empty, as a browser sends them."""
    parser = _Fields()
    parser.feed(response.content.decode())
    return parser.data | changes
