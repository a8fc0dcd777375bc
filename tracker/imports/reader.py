"""python -I -S reader.py FILE: reads an uploaded file in a process with limits of its own.

What it writes is told in reading/__init__.py. Exit code 2: the file is refused; 3: the output could not be written.
"""

import gc
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path

# An isolated process knows no project. Behind the standard library: nothing here may stand before it.
sys.path.append(str(Path(__file__).resolve().parents[2]))

from tracker.imports.reading.kinds import read_file
from tracker.imports.reading.output import MOST_BYTES, Output
from tracker.imports.reading.refusals import DAMAGED, TOO_MUCH, NoRoom, Refused

MOST_MEMORY = 1024 * 1024 * 1024
MOST_CPU_SECONDS = 30
MOST_SECONDS = 60
REFUSED, CANNOT_WRITE = 2, 3


def main(path) -> int:
    gc.disable()  # rows make no circles, and looking for some takes a tenth of the time
    output = Output(sys.stdout.buffer)
    try:
        if sentence := refusal(path, output):
            output.refuse(sentence)
        output.finish()
    except NoRoom:
        return CANNOT_WRITE
    return REFUSED if sentence else 0


def refusal(path, output):
    """Read the file; return the sentence that refuses it, if any."""
    try:
        read_file(path, output)
    except NoRoom:
        raise
    except Refused as reason:
        return str(reason)
    except MemoryError:
        return TOO_MUCH
    except Exception:
        return DAMAGED


def limit_this_process():
    """Windows has neither an alarm nor these limits: there only the clock of the parent ends a long reading."""
    if not hasattr(signal, "alarm"):
        return
    import resource

    signal.alarm(MOST_SECONDS)
    limits = {
        resource.RLIMIT_AS: MOST_MEMORY,
        resource.RLIMIT_CPU: MOST_CPU_SECONDS,
        resource.RLIMIT_FSIZE: MOST_BYTES + 1024 * 1024,
        resource.RLIMIT_CORE: 0,
    }
    for name, most in limits.items():
        with suppress(ValueError, OSError):  # the system may allow less already
            resource.setrlimit(name, (most, most))


if __name__ == "__main__":
    limit_this_process()
    # Nothing is left to be tidied: on a full disk the interpreter would fail once more, with another code.
    os._exit(main(sys.argv[1]))
