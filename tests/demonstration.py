"""The demonstration as tests load it: through the loader, at a fixed time."""

from django.test import Client

from accounts.demo import DEMO_ACCOUNTS
from accounts.models import Contract, User
from tests.factories import NOW, TODAY
from workflow import demo_files, demo_loading

EMAIL = {account.key: account.email for account in DEMO_ACCOUNTS}


def load() -> Contract:
    return demo_loading.load(demo_files.read(), now=NOW, today=TODAY)


def client_of(key: str) -> Client:
    """Signed in as one of the demo people: "officer", "analyst", "council-director" ..."""
    client = Client()
    client.force_login(User.objects.get(email=EMAIL[key]))
    return client
