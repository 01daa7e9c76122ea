import io
import json
import pickle
import random
import subprocess
import sys
import time
import zipfile

import docx
import pytest

from measures.imports import archive
from measures.imports.cells import Unreadable
from measures.imports.issues import Code
from perfmon.setup.place import ROOT
from tests.measures.imports import corpus_hostile
from tests.measures.imports.expected import Refusal
from tests.measures.imports.packages import packed, parts, sheet

# Every reason for which limits are counted before anything is parsed.
LIMITS = {Code.UNPACKED_SIZE, Code.RATIO, Code.PARTS}
SECONDS, MEGABYTES = 2, 100
# Reads files in a process of its own; prints seconds, growth of its memory in kB and the reason of the refusal of each.
CHILD = """
import json, pickle, resource, sys, time
from measures.imports import reading
from measures.imports.cells import Unreadable
contents = pickle.load(sys.stdin.buffer)
reading.read("figures.csv", b"a,b\\n1,2\\n")
before, found = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, []
for content in contents:
    start, code = time.process_time(), ""
    try:
        reading.read("figures.xlsx", content)
    except Unreadable as error:
        code = error.code
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    found.append([time.process_time() - start, grown, code])
print(json.dumps(found))
"""


def document() -> bytes:
    out = io.BytesIO()
    made = docx.Document()
    made.add_table(2, 3).cell(0, 0).text = "Q2 = 27%"
    made.save(out)
    return out.getvalue()


def code_of(content: bytes, **more) -> Code:
    with pytest.raises(Unreadable) as raised:
        archive.check(content, what="document", **more)
    return raised.value.code


def test_bombs_are_refused_soon_and_in_little_memory():
    hostile = [file for file in corpus_hostile.files("") if isinstance(file.expected, Refusal)]
    bombs = [file for file in hostile if file.expected.code in LIMITS]
    assert {file.expected.code for file in bombs} == LIMITS
    contents = pickle.dumps([file.content for file in bombs])
    child = subprocess.run([sys.executable, "-c", CHILD], input=contents, capture_output=True, cwd=ROOT, check=True)
    for file, (seconds, grown, code) in zip(bombs, json.loads(child.stdout), strict=True):
        assert code == file.expected.code, file.about
        assert seconds < SECONDS, file.about
        assert grown < MEGABYTES * 1024, file.about


def test_a_part_is_read_piece_by_piece():
    content = random.Random(1).randbytes(200_000)
    found = archive.check(packed({"a.bin": content}), what="document")
    assert found.names == {"a.bin"}
    assert found.read("a.bin") == content
    assert max(map(len, found.chunks("a.bin"))) <= archive.CHUNK
    with pytest.raises(KeyError):
        found.read("b.bin")


def test_a_word_document_is_within_the_limits():
    found = archive.check(document(), what="document")
    assert "word/document.xml" in found.names
    assert b"Q2 = 27%" in found.read("word/document.xml")


@pytest.mark.parametrize("declared", ["<!DOCTYPE a>", '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>'])
def test_a_document_type_is_refused_in_every_part_of_a_word_document(declared):
    with zipfile.ZipFile(io.BytesIO(document())) as source:
        sound = {name: source.read(name) for name in source.namelist()}
    markup = [name for name in sound if name.endswith((".xml", ".rels"))]
    assert len(markup) > 8
    for name in markup:
        start, end, rest = sound[name].partition(b"?>")
        hostile = start + end + declared.encode() + rest if end else declared.encode() + sound[name]
        assert code_of(packed(sound | {name: hostile})) == Code.FORBIDDEN_MARKUP


def test_tags_are_counted_over_all_parts():
    content = packed(parts(sheet("<row/>" * 100)))
    archive.check(content, what="workbook")
    assert code_of(content, most_tags=100) == Code.UNPACKED_SIZE


def test_the_sentence_says_what_it_is_about_and_what_to_do():
    with pytest.raises(Unreadable) as raised:
        archive.check(packed({"a.bin": bytes(50_000_001)}, method=zipfile.ZIP_STORED), what="document")
    assert raised.value.sentence == (
        "The document holds more than is read at once (50 MB when unpacked). "
        "Leave out pictures and sheets that are not needed, or split it."
    )


@pytest.mark.parametrize("content", [b"", b"PK", b"PK\x03\x04", b"a,b\n1,2\n", b"PK\x05\x06" + bytes(17)])
def test_what_is_no_archive_is_damaged(content):
    assert code_of(content) == Code.DAMAGED


def test_a_hundred_thousand_entries_are_not_even_listed():
    start = time.process_time()
    assert code_of(b"PK\x01\x02" * 5_000_000) == Code.PARTS
    assert time.process_time() - start < SECONDS
