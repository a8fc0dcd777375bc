import sqlite3
from contextlib import closing

import pytest
from django.db import connection

from tests.racing import Gate
from tracker.models import Report


@pytest.fixture(autouse=True)
def rated(bands):
    """Every form of a sub kegiatan shows figures, and these are rated."""


@pytest.fixture
def in_a_file(transactional_db, tmp_path):
    """SQLite in memory refuses two threads at once."""
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    memory, name = connection.connection, connection.settings_dict["NAME"]
    file = str(tmp_path / "races.sqlite3")
    with closing(sqlite3.connect(file)) as copy:
        memory.backup(copy)
    connection.connection, connection.settings_dict["NAME"] = None, file
    yield
    connection.close()
    connection.connection, connection.settings_dict["NAME"] = memory, name


@pytest.fixture
def before_writing(monkeypatch):
    """A gate between judging a report and writing or deleting it."""
    gate = Gate()

    def held(method):
        def wait_and_do(*args, **kwargs):
            gate.hold()
            return method(*args, **kwargs)

        return wait_and_do

    monkeypatch.setattr(Report, "save", held(Report.save))
    monkeypatch.setattr(Report, "delete", held(Report.delete))
    return gate
