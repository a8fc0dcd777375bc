"""The site behind a real server: processes of its own, on a database in which many can write at once."""

import os
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager

from django.conf import settings
from django.db import connection

AT_ONCE = 16


@contextmanager
def server(folder):
    """Serves the database as it is now; afterwards the tests find it as the server left it.

    The SQLite of the tests lives in memory: the server gets a copy in a file, and the copy is taken back.
    """
    file = folder / "served.sqlite3" if connection.vendor == "sqlite" else None
    if file:
        with closing(sqlite3.connect(file)) as stored:
            connection.connection.backup(stored)
        url = f"sqlite:///{file}"
    else:
        url = f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{connection.settings_dict['NAME']}"
    environment = {**os.environ, "DEBUG": "1", "SECRET_KEY": settings.SECRET_KEY, "DATABASE_URL": url}
    size = ["--worker-class", "gthread", "--workers", "2", "--threads", str(AT_ONCE // 2)]
    # The door is open before there is a server behind it: nobody has to find out its number, or when to knock.
    with socket.create_server(("127.0.0.1", 0), backlog=AT_ONCE) as door:
        port, bind = door.getsockname()[1], ["--bind", f"fd://{door.fileno()}"]
        command = [sys.executable, "-m", "gunicorn", *size, *bind, "--log-level", "warning", "config.wsgi"]
        process = subprocess.Popen(command, env=environment, pass_fds=[door.fileno()])
    try:
        yield port
    finally:
        process.terminate()
        process.wait(timeout=30)
    if file:
        with closing(sqlite3.connect(file)) as stored:
            stored.backup(connection.connection)
