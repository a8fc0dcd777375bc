"""The base of every record that people edit: a version, a history, and what no text may hold."""

import re
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection, models
from simple_history.manager import HistoricalQuerySet
from simple_history.models import HistoricalRecords
from simple_history.utils import bulk_create_with_history

from tracker import formats

# Sixteen digits, bare or in the groups in which identity cards (NIK) and family cards (KK) print them.
IDENTITY_NUMBER = re.compile(
    r"(?<!\d)(?:\d{16}|(?!(?:(?:19|20)\d\d\D){3})\d{4}([ .-])\d{4}\1\d{4}\1\d{4}|\d{6}([ .-])\d{6}\2\d{4})(?!\d)",
    re.ASCII,
)
IDENTITY_NUMBER_MESSAGE = (
    "Isian ini memuat 16 angka berurutan seperti NIK atau nomor KK. "
    "Data pribadi penerima tidak boleh dicatat di sini; tulis jumlah atau tempatnya saja."
)

# They cannot be seen, and spreadsheets do not open files with them. Newlines and tabs are ordinary.
INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
INVISIBLE_MESSAGE = (
    "Isian ini memuat karakter yang tidak terlihat, biasanya terbawa saat menyalin dari berkas lain. "
    "Hapus isian ini, lalu ketik kembali."
)
SECRETARIAT_ONLY = (
    "Hanya Sekretariat TKPK yang dapat mengubah isian ini, karena sudah ada laporan yang diverifikasi atau dikunci. "
    "Sampaikan usulan perubahannya kepada Sekretariat."
)
# The entry in forms and sheets that says why something is changed.
REASON = "history_change_reason"


def refuse_hidden_or_private(text: str):
    """Raise ValidationError where a text holds characters nobody sees, or a number of an identity card."""
    for rule, message in ((INVISIBLE, INVISIBLE_MESSAGE), (IDENTITY_NUMBER, IDENTITY_NUMBER_MESSAGE)):
        if rule.search(text):
            raise ValidationError(message)


# Room for the name of a file that was imported.
MOST_SOURCE = 300


_source = ContextVar("source", default="")


@contextmanager
def written_from(source: str):
    """Whatever is saved inside comes from this file, and its history entries say so."""
    token = _source.set(source[:MOST_SOURCE])
    try:
        yield
    finally:
        _source.reset(token)


class HistoryIsFinal(TypeError):
    """Somebody asks to change what has happened."""

    def __init__(self):
        super().__init__("Riwayat tidak dapat diubah atau dihapus: catat perubahan baru pada datanya.")


class Kept:
    """Rows that are added and never changed or deleted."""

    def update(self, **kwargs):
        raise HistoryIsFinal

    def delete(self):
        raise HistoryIsFinal

    update.alters_data = delete.alters_data = True
    delete.queryset_only = True

    def erase(self):
        """Remove these rows for good. Only for the history of sample data, which never happened."""
        return self.order_by()._raw_delete(self.db)

    erase.alters_data = erase.queryset_only = True


class KeptQuerySet(Kept, models.QuerySet):
    pass


class EntryQuerySet(Kept, HistoricalQuerySet):
    def bulk_create(self, objs, *args, **kwargs):
        """simple_history writes many entries in this way, and then does not save each of them."""
        entries = list(objs)
        for entry in entries:
            entry.keep_name()
        return super().bulk_create(entries, *args, **kwargs)


class KeptRow(models.Model):
    objects = KeptQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, **kwargs):
        """Always a new row, also when somebody hands in the key of an old one."""
        if not self._state.adding:
            raise HistoryIsFinal
        super().save(**kwargs | {"force_insert": True})

    def delete(self, **kwargs):
        raise HistoryIsFinal


class HistoryEntry(KeptRow):
    """What every history row keeps beside the record: the user's name, which outlives the account, and its file."""

    history_user_name = models.CharField("nama pengguna", max_length=150, blank=True)
    history_source = models.CharField("berkas", max_length=MOST_SOURCE, blank=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        abstract = True

    def keep_name(self):
        if self.history_user and not self.history_user_name:
            self.history_user_name = self.history_user.get_username()
        self.history_source = self.history_source or _source.get()

    def save(self, **kwargs):
        self.keep_name()
        super().save(**kwargs)


class RecordHistory(HistoricalRecords):
    """History of a record, without what nobody may read back."""

    NEVER_KEPT = ("password", "last_login", "digest", "last_used_at")

    def __init__(self, **kwargs):
        super().__init__(
            bases=[HistoryEntry],
            m2m_bases=[KeptRow],
            historical_queryset=EntryQuerySet,
            history_change_reason_field=models.TextField(null=True),
            **kwargs,
        )

    def fields_included(self, model):
        return [field for field in super().fields_included(model) if field.name not in self.NEVER_KEPT]


@cache
def names_of_texts(model) -> list[str]:
    """The fields in which people write words."""
    texts = (field for field in model._meta.fields if isinstance(field, models.CharField | models.TextField))
    return [field.name for field in texts if field.editable]


class Record(models.Model):
    """A row that people edit. `version` is 1 at first and rises by one with every save."""

    version = models.PositiveIntegerField("versi", default=0, editable=False)
    history = RecordHistory(inherit=True)

    # What only the Sekretariat changes, with a reason, once figures that people rely on hang on it: `is_settled`.
    GUARDED = ()

    class Meta:
        abstract = True

    def clean(self):
        super().clean()
        texts = {name: text for name in names_of_texts(type(self)) if (text := getattr(self, name))}
        rules = ((INVISIBLE, INVISIBLE_MESSAGE), (IDENTITY_NUMBER, IDENTITY_NUMBER_MESSAGE))
        errors = {name: message for rule, message in rules for name, text in texts.items() if rule.search(text)}
        if errors:
            raise ValidationError(errors)

    def save(self, *args, update_fields=None, **kwargs):
        self.version += 1
        if update_fields is not None:
            update_fields = {*update_fields, "version"}
        super().save(*args, update_fields=update_fields, **kwargs)

    def differences(self, before, names) -> list[str]:
        """Those of the fields `names` that differ from the stored row `before`."""
        attnames = {name: self._meta.get_field(name).attname for name in names}
        return [name for name, attname in attnames.items() if getattr(self, attname) != getattr(before, attname)]

    def guarded_changes(self, before) -> list[str]:
        """The guarded fields that differ from the stored row `before`; none while nothing relies on them."""
        changed = self.differences(before, self.GUARDED)
        return changed if changed and before.is_settled else []

    def reasons_asked(self, before) -> list[str]:
        """Why this change has to be explained, as clauses; `before` is the stored row, None where there is none."""
        if before is None or not (changed := self.guarded_changes(before)):
            return []
        names = formats.listed([self._meta.get_field(name).verbose_name for name in changed], most=4)
        return [f"{names} berubah, padahal sudah ada laporan yang diverifikasi atau dikunci"]

    def refusals(self, before, *, by, reason) -> dict[str, str]:
        """What this change from the stored row `before` still needs, by field: the Sekretariat, or a reason."""
        if before and not by.is_secretary and (names := self.guarded_changes(before)):
            return dict.fromkeys(names, SECRETARIAT_ONLY)
        if not reason and (clauses := self.reasons_asked(before)):
            return {REASON: f"Tulis alasannya, karena {'; '.join(clauses)}."}
        return {}


def create_many(records, *, user=None, reason=""):
    """Insert many records of one model with their history in two statements a batch; return them with keys."""
    records = list(records)
    if not records:
        return []
    for record in records:
        record.version = 1
    return bulk_create_with_history(
        records,
        type(records[0]),
        batch_size=500,
        default_user=user,
        default_change_reason=reason,
    )


def newest_entries() -> dict[type[models.Model], int]:
    """The key of the newest entry of each history; 0 where there is none. Keys of history are never used twice."""
    entries = [model for model in apps.get_models() if issubclass(model, HistoryEntry)]
    newest = ", ".join(
        f"(SELECT MAX(history_id) FROM {connection.ops.quote_name(model._meta.db_table)})" for model in entries
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {newest}")
        return {model: number or 0 for model, number in zip(entries, cursor.fetchone(), strict=True)}


def data_version() -> str:
    """A word that changes with every change of any record, in the transaction of that change."""
    return "-".join(map(str, newest_entries().values()))
