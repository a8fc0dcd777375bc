"""The history of one record: who changed what, when and why. It is read, never edited or brought back."""

import itertools

from django.contrib.admin.utils import unquote
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.db.models import Q
from django.http import Http404
from django.utils.text import capfirst
from simple_history.admin import SimpleHistoryAdmin

from tracker import timeline
from tracker.models.scope import workable


class RecordHistoryView(SimpleHistoryAdmin):
    object_history_template = "admin/record_history.html"
    history_list_per_page = 50

    def get_urls(self):
        """Without simple_history's page of one version: it is a form."""
        return super(SimpleHistoryAdmin, self).get_urls()

    def history_view(self, request, object_id, extra_context=None):
        """The way back from the history keeps the filters of the list."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        try:
            key = self.opts.pk.to_python(unquote(object_id))
        except ValidationError:
            raise Http404 from None
        record = self.get_queryset(request).filter(pk=key).first()
        if record is None and not self.was_worked_with(request.user, key):
            raise Http404
        context = {
            "preserved_filters": self.get_preserved_filters(request),
            "name": name_of(record or self.last_entry(key).instance),
            "is_deleted": record is None,
        }
        return super().history_view(request, object_id, context | (extra_context or {}))

    def was_worked_with(self, user, key) -> bool:
        """Whether the row is deleted, and belonged to an OPD that this person works with."""
        if self.model._base_manager.filter(pk=key).exists():
            return False
        entry = self.last_entry(key)
        return entry is not None and was_within_reach(user, entry, getattr(self.model, "opd_path", ""))

    def last_entry(self, key):
        return self.model.history.filter(id=key).first()

    def history_view_title(self, request, obj):
        return f"Riwayat: {name_of(obj)}"

    def get_history_queryset(self, request, history_manager, pk_name, object_id):
        """With what the names of related records need in turn: a village is named with its kecamatan."""
        rows = super().get_history_queryset(request, history_manager, pk_name, object_id)
        names = [
            f"{field.name}__{other.name}"
            for field in self.model.history.model.tracked_fields
            if field.many_to_one
            for other in field.related_model._meta.fields
            if other.many_to_one and not other.null
        ]
        return rows.select_related(*names) if names else rows

    def set_history_delta_changes(self, request, historical_records, foreign_keys_are_objs=True):
        rows = list(historical_records)
        if not rows:
            return
        oldest = rows[-1]
        before = self.get_history_queryset(request, self.model.history, "id", oldest.id).filter(
            Q(history_date__lt=oldest.history_date)
            | Q(history_date=oldest.history_date, history_id__lt=oldest.history_id)
        )
        rows_and_older = [*rows, before.first()]
        chosen = timeline.Chosen(filter(None, rows_and_older))
        for row, older in itertools.pairwise(rows_and_older):
            row.entry = timeline.entry_of(row, older, timeline.VERBS[row.history_type], chosen)


def was_within_reach(user, entry, path: str) -> bool:
    """Whether this person works with the OPD of a history entry: through the parents it had, as they are or last were.

    Without a path the record belongs to no OPD.
    """
    # The key of a history row is not the key of the record.
    path = "id" if path == "pk" else path
    if not path or entry.instance_type.history.filter(pk=entry.pk).filter(workable(user, opd_path=path)).exists():
        return True
    parent, _, rest = path.partition("__")
    if not rest:
        return False
    model, key = entry._meta.get_field(parent).related_model, getattr(entry, f"{parent}_id")
    last = None if model._base_manager.filter(pk=key).exists() else model.history.filter(id=key).first()
    return last is not None and was_within_reach(user, last, rest)


def name_of(record) -> str:
    """What a record calls itself, unless the records it is named after are gone."""
    try:
        return str(record)
    except ObjectDoesNotExist:
        return f"{capfirst(record._meta.verbose_name)} yang sudah dihapus"
