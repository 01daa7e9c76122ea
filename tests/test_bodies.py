"""How much may be sent to an address: a form anywhere, a file where files are taken, and nothing to strangers."""

import io

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import UnreadablePostError

from accounts.models import User
from perfmon import bodies, policy, sessions
from tests import plain_urls
from tests.markup import parse

FORM = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
FILES = policy.Page(get="read", post="write", files=True)
MULTIPART = "multipart/form-data; boundary=x"

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.plain_urls")]


class Sent(io.BytesIO):
    """A body of the web server. `read_in_all` counts what was taken of it."""

    read_in_all = 0

    def read(self, *sizes):
        piece = super().read(*sizes)
        self.read_in_all += len(piece)
        return piece


@pytest.fixture(autouse=True)
def rows(monkeypatch):
    for name, page in {**plain_urls.ROWS, "write": FILES}.items():
        monkeypatch.setitem(policy.POLICY, name, page)


@pytest.fixture
def reader(client):
    client.force_login(User.objects.create_user("olive@example.org", "Olive", "a long password"))
    return client


# Whoever looks into it answers 400: a field holds a NUL.
START = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\0\r\n--x\r\n'
START += b'Content-Disposition: form-data; name="file"; filename="figures.csv"\r\n\r\n'
END = b"\r\n--x--\r\n"


def send(client, path, size, **more):
    sent = Sent(START + b"a" * (size - len(START) - len(END)) + END)
    extra = {"CONTENT_TYPE": MULTIPART, "CONTENT_LENGTH": str(size), "wsgi.input": sent, **more}
    return client.post(path, **extra), sent


def test_only_importing_takes_files():
    assert [name for name, page in policy.POLICY.items() if page.files and name not in plain_urls.ROWS] == [
        "import",
        "contract-workbook",
    ]


@pytest.mark.parametrize("path", ["/open/", "/nothing/", "/healthz", "/accounts/sign-in/"])
def test_where_no_files_are_taken_a_large_body_is_not_looked_into(reader, path):
    response, sent = send(reader, path, FORM + 1)
    assert (response.status_code, sent.read_in_all) == (413, FORM + 1)
    page = parse(response.text)
    assert page.one("h1").text == "Too much was sent"
    assert "More was sent than this page takes, which is 1 MB." in page.text


@pytest.mark.parametrize("path", ["/open/", "/write/"])
def test_a_form_may_have_a_megabyte_and_is_looked_into(reader, path):
    response, _ = send(reader, path, FORM)
    assert response.status_code == 400


def test_a_stranger_s_file_is_not_looked_into(client):
    response, sent = send(client, "/write/", FORM + 1)
    assert (response.status_code, response["Location"]) == (302, "/accounts/sign-in/")
    assert sent.read_in_all == FORM + 1


def test_a_reader_s_file_is_looked_into_and_read(reader):
    assert send(reader, "/write/", FORM + 1)[0].status_code == 400
    response = reader.post("/write/", {"file": SimpleUploadedFile("figures.csv", b"a" * (2 * FORM))})
    assert (response.status_code, response.text) == (200, "hello Olive")


def test_a_session_that_is_over_sends_no_files(reader, monkeypatch):
    reader.get("/")
    monkeypatch.setattr(sessions, "LONGEST_SECONDS", -1)
    assert send(reader, "/write/", FORM + 1)[0].status_code == 302


def test_a_get_takes_no_file(reader):
    assert send(reader, "/write/", FORM + 1, REQUEST_METHOD="GET")[0].status_code == 413


def test_what_is_too_large_for_a_file_is_taken_in_and_answered(reader):
    size = settings.LARGEST_BODY + 1
    response, sent = send(reader, "/write/", size)
    assert (response.status_code, parse(response.text).one("h1").text) == (413, "This file is too large")
    assert sent.read_in_all == size


def test_no_more_than_its_limit_is_taken_in(reader, monkeypatch):
    monkeypatch.setattr(bodies, "MOST_DISCARDED", 3 * bodies.PIECE)
    response, sent = send(reader, "/open/", FORM + 1)
    assert (response.status_code, sent.read_in_all) == (413, 3 * bodies.PIECE)


def test_what_comes_slowly_is_left(reader, monkeypatch):
    monkeypatch.setattr(bodies, "LONGEST_SECONDS", -1)
    response, sent = send(reader, "/open/", FORM + 1)
    assert (response.status_code, sent.read_in_all) == (413, 0)


def test_a_sender_who_is_gone_is_no_fault(rf):
    class Gone:
        def read(self, size):
            raise UnreadablePostError("gone")

    bodies.discard(Gone())


def test_an_api_says_it_as_json(reader):
    response, _ = send(reader, "/api/raise/denied/", FORM + 1)
    assert (response.status_code, response.json()["detail"][:30]) == (413, "More was sent than this page t")


@pytest.mark.parametrize("text", ["", "none", "-1"])
def test_a_length_that_is_none_announces_nothing(rf, text):
    assert bodies.announced(rf.post("/", CONTENT_LENGTH=text)) <= 0
