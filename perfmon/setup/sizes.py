"""Keeps files and functions small enough to read in one go."""

import ast
from collections.abc import Iterator
from pathlib import Path

from perfmon.setup.console import Problem
from perfmon.setup.place import SHIPPED_FOLDERS

PYTHON_FILE, FUNCTION, TEMPLATE, SCRIPT, ALL_SCRIPTS = 450, 70, 200, 250, 2500
# Tables of cases make tests longer than the code that they test.
TEST_FILE = 700


def report(root: Path) -> str:
    """Raises Problem that lists every file or function over its limit."""
    over = list(too_long(root))
    if over:
        raise Problem("Too long:\n" + "\n".join("    " + line for line in over))
    return ""


def too_long(root: Path) -> Iterator[str]:
    for folder in (*SHIPPED_FOLDERS, "tests"):
        for path in sorted((root / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield from python_over(path, root)
    for path in sorted((root / "templates").rglob("*.html")):
        yield from over(path, root, lines(path), TEMPLATE)
    scripts = sorted((root / "static").rglob("*.js"))
    for path in scripts:
        yield from over(path, root, lines(path), SCRIPT)
    total = sum(lines(path) for path in scripts)
    if total > ALL_SCRIPTS:
        yield f"all scripts together: {total} lines, at most {ALL_SCRIPTS}"


def python_over(path: Path, root: Path) -> Iterator[str]:
    is_test = path.relative_to(root).parts[0] == "tests"
    yield from over(path, root, lines(path), TEST_FILE if is_test else PYTHON_FILE)
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > FUNCTION:
                yield f"{path.relative_to(root)} {node.name}: {length} lines, at most {FUNCTION}"


def over(path: Path, root: Path, count: int, limit: int) -> Iterator[str]:
    if count > limit:
        yield f"{path.relative_to(root)}: {count} lines, at most {limit}"


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())
