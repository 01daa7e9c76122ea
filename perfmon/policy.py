"""The policy table: one row for every named address. An address without a row is refused by the middleware.

`get` and `post` name the act that a request of that method is. Acts of this file:

- "anyone": no rule but the row's own `public`
- "sign in", "sign out", "change own password": the person's own session and password
- "manage users and organisations": an administrator (accounts.people checks each write)

Acts of the other rows are those of measures.rights, commentary.policies and workflow.table, whose write functions
check them again with the facts at hand. None means that the method is refused with 405.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import ImproperlyConfigured


@dataclass(frozen=True)
class Page:
    """One address: the act of a GET, the act of a POST, and whether it may be opened without signing in."""

    get: str | None
    post: str | None
    public: bool = False

    @property
    def methods(self) -> list[str]:
        return [*(["GET", "HEAD"] if self.get else []), *(["POST"] if self.post else [])]


POLICY: dict[str, Page] = {
    "healthz": Page(get="anyone", post=None, public=True),
    "account_login": Page(get="sign in", post="sign in", public=True),
    "account_logout": Page(get=None, post="sign out", public=True),
    "account_inactive": Page(get="sign in", post=None, public=True),
    "account_change_password": Page(get="change own password", post="change own password"),
    "account_reauthenticate": Page(get="sign in", post="sign in"),
    "demo-sign-in": Page(get=None, post="sign in", public=True),
    "admin:*": Page(get="manage users and organisations", post="manage users and organisations"),
}


def page_of(view_name: str) -> Page:
    """The row of an address. ImproperlyConfigured when there is none: deny by default, and loudly."""
    row = POLICY.get(view_name)
    if row is None and ":" in view_name:
        row = POLICY.get(view_name.partition(":")[0] + ":*")
    if row is None:
        raise ImproperlyConfigured(f"{view_name or 'An address without a name'} has no row in perfmon/policy.py.")
    return row
