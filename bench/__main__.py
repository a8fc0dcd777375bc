"""python -m bench [--quick]: every part on SQLite, then on PostgreSQL, each in a process and a database of its own."""

import argparse
import os
import subprocess
import sys

from bench import databases

PARTS = ("small", "large", "files", "sheets")  # as in bench/parts.py


def main():
    parser = argparse.ArgumentParser(
        prog="make bench", description="Speed and weight of the site against their goals."
    )
    parser.add_argument("--quick", action="store_true", help="fewer rounds, years and rows")
    options = parser.parse_args()

    with databases.sqlite() as url:
        measure("SQLite", url, options)
    with databases.postgresql() as url:
        if url:
            measure("PostgreSQL", url, options)
        else:
            print("\nLeft out: PostgreSQL, because neither a server nor its programs were found (see .ci/test.py).")


def measure(name, url, options):
    """A process for each part: none inherits the memory or the caches of another."""
    environment = {**os.environ, "DEBUG": "1", "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings"}
    for part in PARTS:
        command = [sys.executable, "-m", "bench.parts", name, part, *(["--quick"] if options.quick else [])]
        if subprocess.run(command, env=environment).returncode:
            sys.exit(f"The part “{part}” on {name} did not come to its end.")


if __name__ == "__main__":
    main()
