"""Reference data from readable CSV files: missing rows are added, what people changed or deleted is left alone."""

from dataclasses import dataclass, field
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import models, transaction

from tracker.data_files import DATA_DIR, DataError, Row, read_rows
from tracker.models import (
    District,
    FundingSource,
    Indicator,
    IndicatorTarget,
    IndicatorValue,
    ObstacleCategory,
    Opd,
    Priority,
    RatingBand,
    Strategy,
    Village,
)
from tracker.models.history import create_many


@dataclass(frozen=True)
class Kind:
    """One file: its model, the fields that identify a row for good, and (field, key) of a parent by column."""

    file: str
    model: type[models.Model]
    key: tuple[str, ...]
    parents: dict[str, tuple[str, str]] = field(default_factory=dict)


# Parents before children.
KINDS = (
    Kind("strategies.csv", Strategy, ("number",)),
    Kind("priorities.csv", Priority, ("rkpd_year", "number")),
    Kind("opds.csv", Opd, ("short_name",)),
    Kind("funding_sources.csv", FundingSource, ("code",)),
    Kind("obstacle_categories.csv", ObstacleCategory, ("name",)),
    Kind("rating_bands.csv", RatingBand, ("name",)),
    Kind("districts.csv", District, ("code",)),
    Kind("villages.csv", Village, ("code",), {"district_code": ("district", "code")}),
    Kind("indicators.csv", Indicator, ("name",)),
    Kind(
        "indicator_values.csv",
        IndicatorValue,
        ("indicator_id", "region", "year", "month"),
        {"indicator": ("indicator", "name")},
    ),
    Kind("indicator_targets.csv", IndicatorTarget, ("indicator_id", "year"), {"indicator": ("indicator", "name")}),
)


def ids_by_key(model, key: str) -> dict:
    """The id behind every key a row has or ever had; None where the row was deleted."""
    current = dict(model.objects.order_by().values_list(key, "pk"))
    alive = set(current.values())
    former = model.history.order_by("history_id").values_list(key, "id")
    return {name: pk if pk in alive else None for name, pk in former} | current


@transaction.atomic
def load(directory: Path = DATA_DIR) -> list[tuple[type[models.Model], int]]:
    """Add the missing rows of every file; return each model with the number of rows added."""
    return [(kind.model, len(add_missing(kind, directory / kind.file))) for kind in KINDS]


def add_missing(kind: Kind, path: Path) -> list:
    columns = columns_of(kind)
    parents = {
        column: ids_by_key(kind.model._meta.get_field(name).related_model, key)
        for column, (name, key) in kind.parents.items()
    }
    taken = known_keys(kind)
    in_file, missing = set(), []
    for row in read_rows(path):
        if unknown := set(row.cells) ^ columns:
            raise DataError(f"{path.name}: kolom {', '.join(sorted(unknown))} tidak dikenal atau tidak ada.")
        record = record_from(kind, row, parents)
        if record is None:
            continue
        key = tuple(getattr(record, name) for name in kind.key)
        if key in in_file:
            raise row.error("kunci baris ini sudah dipakai baris lain di berkas yang sama.")
        in_file.add(key)
        if key not in taken:
            refuse_broken(record, row)
            missing.append(record)
    return create_many(missing, reason="Data acuan dimuat")


def columns_of(kind: Kind) -> set[str]:
    """The columns of a file: the editable fields of its model, parents named by their key."""
    named_by_key = {name for name, _ in kind.parents.values()}
    fields = {field.name for field in kind.model._meta.fields if field.editable and not field.primary_key}
    # Every OPD of the file is active: whether it still is belongs to the people who edit it.
    return (fields - named_by_key - {"is_active"}) | set(kind.parents)


def known_keys(kind: Kind) -> set[tuple]:
    """Keys in the table or anywhere in its history: edited, renamed and deleted rows included."""
    current = kind.model.objects.order_by().values_list(*kind.key)
    return set(current.union(kind.model.history.order_by().values_list(*kind.key)))


def record_from(kind: Kind, row: Row, parents: dict):
    """An unsaved record, or None when its parent was deleted by somebody."""
    parent_ids = {}
    for column, (name, _) in kind.parents.items():
        if row[column] not in parents[column]:
            raise row.error(f"{column} “{row[column]}” tidak dikenal.")
        parent_ids[f"{name}_id"] = parents[column][row[column]]
    if None in parent_ids.values():
        return None
    fields = [field for field in kind.model._meta.fields if field.name in row.cells and field.name not in kind.parents]
    return kind.model(**parent_ids, **{field.name: row.value(field) for field in fields})


def refuse_broken(record, row: Row):
    """Judge a new row as its form would, without asking the database about each."""
    relations = [field.name for field in record._meta.fields if field.is_relation]
    try:
        record.full_clean(exclude=relations, validate_unique=False, validate_constraints=False)
        for constraint in record._meta.constraints:
            if isinstance(constraint, models.CheckConstraint):
                constraint.validate(type(record), record)
    except ValidationError as error:
        raise row.error(" ".join(error.messages)) from error
