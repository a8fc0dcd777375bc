"""Saving as people do: somebody changes a record, at some moment, with a reason."""


def change(record, *, by=None, reason=None, at=None, **fields):
    """Save `record` with these values; return it."""
    for name, value in fields.items():
        setattr(record, name, value)
    record._history_user, record._change_reason = by, reason
    if at:
        record._history_date = at
    record.save()
    return record
