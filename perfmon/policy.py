"""The policy table: one row for every named address. An address without a row is refused by the middleware.

`get` and `post` name the act that a request of that method is. Acts of this file:

- "anyone": no rule but the row's own `public`
- "sign in", "sign out", "change own password": the person's own session and password
- "own session", "own account": how long one stays signed in, and what one signs in with
- "see own contracts": anybody who has signed in, and only the contracts they belong to
- "write a pane", "release a pane": the rights of the party that the address names, by WRITE_PANE and RELEASE_PANE
- "edit values": entering or correcting them, as the quarter's state has it: measures.policies.editing_act
- "see own party’s pane": anybody of the party that the address names, in a quarter that was opened
- "answer a proposal", "take a proposal back": the rights against and of the party that proposed, by ANSWER_TARGET and
  RETRACT_TARGET
- "see own party’s imports": anybody of the contract, and only the batches of their own party
- "manage users and organisations": an administrator, contracts too (accounts.people checks each write)
- "follow an invitation": whoever holds the link that was made for somebody
- "become the first administrator": whoever holds the link that the service printed, while there is no administrator

Acts of the other rows stand in the rights table, measures.rights, which pages and write functions ask with the facts
at hand. None means that the method is refused with 405.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import ImproperlyConfigured

from measures.rights import Act


@dataclass(frozen=True)
class Page:
    """One address: the act of a GET, the act of a POST, whether it may be opened without signing in, and whether files
    are sent to it."""

    get: str | None
    post: str | None
    public: bool = False
    files: bool = False

    @property
    def methods(self) -> list[str]:
        return [*(["GET", "HEAD"] if self.get else []), *(["POST"] if self.post else [])]


POLICY: dict[str, Page] = {
    "healthz": Page(get="anyone", post=None, public=True),
    "readyz": Page(get="anyone", post=None, public=True),
    "help": Page(get="anyone", post=None, public=True),
    "words": Page(get="anyone", post=None, public=True),
    "help-role": Page(get="anyone", post=None, public=True),
    "accessibility": Page(get="anyone", post=None, public=True),
    "privacy": Page(get="anyone", post=None, public=True),
    "cookies": Page(get="anyone", post=None, public=True),
    "about": Page(get="anyone", post=None, public=True),
    "account_login": Page(get="sign in", post="sign in", public=True),
    "account_logout": Page(get=None, post="sign out", public=True),
    "account_inactive": Page(get="sign in", post=None, public=True),
    "session": Page(get="own session", post="own session"),
    "account": Page(get="own account", post=None),
    "sign-out-everywhere": Page(get=None, post="own account"),
    "password-reset": Page(get="sign in", post="sign in", public=True),
    "password-reset-sent": Page(get="sign in", post=None, public=True),
    "password-reset-new": Page(get="sign in", post="sign in", public=True),
    "mfa_authenticate": Page(get="sign in", post="sign in", public=True),
    "mfa_reauthenticate": Page(get="sign in", post="sign in"),
    "mfa_index": Page(get="own account", post=None),
    "mfa_activate_totp": Page(get="own account", post="own account"),
    "mfa_deactivate_totp": Page(get="own account", post="own account"),
    "mfa_view_recovery_codes": Page(get="own account", post=None),
    "mfa_generate_recovery_codes": Page(get="own account", post="own account"),
    "oidc-sign-in": Page(get=None, post="sign in", public=True),
    "oidc-callback": Page(get="sign in", post=None, public=True),
    "oidc-connect": Page(get="own account", post="own account"),
    "oidc-disconnect": Page(get="own account", post="own account"),
    "account_change_password": Page(get="change own password", post="change own password"),
    "account_reauthenticate": Page(get="sign in", post="sign in"),
    "demo-sign-in": Page(get=None, post="sign in", public=True),
    "home": Page(get="see own contracts", post=None),
    "contract": Page(get="see own contracts", post=None),
    "cycle-open": Page(get=Act.OPEN_CYCLE, post=Act.OPEN_CYCLE),
    "scorecard": Page(get=Act.SEE_CYCLE, post=None),
    "cycle-submit": Page(get=Act.SUBMIT_VALUES, post=Act.SUBMIT_VALUES),
    "cycle-send-back": Page(get=Act.SEND_BACK, post=Act.SEND_BACK),
    "cycle-accept": Page(get=Act.ACCEPT_VALUES, post=Act.ACCEPT_VALUES),
    "measure": Page(get=Act.SEE_CYCLE, post=None),
    "measure-csv": Page(get=Act.SEE_CYCLE, post=None),
    "area": Page(get=Act.CHOOSE_AREAS, post=Act.CHOOSE_AREAS),
    "api-scorecard": Page(get=Act.SEE_CYCLE, post=None),
    "entry": Page(get=Act.SEE_ENTRY, post=None),
    "entry-row": Page(get=None, post="edit values"),
    "entry-series": Page(get="edit values", post="edit values"),
    "cell-history": Page(get=Act.SEE_FIGURES, post=None),
    "events": Page(get=Act.SEE_CYCLE, post=Act.RECORD_EVENT),
    "event-withdraw": Page(get=Act.RECORD_EVENT, post=Act.RECORD_EVENT),
    "catalogue": Page(get="see own contracts", post=None),
    "definition-sheet": Page(get="see own contracts", post=None),
    "targets": Page(get="see own contracts", post=Act.PROPOSE_TARGET),
    "target-agree": Page(get=None, post="answer a proposal"),
    "target-refuse": Page(get="answer a proposal", post="answer a proposal"),
    "target-take-back": Page(get="take a proposal back", post="take a proposal back"),
    "target-withdraw": Page(get=Act.PROPOSE_TARGET, post=Act.PROPOSE_TARGET),
    "benchmarks": Page(get="see own contracts", post=None),
    "benchmark-add": Page(get=Act.ADD_BENCHMARK, post=Act.ADD_BENCHMARK),
    "benchmark-change": Page(get=Act.ADD_BENCHMARK, post=Act.ADD_BENCHMARK),
    "benchmark-remove": Page(get=Act.ADD_BENCHMARK, post=Act.ADD_BENCHMARK),
    "set-up-measures": Page(get=Act.SET_UP, post=None),
    "set-up-order": Page(get=Act.SET_UP, post=Act.SET_UP),
    "set-up-section": Page(get=Act.SET_UP, post=Act.SET_UP),
    "set-up-measure-add": Page(get=Act.SET_UP, post=Act.SET_UP),
    "set-up-measure": Page(get=Act.SET_UP, post=None),
    "set-up-measure-change": Page(get=Act.SET_UP, post=Act.SET_UP),
    "set-up-measure-retire": Page(get=Act.SET_UP, post=Act.SET_UP),
    "set-up-measure-delete": Page(get=Act.SET_UP, post=Act.SET_UP),
    "set-up-series-add": Page(get=Act.SET_UP, post=Act.SET_UP),
    "set-up-series-change": Page(get=Act.SET_UP, post=Act.SET_UP),
    "set-up-series-new": Page(get=Act.SET_UP, post=Act.SET_UP),
    "set-up-series-end": Page(get=Act.SET_UP, post=Act.SET_UP),
    "set-up-series-delete": Page(get=Act.SET_UP, post=Act.SET_UP),
    "set-up-definition-add": Page(get=Act.SET_UP, post=Act.SET_UP),
    "set-up-definition-correct": Page(get=Act.SET_UP, post=Act.SET_UP),
    "set-up-target": Page(get=Act.SET_UP, post=Act.SET_UP),
    "import-paper": Page(get=Act.SET_UP, post=Act.SET_UP),
    "figures-csv": Page(get="see own contracts", post=None),
    "import": Page(get="see own party’s imports", post=Act.IMPORT_FILES, files=True),
    "import-template": Page(get=Act.IMPORT_FILES, post=None),
    "import-template-csv": Page(get=Act.IMPORT_FILES, post=None),
    "import-batch": Page(get="see own party’s imports", post=None),
    "import-mapping": Page(get=Act.IMPORT_FILES, post=Act.IMPORT_FILES),
    "import-preview": Page(get=Act.IMPORT_FILES, post=Act.IMPORT_FILES),
    "import-benchmarks": Page(get=Act.IMPORT_FILES, post=Act.IMPORT_FILES),
    "import-benchmarks-preview": Page(get=Act.IMPORT_FILES, post=Act.IMPORT_FILES),
    "import-refused": Page(get="see own party’s imports", post=None),
    "import-discard": Page(get=None, post=Act.IMPORT_FILES),
    "import-undo": Page(get=Act.IMPORT_FILES, post=Act.IMPORT_FILES),
    "pane-save": Page(get=None, post="write a pane"),
    "pane-release": Page(get="release a pane", post="release a pane"),
    "pane-withdraw": Page(get=None, post="release a pane"),
    "pane-history": Page(get="see own party’s pane", post=None),
    "pane-restore": Page(get="write a pane", post="write a pane"),
    "pane-last": Page(get=Act.SEE_CYCLE, post=None),
    "pane-start": Page(get=None, post="write a pane"),
    "commentary": Page(get=Act.SEE_CYCLE, post=None),
    "first-administrator": Page(
        get="become the first administrator", post="become the first administrator", public=True
    ),
    "set-up": Page(get="manage users and organisations", post=None),
    "organisations": Page(get="manage users and organisations", post=None),
    "organisation-add": Page(get="manage users and organisations", post="manage users and organisations"),
    "organisation-change": Page(get="manage users and organisations", post="manage users and organisations"),
    "contract-add": Page(get="manage users and organisations", post="manage users and organisations"),
    "contract-set-up": Page(get=Act.SET_UP, post=None),
    "contract-change": Page(get=Act.SET_UP, post=Act.SET_UP),
    "committee-dates": Page(get=Act.SET_UP, post=Act.SET_UP),
    "committee-date-change": Page(get=Act.SET_UP, post=Act.SET_UP),
    "committee-date-remove": Page(get=Act.SET_UP, post=Act.SET_UP),
    "contract-workbook": Page(get="manage users and organisations", post="manage users and organisations", files=True),
    "contract-workbook-template": Page(get="manage users and organisations", post=None),
    "contract-workbook-download": Page(get=Act.SET_UP, post=None),
    "people": Page(get="manage users and organisations", post=None),
    "people-administrator": Page(get="manage users and organisations", post="manage users and organisations"),
    "person": Page(get="manage users and organisations", post="manage users and organisations"),
    "person-act": Page(get=None, post="manage users and organisations"),
    "person-invitation": Page(get="manage users and organisations", post="manage users and organisations"),
    "invitation": Page(get="follow an invitation", post="follow an invitation", public=True),
    "contract-people": Page(get="see own contracts", post=None),
    "member-invite": Page(get=Act.LOOK_AFTER_PEOPLE, post=Act.LOOK_AFTER_PEOPLE),
    "member": Page(get=Act.LOOK_AFTER_PEOPLE, post=Act.LOOK_AFTER_PEOPLE),
    "member-remove": Page(get=Act.LOOK_AFTER_PEOPLE, post=Act.LOOK_AFTER_PEOPLE),
}


def page_of(view_name: str) -> Page:
    """The row of an address. ImproperlyConfigured when there is none: deny by default, and loudly."""
    row = POLICY.get(view_name)
    if row is None:
        raise ImproperlyConfigured(f"{view_name or 'An address without a name'} has no row in perfmon/policy.py.")
    return row
