"""Databases for one run, gone when it ends."""

import importlib.util
import tempfile
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import environ
import psycopg
from psycopg import sql

TEST_SCRIPT = Path(__file__).resolve().parent.parent / ".ci" / "test.py"


@contextmanager
def sqlite():
    with tempfile.TemporaryDirectory(prefix="pantau-bench-") as folder:
        yield f"sqlite:///{folder}/bench.sqlite3"


@contextmanager
def postgresql():
    """The address of an empty database on the server that the tests would use; None where there is no server."""
    script = _test_script()
    with script.postgresql() as url:
        if url is None:
            yield None
            return
        name = f"{script.DATABASE}_bench"
        _execute(url, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)  # left behind by a run that was killed
        _execute(url, "CREATE DATABASE {}", name)
        try:
            parts = urlsplit(url)
            yield parts._replace(path=f"{parts.path.rpartition('/')[0]}/{name}").geturl()
        finally:
            _execute(url, "DROP DATABASE {} WITH (FORCE)", name)


def _test_script():
    """.ci/test.py knows where a server is, or starts one; its folder is no package that could be imported from."""
    spec = importlib.util.spec_from_file_location("test_script", TEST_SCRIPT)
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    return script


def _execute(url, statement, name):
    server = environ.Env.db_url_config(url)  # as the settings read it
    address = {"host": server["HOST"], "port": server["PORT"], "user": server["USER"], "password": server["PASSWORD"]}
    with psycopg.connect(**address, dbname="postgres", autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(sql.Identifier(name)))
