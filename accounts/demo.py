"""The people of demo mode, one for each role of each contract. `load_demo` makes them; the sign-in page offers them."""

from __future__ import annotations

from typing import NamedTuple

PASSWORD = "perfmon-demo-2018"

CHILDREN = "Children’s services"
HOUSING = "Housing repairs"
BOTH = "Both contracts"


class DemoAccount(NamedTuple):
    """`party_kind` is "commissioner", "provider" or "" for the administrator; `heading` says which contract they work
    on, and stands above those of the same one."""

    key: str
    email: str
    label: str
    party_kind: str
    description: str
    heading: str


DEMO_ACCOUNTS = [
    DemoAccount(
        "officer",
        "officer@dmbc.example",
        "Council officer",
        "commissioner",
        "Reads the figures and writes the council’s response.",
        CHILDREN,
    ),
    DemoAccount(
        "analyst",
        "analyst@dcst.example",
        "Trust analyst",
        "provider",
        "Enters the quarter’s figures and comments on them.",
        CHILDREN,
    ),
    DemoAccount(
        "council-director",
        "director@dmbc.example",
        "Council director",
        "commissioner",
        "Sees what is off target and whose turn it is.",
        CHILDREN,
    ),
    DemoAccount(
        "trust-director",
        "director@dcst.example",
        "Trust director",
        "provider",
        "Reads the Trust’s comments before they are released.",
        CHILDREN,
    ),
    DemoAccount(
        "housing-officer",
        "officer@aldermere.example",
        "Borough officer",
        "commissioner",
        "Reads the figures and writes the borough’s response.",
        HOUSING,
    ),
    DemoAccount(
        "housing-analyst",
        "analyst@alderhomes.example",
        "Company analyst",
        "provider",
        "Enters the company’s figures and comments on them.",
        HOUSING,
    ),
    DemoAccount(
        "borough-director",
        "director@aldermere.example",
        "Borough director",
        "commissioner",
        "Sees which repairs and lettings are off target.",
        HOUSING,
    ),
    DemoAccount(
        "company-director",
        "director@alderhomes.example",
        "Company director",
        "provider",
        "Reads the company’s comments before they are released.",
        HOUSING,
    ),
    DemoAccount(
        "administrator",
        "admin@perfmon.example",
        "Administrator",
        "",
        "Looks after people and organisations.",
        BOTH,
    ),
]
