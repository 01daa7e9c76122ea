"""A mail server that takes a letter only when it may go on."""

import threading

from django.core.mail.backends.base import BaseEmailBackend

may_go_on = threading.Event()
sent = []


class SlowBackend(BaseEmailBackend):
    def send_messages(self, email_messages) -> int:
        may_go_on.wait(60)
        sent.extend(email_messages)
        return len(email_messages)
