"""Running a command the way a person would, and reading what it says."""

from io import StringIO

from django.core.management import call_command


def said_by(command, *args, **options) -> str:
    """Everything the command printed."""
    out = StringIO()
    call_command(command, *args, stdout=out, **options)
    return out.getvalue()
