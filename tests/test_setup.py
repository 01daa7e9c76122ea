"""What `python3 -m perfmon` says and does when the machine is not as it should be."""

import os
import re
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from perfmon.__main__ import too_old
from perfmon.setup import browser, check, command, demo, place, serving, sizes, suite, venv
from perfmon.setup.console import Problem, failure, run_quietly

ROOT = place.ROOT


def test_old_python_is_told_plainly():
    assert too_old((3, 9, 2)) == (
        "This needs Python 3.11 or newer; this is Python 3.9. Install a newer one and run it with that."
    )
    assert too_old((2, 7, 18)).startswith("This needs Python 3.11 or newer; this is Python 2.7.")
    assert too_old((3, 11, 0)) is None
    assert too_old((3, 13, 1)) is None
    assert too_old((4, 0, 0)) is None


def test_the_first_file_reads_on_an_old_python():
    """No syntax newer than Python 2 and 3 share, before the version is looked at."""
    text = (ROOT / "perfmon" / "__main__.py").read_text(encoding="ascii")
    assert not re.search(r"""\bf["']|:=|\bmatch |->|print """, text)
    assert (ROOT / "perfmon" / "__init__.py").read_text() == ""
    before = text[: text.index("if problem:")]
    assert re.findall(r"^ *(?:from|import) .*", before, re.M) == ["import sys"]


def test_taken_port_names_the_port_and_the_remedy():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(Problem) as told:
            serving.check_port(port)
    assert str(told.value).startswith(f"Port {port} is taken by another program.")
    assert "--port" in str(told.value)
    serving.check_port(port)


def test_taken_port_stops_the_demo_before_anything_is_installed(capsys):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        assert command.main(["demo", "--port", str(other.getsockname()[1])]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "is taken by another program" in err
    assert "Traceback" not in err


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1", "٨٠٠٠", ""])
def test_port_that_is_no_port(port, capsys):
    with pytest.raises(SystemExit) as stopped:
        command.main(["demo", f"--port={port}"])
    assert stopped.value.code == 2
    assert "is not a port: give a number from 1 to 65535" in capsys.readouterr().err


def test_unknown_option_is_refused_but_handed_on_by_test(capsys):
    with pytest.raises(SystemExit):
        command.main(["demo", "--prot", "8001"])
    assert "not understood: --prot 8001" in capsys.readouterr().err
    given, rest = command.parser().parse_known_args(["test", "--full", "tests/measures", "-x"])
    assert (given.full, rest) == (True, ["tests/measures", "-x"])


def test_missing_browser_with_an_empty_path(tmp_path):
    env = {"PATH": str(tmp_path)}
    with pytest.raises(Problem) as told:
        browser.find(tmp_path / "python", env, may_install=True)
    assert str(told.value).startswith("No browser for the tests. Install Chromium, Chrome or Edge")
    assert "BROWSER_PATH" in str(told.value)


def test_browser_on_the_path_and_by_name(tmp_path):
    chrome = tmp_path / "google-chrome"
    chrome.write_text("#!/bin/sh\n")
    chrome.chmod(0o755)
    assert browser.find(tmp_path / "python", {"PATH": str(tmp_path)}, may_install=False) == str(chrome)
    env = {"PATH": "", "BROWSER_PATH": str(chrome)}
    assert browser.find(tmp_path / "python", env, may_install=False) == str(chrome)


def test_wrong_browser_path_is_not_passed_over(tmp_path):
    with pytest.raises(Problem, match="BROWSER_PATH names /nowhere/chrome, which is not a program"):
        browser.find(tmp_path / "python", {**os.environ, "BROWSER_PATH": "/nowhere/chrome"}, may_install=True)


def fake_project(folder: Path) -> Path:
    (folder / "requirements").mkdir()
    for name in ("run", "test"):
        (folder / "requirements" / f"{name}.txt").write_text(f"{name}==1 --hash=sha256:00\n")
    python = venv.interpreter(folder)
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    return folder


def test_stamp_is_good_until_the_lock_file_changes(tmp_path):
    root = fake_project(tmp_path)
    assert not venv.is_ready("run", root)
    place.put_stamp(venv.stamp_file("run", root), venv.lock_mark("run", root))
    assert venv.is_ready("run", root)
    assert not venv.is_ready("test", root)
    assert venv.ensure("run", root) == venv.interpreter(root)
    venv.lock_file("run", root).write_text("run==2 --hash=sha256:00\n")
    assert not venv.is_ready("run", root)


def test_stamp_without_a_working_python_is_not_believed(tmp_path):
    root = fake_project(tmp_path)
    place.put_stamp(venv.stamp_file("run", root), venv.lock_mark("run", root))
    venv.interpreter(root).unlink()
    assert not venv.is_ready("run", root)


def test_half_written_stamp_is_not_believed(tmp_path):
    stamp = tmp_path / "stamp"
    assert not place.stamped(stamp, "abc")
    stamp.write_bytes(b"\xff\xfe")
    assert not place.stamped(stamp, "abc")
    place.put_stamp(stamp, "abc")
    assert place.stamped(stamp, "abc")


def test_digest_tells_names_contents_and_extra_apart(tmp_path):
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_text("a")
    two.write_text("b")
    first = place.digest([one, two])
    assert place.digest([two, one]) == first
    assert place.digest([one, two], extra="x") != first
    two.write_text("c")
    assert place.digest([one, two]) != first


def test_static_mark_changes_with_a_style_sheet(tmp_path):
    root = fake_project(tmp_path)
    (root / "static" / "css").mkdir(parents=True)
    sheet = root / "static" / "css" / "base.css"
    sheet.write_text("a{}")
    before = demo.static_mark(root)
    assert demo.static_mark(root) == before
    sheet.write_text("b{}")
    assert demo.static_mark(root) != before


def test_demo_key_is_made_once_and_is_private(tmp_path):
    key = place.secret_key(tmp_path)
    assert len(key) == 96
    assert place.secret_key(tmp_path) == key
    assert stat.S_IMODE((tmp_path / "demo-secret-key").stat().st_mode) == 0o600


def test_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / ".perfmon").write_text("a file in the way")
    with pytest.raises(Problem, match="Copy the project to a folder you may write to"):
        place.state_folder(tmp_path)


def test_failed_command_is_named_with_its_last_lines():
    code = "for n in range(40): print('line', n)\nraise SystemExit(3)"
    with pytest.raises(Problem) as told:
        run_quietly([sys.executable, "-c", code])
    text = str(told.value)
    assert text.startswith("This command failed (exit code 3):\n")
    assert "line 39" in text
    assert "line 25" in text
    assert "line 24" not in text


def test_failed_command_that_said_nothing():
    assert failure(["false"], 1, "\n") == (
        "This command failed (exit code 1):\n  false\nIts last lines:\n    (it printed nothing)"
    )


def test_missing_venv_module_names_the_package():
    assert "apt install python3-venv" in venv.missing_venv_words()


def test_missing_venv_module_is_told(tmp_path):
    """A Python without ensurepip, as Debian's is before python3-venv; the search path is cut to hide it."""
    code = (
        "import importlib.util as u, pathlib, sys\n"
        "real = u.find_spec\n"
        "u.find_spec = lambda name, *a: None if name == 'ensurepip' else real(name, *a)\n"
        "from perfmon.setup import venv, console\n"
        "try: venv.create(pathlib.Path(sys.argv[1]), None)\n"
        "except console.Problem as problem: print(problem)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == venv.missing_venv_words()


def test_demo_does_not_inherit_settings(monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", "postgres://real/data")
    monkeypatch.setenv("PERFMON_TEST", "1")
    monkeypatch.setenv("DEBUG", "1")
    env = demo.environment(tmp_path)
    assert env["DATABASE_URL"] == f"sqlite:///{tmp_path}/demo.sqlite3"
    assert "PERFMON_TEST" not in env
    assert "DEBUG" not in env
    assert (env["PERFMON_DEMO"], env["PERFMON_TODAY"]) == ("1", "2018-11-11")
    assert (env["ALLOWED_HOSTS"], env["LOG_LEVEL"]) == ("127.0.0.1,localhost", "WARNING")


def test_interrupt_ends_without_a_traceback(monkeypatch, capsys):
    def interrupted(given):
        raise KeyboardInterrupt

    monkeypatch.setitem(command.VERBS, "check", ("run checks", check.options, interrupted))
    assert command.main(["check"]) == 130
    assert capsys.readouterr().out == "\nStopped.\n"


def test_a_demonstration_in_the_background_ends_on_term():
    """A shell starts it there with the interrupt ignored, so TERM must not be passed on as one."""
    code = (
        "import signal, time\n"
        "from perfmon.setup import demo\n"
        "signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        "signal.signal(signal.SIGTERM, demo.interrupt)\n"
        "try:\n"
        "    print('waiting', flush=True)\n"
        "    time.sleep(60)\n"
        "except KeyboardInterrupt: print('ended')\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True) as started:
        assert started.stdout.readline() == "waiting\n"
        started.terminate()
        assert started.stdout.read() == "ended\n"


def test_sizes_name_what_is_too_long(tmp_path):
    for folder in ("measures", "templates", "static/js"):
        (tmp_path / folder).mkdir(parents=True)
    body = "def long():\n" + "    x = 1\n" * 70
    (tmp_path / "measures" / "a.py").write_text(body)
    (tmp_path / "measures" / "b.py").write_text("x = 1\n" * 451)
    (tmp_path / "measures" / "c.py").write_text("x = 1\n" * 450)
    (tmp_path / "templates" / "a.html").write_text("<p>\n" * 201)
    (tmp_path / "static" / "js" / "a.js").write_text("x\n" * 251)
    for n in range(11):
        (tmp_path / "static" / "js" / f"b{n}.js").write_text("x\n" * 220)
    assert list(sizes.too_long(tmp_path)) == [
        "measures/a.py long: 71 lines, at most 70",
        "measures/b.py: 451 lines, at most 450",
        "templates/a.html: 201 lines, at most 200",
        "static/js/a.js: 251 lines, at most 250",
        "all scripts together: 2671 lines, at most 2500",
    ]
    with pytest.raises(Problem, match=r"Too long:\n"):
        sizes.report(tmp_path)


@pytest.mark.parametrize("name", ["run", "test"])
def test_lock_files_hold_hashes_and_no_place(name):
    text = venv.lock_file(name).read_text(encoding="ascii")
    assert not re.search(r"https?:|file:|--find-links|--index|(^|\s)/", text)
    lines = [line for line in text.splitlines() if not line.startswith((" ", "#"))]
    assert len(lines) > 20
    assert all(re.fullmatch(r"[a-z0-9.\-]+(\[[a-z,]+\])?==\S+( ; .*)? \\", line) for line in lines)


def test_test_lock_holds_the_run_lock_at_the_same_versions():
    run, test = (
        {line for line in venv.lock_file(name).read_text().splitlines() if "==" in line and line[0].isalpha()}
        for name in ("run", "test")
    )
    assert run <= test


@pytest.mark.parametrize(
    ("steady", "unsteady", "passes", "told"),
    [(0, 0, True, ""), (0, 3, True, "Unsteady"), (0, 4, False, ""), (1, 1, False, "2 failed beside others. Alone:")],
)
def test_a_few_failures_are_looked_at_again_in_the_open(steady, unsteady, passes, told, tmp_path, capfd, monkeypatch):
    """`steady` tests that always fail, `unsteady` ones that pass the second time."""
    monkeypatch.chdir(tmp_path)  # Tests are named from the folder where they run.
    lines = ["import pathlib"]
    lines += [f"def test_broken_{n}(): assert False" for n in range(steady)]
    for n in range(unsteady):
        mark = tmp_path / f"seen-{n}"
        lines += [f"def test_unsteady_{n}():", f"    mark = pathlib.Path({str(mark)!r})"]
        lines += ["    seen = mark.exists()", "    mark.touch()", "    assert seen"]
    lines += ["def test_fine(): pass"]
    tests = tmp_path / "test_made_up.py"
    tests.write_text("\n".join(lines))
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    pytest_there = [sys.executable, "-m", "pytest", "-p", "no:django", "-c", str(tmp_path / "pytest.ini")]
    assert suite.passes(pytest_there, [str(tests)], {"PATH": os.environ["PATH"]}, tmp_path / "cache") is passes
    out = capfd.readouterr().out
    assert told in out
    assert out.count("Alone:") == (1 if 0 < steady + unsteady <= suite.SECOND_LOOK else 0)


def test_a_run_that_goes_wrong_is_no_pass(tmp_path):
    """No test found is pytest's code 5."""
    nothing = tmp_path / "test_nothing.py"
    nothing.write_text("")
    pytest_there = [sys.executable, "-m", "pytest", "-p", "no:django", "-c", "/dev/null"]
    assert suite.passes(pytest_there, [str(nothing)], {"PATH": os.environ["PATH"]}, tmp_path / "cache") is False
