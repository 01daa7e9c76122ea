import pytest

from tests.measures.imports.office import Office


@pytest.fixture
def office(db):
    return Office()
