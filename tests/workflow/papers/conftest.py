import pytest

from tests.papers import PaperDesk


@pytest.fixture
def papers(db):
    return PaperDesk()
