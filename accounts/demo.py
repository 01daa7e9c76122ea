"""The people of demo mode, one for each role. `load_demo` makes them; the sign-in page offers them."""

from __future__ import annotations

from typing import NamedTuple

PASSWORD = "perfmon-demo-2018"


class DemoAccount(NamedTuple):
    """`party_kind` is "commissioner", "provider" or "" for the administrator."""

    key: str
    email: str
    label: str
    party_kind: str
    description: str


DEMO_ACCOUNTS = [
    DemoAccount(
        "officer",
        "officer@dmbc.example",
        "Council officer",
        "commissioner",
        "Reads the figures and writes the council’s response.",
    ),
    DemoAccount(
        "analyst",
        "analyst@dcst.example",
        "Trust analyst",
        "provider",
        "Enters the quarter’s figures and comments on them.",
    ),
    DemoAccount(
        "council-director",
        "director@dmbc.example",
        "Council director",
        "commissioner",
        "Sees what is off target and whose turn it is.",
    ),
    DemoAccount(
        "trust-director",
        "director@dcst.example",
        "Trust director",
        "provider",
        "Reads the Trust’s comments before they are released.",
    ),
    DemoAccount("administrator", "admin@perfmon.example", "Administrator", "", "Looks after people and organisations."),
]
