"""Two threads with connections of their own, one of them held at the moment that matters."""

import threading

from django.db import connections

A_WHILE = 1.0  # seconds; what takes longer waits for somebody
TOO_LONG = 20


class Thread(threading.Thread):
    """Does something on a connection of its own, and keeps what came of it."""

    def __init__(self, work):
        super().__init__(daemon=True)
        self.work, self.answer, self.error = work, None, None
        self.start()

    def run(self):
        try:
            self.answer = self.work()
        except Exception as error:
            self.error = error
        finally:
            connections.close_all()

    def is_done_within(self, seconds) -> bool:
        self.join(seconds)
        return not self.is_alive()

    def finish(self):
        assert self.is_done_within(TOO_LONG), "waits for ever"
        if self.error:
            raise self.error
        return self.answer


class Gate:
    """Holds the first who comes by, until it opens."""

    def __init__(self):
        self.reached, self.opened = threading.Event(), threading.Event()

    def hold(self):
        if not self.reached.is_set():
            self.reached.set()
            assert self.opened.wait(TOO_LONG)
