"""Refusals that explain themselves. Pure: no Django; the middleware turns them into pages and JSON."""


class Denied(Exception):
    """Seen, but may not be done by this person. The sentence is shown to them as it stands."""

    status = 403

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class NotKnown(Denied):
    """May not even be known to exist."""

    status = 404

    def __init__(self, sentence: str = "There is nothing at this address that you can see.") -> None:
        super().__init__(sentence)


class SecondFactorNeeded(Denied):
    """The contract asks for more than the password that this session began with."""


class WrongState(Denied):
    """Right person, wrong moment of the cycle."""

    status = 409


class Stale(Denied):
    """Somebody else saved in between: what was seen is no longer what is held."""

    status = 409


class Invalid(Exception):
    """What was entered may not be stored; `.errors` maps field names to messages."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__("; ".join(errors.values()))
        self.errors = errors


class Published(Denied):
    """What was published does not change."""

    status = 423
