"""Thousands of records written with their history, in a moment.

Whoever writes holds everybody else up. So each of these is prepared before the transaction, and inside it `write`
sends all rows with one statement, as JSON that the database unpacks. The rules of a form are not asked here.
"""

import datetime
import json
from decimal import Decimal

from django.db import connection, transaction
from django.utils import timezone


class Outdated(Exception):
    """Somebody else saved or removed one of the records meanwhile: look at them anew."""


class Updates:
    """Changed records, each with the version it was read with; `names` are the fields that any of them changed."""

    def __init__(self, model, records, names):
        self.records = list(records)
        fields = [model._meta.get_field(name) for name in names]
        changes = [*(f"{column} = new.{column}" for column in columns_of(fields)), "version = old.version + 1"]
        fields += [model._meta.get_field(name) for name in ("id", "version")]
        self.statement = (
            f"UPDATE {table(model)} AS old SET {listed(changes)} FROM {unpacked(model, fields)} "
            "WHERE old.id = new.id AND old.version = new.version"
        )
        self.rows = packed(rows_of(self.records, fields))
        self.history = History(model, "~")

    @transaction.atomic
    def write(self, *, user, source):
        write_all(self.statement, [self.rows], len(self.records))
        self.history.write(self.records, user=user, source=source)
        for record in self.records:
            record.version += 1


class Inserts:
    """New records, which get their keys when written; `key` names the fields by which one is told from another.

    Fields named in `late` are read again then: a number that a counter gives, or another new record.
    """

    def __init__(self, model, records, key, *, late=()):
        self.records = list(records)
        for record in self.records:
            record.version = 1
        fields = [field for field in model._meta.concrete_fields if not field.primary_key]
        self.key = [model._meta.get_field(name) for name in key]
        self.late = [model._meta.get_field(name) for name in late]
        columns = listed(columns_of(fields))
        self.statement = (
            f"INSERT INTO {table(model)} ({columns}) SELECT {columns} FROM {unpacked(model, fields)} "
            f"RETURNING id, {listed(columns_of(self.key))}"
        )
        self.rows = rows_of(self.records, fields)
        self.history = History(model, "+")

    @transaction.atomic
    def write(self, *, user, source):
        self._link()
        rows = [row | late for row, late in zip(self.rows, rows_of(self.records, self.late), strict=True)]
        with connection.cursor() as cursor:
            cursor.execute(self.statement, [packed(rows)])
            given = {tuple(key): pk for pk, *key in cursor.fetchall()}
        for record in self.records:
            record.pk = given[tuple(getattr(record, field.attname) for field in self.key)]
        self.history.write(self.records, user=user, source=source)

    def _link(self):
        """Take over the keys that other records were given since."""
        for name, attname in [(field.name, field.attname) for field in self.late if field.is_relation]:
            for record in self.records:
                setattr(record, attname, getattr(record, name).pk)


class Deletions:
    """Records to remove, each with the version it was read with."""

    def __init__(self, model, records):
        self.records = list(records)
        fields = [model._meta.get_field(name) for name in ("id", "version")]
        self.statement = (
            f"DELETE FROM {table(model)} WHERE (id, version) IN (SELECT id, version FROM {unpacked(model, fields)})"
        )
        self.rows = packed(rows_of(self.records, fields))
        self.history = History(model, "-")

    @transaction.atomic
    def write(self, *, user, source):
        self.history.write(self.records, user=user, source=source)
        write_all(self.statement, [self.rows], len(self.records))


class History:
    """Entries copied from the rows as the database holds them, so that the two never differ."""

    TOLD = ("history_date", "history_type", "history_user", "history_user_name", "history_source")

    def __init__(self, model, kind):
        self.entry, self.kind = model.history.model, kind
        if self.entry._history_m2m_fields:
            raise TypeError(f"The history of {model.__name__} keeps relations, which cannot be copied from its row.")
        self.told = [self.entry._meta.get_field(name) for name in self.TOLD]
        fields = [self.entry._meta.get_field(name) for name in ("id", "history_change_reason")]
        copied = columns_of(self.entry.tracked_fields)
        columns = [*copied, *columns_of(self.told), "history_change_reason"]
        values = [*(f"old.{column}" for column in copied), *("%s" for _ in self.told), "new.history_change_reason"]
        self.statement = (
            f"INSERT INTO {table(self.entry)} ({listed(columns)}) SELECT {listed(values)} "
            f"FROM {table(model)} AS old JOIN {unpacked(self.entry, fields)} ON old.id = new.id"
        )

    def write(self, records, *, user, source):
        moment = timezone.now()
        entry = self.entry(history_date=moment, history_type=self.kind, history_user=user, history_source=source)
        entry.keep_name()
        told = [prepared(entry, field) for field in self.told]
        rows = [
            {"id": record.pk, "history_change_reason": getattr(record, "_change_reason", None) or None}
            for record in records
        ]
        write_all(self.statement, [*told, packed(rows)], len(records))


def write_all(statement, parameters, count):
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        if cursor.rowcount != count:
            raise Outdated


def unpacked(model, fields) -> str:
    """The rows in a parameter as a table `new`, with the columns of these fields."""
    if connection.vendor == "postgresql":
        return f"json_populate_recordset(NULL::{table(model)}, %s) AS new"
    columns = [f"json_extract(value, '$.{field.column}') AS {field.column}" for field in fields]
    return f"(SELECT {listed(columns)} FROM json_each(%s)) AS new"


def packed(rows) -> str:
    return json.dumps(rows, ensure_ascii=False)


def rows_of(records, fields) -> list[dict]:
    return [{field.column: as_json(prepared(record, field)) for field in fields} for record in records]


def as_json(value):
    return str(value) if isinstance(value, Decimal | datetime.date) else value


def prepared(record, field):
    return field.get_db_prep_save(getattr(record, field.attname), connection)


def table(model) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def columns_of(fields) -> list[str]:
    return [connection.ops.quote_name(field.column) for field in fields]


def listed(words) -> str:
    return ", ".join(words)
