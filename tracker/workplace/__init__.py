"""What waits for those who enter and verify data: the next steps, the reports to write or to look at, the changes.

It stands outside the package `admin`, so that the admin site can ask it without loading the registrations.
"""

from tracker.workplace.changes import newest_changes
from tracker.workplace.conditions import UNMAPPED, due, due_without_report
from tracker.workplace.lists import list_of
from tracker.workplace.operator import work_of
from tracker.workplace.quarter import quarter_to_report
from tracker.workplace.steps import next_steps
from tracker.workplace.verifier import next_review, queue_of

__all__ = [
    "UNMAPPED",
    "due",
    "due_without_report",
    "list_of",
    "newest_changes",
    "next_review",
    "next_steps",
    "quarter_to_report",
    "queue_of",
    "work_of",
]
