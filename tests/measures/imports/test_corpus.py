"""Every file of the corpus gives exactly the cells that it holds, or is refused for the reason that it deserves."""

import socket
import time

import pytest

from measures.imports import reading
from measures.imports.cells import Unreadable
from tests.measures.imports import corpus
from tests.measures.imports.expected import Content, CorpusFile, Refusal

SECONDS = 10
# The files are built and read once, by one worker.
pytestmark = pytest.mark.xdist_group("corpus")


@pytest.fixture(scope="module")
def canary():
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


@pytest.fixture(scope="module")
def files(canary):
    return corpus.files(f"http://127.0.0.1:{canary.getsockname()[1]}/")


@pytest.fixture(scope="module")
def outcomes(files):
    """What came of each file, and in how many seconds."""
    found = []
    for file in files:
        start = time.perf_counter()
        found.append((file, outcome(file), time.perf_counter() - start))
    return found


def outcome(file: CorpusFile) -> Refusal | Content:
    try:
        book = reading.read(file.name, file.content)
    except Unreadable as error:
        return Refusal(error.code, error.sentence)
    sheets = {sheet.name: tuple((row.number, row.cells) for row in sheet.rows) for sheet in book.sheets}
    return Content(sheets, book.told)


def differs(found: Refusal | Content, expected: Refusal | Content) -> bool:
    match found, expected:
        case Refusal(code, sentence), Refusal(wanted, says):
            return code != wanted or says not in sentence
        case Content(sheets, told), Content(wanted, parts):
            heard = len(told) == len(parts) and all(part in one for one, part in zip(told, parts, strict=True))
            return sheets != wanted or not heard
        case _:
            return True


def test_every_file_gives_what_it_must(outcomes):
    wrong = [
        f"{file.about}\n  expected {file.expected!s:.600}\n  found    {found!s:.600}"
        for file, found, _ in outcomes
        if differs(found, file.expected)
    ]
    assert wrong == []


def test_every_file_is_read_in_time(outcomes):
    assert [(file.about, seconds) for file, _, seconds in outcomes if seconds > SECONDS] == []


def test_nothing_calls_out(outcomes, canary):
    address = f"http://127.0.0.1:{canary.getsockname()[1]}/".encode()
    assert any(address in file.content for file, _, _ in outcomes)
    with pytest.raises(BlockingIOError):
        canary.accept()


def test_the_canary_hears_a_call(canary):
    with socket.create_connection(canary.getsockname()):
        heard, _ = canary.accept()
        heard.close()


def test_the_corpus_is_large_and_each_file_has_its_own_words(files):
    about = [file.about for file in files]
    assert len(about) == len(set(about))
    assert len(about) >= 300
