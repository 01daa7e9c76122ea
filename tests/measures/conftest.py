import pytest

from tests.measures.entry_desk import Desk


@pytest.fixture
def desk(db):
    return Desk()
