"""gunicorn's worker with threads, which loses no request when it is told to end.

gunicorn's own stops accepting and keeps the socket open until its last answer is given: whoever comes in between is let
in by the kernel, waits, and is cut off. This one takes in who is there and closes the door, so that whoever comes later
is refused at once, which a proxy tries again.
"""

from __future__ import annotations

import select

from gunicorn.workers.gthread import ThreadWorker


class Worker(ThreadWorker):
    def set_accept_enabled(self, enabled: bool) -> None:
        super().set_accept_enabled(enabled)
        if enabled or self.alive:
            return
        for listener in self.sockets:
            # With a limit, since beside a new worker the queue may never be empty.
            for _ in range(self.worker_connections):
                if not select.select([listener], [], [], 0)[0]:
                    break
                self.accept(listener)
            listener.close()
        self.sockets = []
