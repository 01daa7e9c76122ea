"""Mail in plain text. Nothing waits for it, and nothing fails because it cannot be sent."""

from __future__ import annotations

import logging
import smtplib
import threading

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend

log = logging.getLogger(__name__)
# What a mail server that is away, slow or unwilling raises.
FAULTS = (OSError, smtplib.SMTPException)


def send(*, to: str, subject: str, body: str) -> bool:
    """Send one mail now; call it after the commit. False, and one line in the log, where it cannot be sent."""
    try:
        # A title of old data may hold line ends, which no header takes.
        return EmailMessage(" ".join(subject.split()), body, to=[to]).send() == 1
    except FAULTS as error:
        # The kind of fault only: address and text are nobody's business in a log, and servers repeat the address.
        log.warning("A mail could not be sent: %s", type(error).__name__)
        return False


def reach() -> BaseEmailBackend | None:
    """An open connection to the mail server, for `leave`; None, and one line in the log, where it is away."""
    connection = get_connection()
    try:
        connection.open()
    except FAULTS as error:
        log.warning("The mail server does not answer: %s", type(error).__name__)
        return None
    return connection


def leave(connection: BaseEmailBackend, message: EmailMessage | None) -> threading.Thread:
    """Send the mail, or none, and close the connection, while the answer is on its way: so nobody can tell from the
    time whether there was a mail to send."""
    thread = threading.Thread(target=_leave, args=(connection, message), name="mail")
    thread.start()
    return thread


def _leave(connection: BaseEmailBackend, message: EmailMessage | None) -> None:
    try:
        if message is not None:
            connection.send_messages([message])
        connection.close()
    except FAULTS as error:
        log.warning("A mail could not be sent: %s", type(error).__name__)
