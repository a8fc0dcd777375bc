"""The whole suite on SQLite, with Chromium and LibreOffice, then the same suite on PostgreSQL: what `make test` runs.

What a developer's machine lacks is left out and named; with CI=true that is a failure. Needs the dev requirements.
"""

import getpass
import hashlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path

import environ
import psycopg

ROOT = Path(__file__).resolve().parent.parent
# Tests with these marks need a program, whose path they find in the variable; they run with SQLite only.
PROGRAM_OF_MARK = {"browser": "CHROMIUM", "libreoffice": "SOFFICE"}

CI = os.environ.get("CI", "").lower() in {"true", "1"}

# One name per clone: two clones may be tested at once, and what a killed run left behind is used again.
DATABASE = "pantau_" + hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]


def main():
    # The terminal's Ctrl-C goes to pytest as well; it tidies up and this script ends after it.
    signal.signal(signal.SIGINT, lambda *_: None)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))

    chromium = program_path("CHROMIUM", "chromium", "chromium-browser", "google-chrome")
    if not chromium:
        leave_out("the browser tests, because Chromium was not found (install chromium, or set CHROMIUM to its path)")
    soffice = program_path("SOFFICE", "soffice", "libreoffice")
    if not soffice:
        leave_out(
            "the tests in a spreadsheet program, because LibreOffice was not found"
            " (install libreoffice-calc, or set SOFFICE to its path)"
        )
    run_pytest("SQLite", CHROMIUM=chromium or "", SOFFICE=soffice or "")

    with postgresql() as url:
        if url:
            run_pytest("PostgreSQL", DATABASE_URL=url)
        else:
            leave_out(
                "the tests on PostgreSQL, because there is no server on 127.0.0.1:5432 to create databases on and no"
                " server programs were found (install postgresql, or set TEST_DATABASE_URL)"
            )


def run_pytest(title, **variables):
    """Ends the script where a test fails, so that pytest's summary of the failing run is the last thing printed."""
    print(f"\nTests on {title}", flush=True)
    without = {"DATABASE_URL": "sqlite://:memory:", "CHROMIUM": "", "SOFFICE": ""}
    environment = {**os.environ, "DEBUG": "1", **without, **variables}
    command = [
        sys.executable,
        "-m",
        "pytest",
        "--numprocesses",
        str(min(os.cpu_count() or 1, 8)),
        "--dist",
        "worksteal",
    ]
    left_out = [mark for mark, program in PROGRAM_OF_MARK.items() if not environment[program]]
    if left_out:
        command += ["-m", " and ".join(f"not {mark}" for mark in left_out)]
    status = subprocess.run([*command, *sys.argv[1:]], cwd=ROOT, env=environment).returncode
    if status:
        sys.exit(status)


def leave_out(what):
    if CI:
        sys.exit(f"CI may not leave out {what}.")
    print(f"Left out: {what}.", flush=True)


def program_path(variable, *names):
    """The program that the variable names, else the first of the names that is installed; None without any."""
    named = os.environ.get(variable)
    if named and not shutil.which(named):
        sys.exit(f"{variable} names {named}, which is not a program.")
    return next(filter(None, map(shutil.which, [named] if named else names)), None)


@contextmanager
def postgresql():
    """The address of a database that tests may use, on a server that runs or on a private one; None without either."""
    named = os.environ.get("TEST_DATABASE_URL")
    if named:
        if not can_create_databases(named):
            sys.exit("TEST_DATABASE_URL names a PostgreSQL server that cannot be reached or used to create databases.")
        yield named
        return
    for user in ["postgres", getpass.getuser()]:
        server = f"postgres://{user}@127.0.0.1:5432"
        if can_create_databases(f"{server}/postgres"):
            yield f"{server}/{DATABASE}"
            return
    programs = server_programs()
    if programs:
        with private_server(programs) as url:
            yield url
    else:
        yield None


def can_create_databases(url):
    server = environ.Env.db_url_config(url)  # as the settings read it
    address = {"host": server["HOST"], "port": server["PORT"], "user": server["USER"], "password": server["PASSWORD"]}
    try:
        with psycopg.connect(**address, dbname="postgres", connect_timeout=3) as connection:
            rights = connection.execute("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user")
            return rights.fetchone()[0]
    except psycopg.Error:
        return False


def server_programs():
    """The folder of the newest PostgreSQL server programs; Debian keeps them out of PATH, by version."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    initdb = debian[-1] if debian else shutil.which("initdb")
    return initdb and Path(initdb).resolve().parent


@contextmanager
def private_server(programs):
    """A server for this run only, on a socket in a folder that goes with it: no port to find free or to protect."""
    with tempfile.TemporaryDirectory(prefix="pantau-") as folder:
        account = unprivileged_account()
        if account:
            os.chown(folder, account["user"], account["group"])

        def run(program, *arguments):
            command = [programs / program, "--pgdata", f"{folder}/data", *arguments]
            with open(f"{folder}/output", "a+") as output:
                done = subprocess.run(command, cwd=folder, stdout=output, stderr=output, **account)
                if done.returncode:
                    output.seek(0)
                    sys.exit(f"{program} of PostgreSQL failed:\n{output.read()}")

        # Nothing here has to outlive a crash, so nothing waits for the disk.
        options = f"-k '{folder}' -c listen_addresses='' -c fsync=off -c full_page_writes=off"
        run("initdb", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--no-locale", "--no-sync")
        try:
            run("pg_ctl", "start", "--wait", "--options", options)
            yield f"postgres://postgres@/{folder}/{DATABASE}"  # django-environ's way of writing a socket
        finally:
            run("pg_ctl", "stop", "--mode", "immediate")


def unprivileged_account():
    """PostgreSQL refuses to run as root: the account to run it as, or nothing where this is not root."""
    if os.getuid():
        return {}
    for name in ["postgres", "nobody"]:
        with suppress(KeyError):
            found = pwd.getpwnam(name)
            return {"user": found.pw_uid, "group": found.pw_gid, "extra_groups": []}
    sys.exit("PostgreSQL cannot run as root, and there is no account postgres or nobody.")


if __name__ == "__main__":
    main()
