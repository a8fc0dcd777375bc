"""What all tables of the API have in common: a list in pages or as a file, and one row by its key."""

from collections.abc import Iterator

from django.db.models import F, QuerySet
from rest_framework.exceptions import NotFound
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from tracker.api import asking
from tracker.api.asking import FORMAT, PAGING
from tracker.api.caching import unless_unchanged
from tracker.exports import machine_csv_response
from tracker.tables import ROWS_AT_ONCE, in_chunks


class Readable(ViewSet):
    """A subclass says which rows there are, and what may be asked of them."""

    record: type  # of a row of the list
    detail_record = None  # of one row by itself, where it says more
    parameters = ()  # of the list, beside order, paging and format
    detail_parameters = ()
    shows_drafts = False  # whether an answer depends on the rights of who asks
    orders: dict  # word of the address -> field of the queryset, or function of a row; the first is the usual one
    stable = ("pk",)  # what orders equal rows of a queryset, so that pages never overlap
    lookup_url_kwarg = "key"
    http_method_names = ["get", "head"]

    @classmethod
    def list_parameters(cls) -> tuple:
        return (*cls.parameters, asking.ordering(cls.orders), *PAGING, FORMAT)

    @unless_unchanged
    def list(self, request):
        asking.refuse_unknown(request, self.list_parameters())
        rows = self.ordered(self.rows())
        if request.accepted_renderer.format == "csv":
            return self.file(map(self.loaded, chunks_of(rows)), self.basename)
        page = asking.page_of(request, rows, rows.count() if isinstance(rows, QuerySet) else len(rows))
        record = self.record()
        page["results"] = [record.to_representation(row) for row in self.loaded(page["results"])]
        return Response(page)

    @unless_unchanged
    def retrieve(self, request, key):
        asking.refuse_unknown(request, (*self.detail_parameters, FORMAT))
        found = self.row(key)
        if found is None:
            raise NotFound
        if request.accepted_renderer.format == "csv":
            return self.file([[found]], f"{self.basename}-{key}")
        return Response((self.detail_record or self.record)().to_representation(found))

    def rows(self):
        """A queryset, or a list, of everything that the address asks for and this person may see."""
        raise NotImplementedError

    def row(self, key):
        """One row with what its record needs, by its key; None where there is none that this person may see."""
        raise NotImplementedError

    def loaded(self, rows) -> list:
        """Some of the rows with what their record needs."""
        return list(rows)

    def ordered(self, rows):
        word = asking.word_of(self.request, asking.ordering(self.orders), next(iter(self.orders)))
        by, is_descending = self.orders[word.removeprefix("-")], word.startswith("-")
        if callable(by):
            return in_order(rows, by, is_descending=is_descending)
        order = F(by).desc(nulls_last=True) if is_descending else F(by).asc(nulls_last=True)
        return rows.order_by(order, *self.stable)

    def file(self, chunks, name):
        record = self.record()
        lines = (record.line(row) for chunk in chunks for row in chunk)
        return machine_csv_response(record.titles, lines, f"pantau-{name}")


def in_order(rows, by, *, is_descending) -> list:
    """Sorted by a value of each row, those without one last; equal rows stay as they were."""
    known = [row for row in rows if by(row) is not None]
    return sorted(known, key=by, reverse=is_descending) + [row for row in rows if by(row) is None]


def chunks_of(rows) -> Iterator[list]:
    if isinstance(rows, QuerySet):
        yield from in_chunks(rows)
    else:
        for start in range(0, len(rows), ROWS_AT_ONCE):
            yield rows[start : start + ROWS_AT_ONCE]
