"""The documents say what is so: names, commands, variables and places are those of the code."""

import ast
import enum
import re
from io import StringIO
from types import ModuleType

import pytest
from django.apps import apps
from django.core.management import call_command

from accounts import roles
from accounts.demo import DEMO_ACCOUNTS, PASSWORD
from measures import derivation, entries, numbers, rating, rights, states, terms, travel
from measures.rights import Act
from measures.states import State
from measures.templatetags.marks import WORDS
from perfmon.setup.command import VERBS
from perfmon.setup.place import ROOT
from workflow import diagram
from workflow.table import MOVES

DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
TEXT = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in DOCUMENTS}
EVERYTHING = "\n".join(TEXT.values())
GLOSSARY = TEXT["docs/glossary.md"]

READERS = {"flag", "whole_number", "day", "database", "env.str", "env.list", "os.environ.get"}
OURS = ("accounts", "measures", "commentary", "workflow")
# Made by set-up or by the reader, not part of a clone.
MADE = (".venv", ".perfmon", ".env", "backup.", "perfmon.dump", "perfmon.sqlite3", ".well-known")
SUFFIXES = ".py .md .toml .csv .html .css .js .txt .yml .png".split()
# In a line of text; what stands between fences is code to run.
FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
TICKED = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)]+)\)")
PLACE = re.compile(r"[\w.-]+(?:/[\w.-]+)*/?")
ADDRESS = re.compile(r"https?://([\w.:-]+)")


def ticked(text: str) -> list[str]:
    return TICKED.findall(FENCED.sub("", text))


def places(text: str) -> set[str]:
    """What stands in code type and looks like a file or folder of the project."""
    found = {each for each in ticked(text) if PLACE.fullmatch(each) and not each.startswith(MADE)}
    return {each for each in found if "/" in each or each.endswith(tuple(SUFFIXES))}


def variables(path: str) -> set[str]:
    """The names that a module reads from the environment."""
    calls = [
        node for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))) if isinstance(node, ast.Call)
    ]
    named = [call for call in calls if ast.unparse(call.func) in READERS and isinstance(call.args[0], ast.Constant)]
    return {call.args[0].value for call in named}


def enums(module: ModuleType) -> list[type[enum.StrEnum]]:
    found = [each for each in vars(module).values() if isinstance(each, type) and issubclass(each, enum.StrEnum)]
    return [each for each in found if each.__module__ == module.__name__]


ENUMS = {
    one.__name__: one
    for module in (roles, terms, states, derivation, entries, numbers, rating, rights, travel)
    for one in enums(module)
}
MODELS = [model.__name__ for app in OURS for model in apps.get_app_config(app).get_models()]


def test_the_page_about_the_workflow_is_drawn_from_the_tables():
    printed = StringIO()
    call_command("workflow_diagram", stdout=printed)
    assert TEXT["docs/workflow.md"] == printed.getvalue()


@pytest.mark.parametrize("act", Act)
def test_every_act_stands_in_the_table_of_rights(act):
    assert f"| {act} (`{act.name}`) |" in TEXT["docs/workflow.md"]


@pytest.mark.parametrize("state", State)
def test_every_state_is_explained(state):
    assert f"| {state.name} | {state.words} |" in TEXT["docs/workflow.md"]
    assert f"*{state.words}*" in GLOSSARY


def test_the_diagram_shows_every_move_from_each_of_its_states():
    arrows = [line.split(" : ")[0].split() for line in diagram.mermaid().splitlines() if "-->" in line]
    expected = [(source.name, move.target.name) for move in MOVES for source in move.sources]
    assert sorted((source, target) for source, _, target in arrows) == sorted([("[*]", "OPEN"), *expected])


@pytest.mark.parametrize(
    ("states", "words"),
    [
        (frozenset(State), "all"),
        (frozenset(State) - {State.PAST}, "all but PAST"),
        ({State.COMMENTARY, State.OPEN}, "OPEN, COMMENTARY"),
        (frozenset(), ""),
    ],
)
def test_states_of_a_right_in_words(states, words):
    assert diagram._states(frozenset(states)) == words


COMMANDS = sorted(
    path.stem
    for app in (*OURS, "perfmon")
    for path in (ROOT / app / "management" / "commands").glob("*.py")
    if path.stem != "__init__"
)


def test_commands_were_found():
    assert {"first_administrator", "import_report", "import_values", "load_demo", "workflow_diagram"} <= set(COMMANDS)
    assert {"backup", "restore", "verify"} <= set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_of_manage_py_is_explained(name):
    assert re.search(rf"^\| (`manage\.py \w+` )*`manage\.py {name}` ", TEXT["docs/developers.md"], re.MULTILINE)


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_is_explained(verb):
    assert f"python3 -m perfmon {verb}" in TEXT["README.md"]
    assert f"| `python3 -m perfmon {verb}` |" in TEXT["docs/developers.md"]


SETTINGS = variables("perfmon/settings.py") | variables("perfmon/start.py")


def test_variables_were_found():
    assert {
        "SECRET_KEY",
        "ALLOWED_HOSTS",
        "DATABASE_URL",
        "PERFMON_DEMO",
        "PERFMON_TODAY",
        "TEST_DB",
        "BIND",
    } < SETTINGS


FOR_TESTS = {"PERFMON_TEST", "TEST_DB"}
ROWS = dict(re.findall(r"^\| `([A-Z_]+)` \| (.*?) \|", TEXT["docs/operation.md"], re.MULTILINE))


@pytest.mark.parametrize("name", sorted(SETTINGS))
def test_every_variable_is_explained(name):
    assert f"| `{name}` |" in TEXT["docs/developers.md" if name in FOR_TESTS else "docs/operation.md"]


def defaults() -> dict[str, str]:
    """Variable -> its default as the document has to put it, for all that have one which does not depend on others."""
    found = {}
    for path in ("perfmon/settings.py", "perfmon/start.py"):
        for call in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call) or ast.unparse(call.func) not in READERS - {"database"}:
                continue
            given = [*call.args[1:], *(word.value for word in call.keywords if word.arg == "default")]
            value = ast.unparse(given[0]) if given else "False"
            if isinstance(call.args[0], ast.Constant) and re.fullmatch(r"'[^']*'|\d+|\[\]|False|True", value):
                words = {"False": "0", "True": "1", "[]": "", "''": ""}.get(value, value.strip("'"))
                found[call.args[0].value] = "" if ast.unparse(call.func) == "day" else words
    return {name: value for name, value in found.items() if name not in FOR_TESTS}


def test_defaults_were_found():
    found = defaults()
    assert (found["OIDC_NAME"], found["TRUSTED_PROXY_COUNT"], found["DEBUG"]) == ("your organisation", "0", "0")
    assert len(found) > 15


# Nothing starts without them, whatever the code falls back to.
@pytest.mark.parametrize("name", sorted(defaults().keys() - {"ALLOWED_HOSTS"}))
def test_a_default_is_what_the_document_says(name):
    assert ROWS[name] == (defaults()[name] or "empty")


def test_no_variable_is_explained_that_nothing_reads():
    rows = re.findall(r"^\| `([A-Z_]+)` \|", EVERYTHING, re.MULTILINE)
    code = "\n".join(
        path.read_text(encoding="utf-8") for path in [*(ROOT / "perfmon").rglob("*.py"), ROOT / "docker-compose.yml"]
    )
    assert [name for name in rows if name not in code] == []


def test_every_variable_of_compose_is_explained():
    asked = re.findall(r"\$\{(\w+)", (ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    assert [name for name in asked if name not in ROWS] == []


def test_every_variable_that_compose_needs_is_in_the_readme():
    needed = re.findall(r"\$\{(\w+):\?", (ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    assert set(needed) == {"SECRET_KEY", "POSTGRES_PASSWORD", "ALLOWED_HOSTS"}
    assert [name for name in needed if f"`{name}`" not in TEXT["README.md"]] == []


@pytest.mark.parametrize("document", TEXT)
def test_every_place_named_is_there(document):
    assert [place for place in sorted(places(TEXT[document])) if not (ROOT / place).exists()] == []


@pytest.mark.parametrize("document", TEXT)
def test_every_link_leads_somewhere(document):
    folder = (ROOT / document).parent
    assert [link for link in LINK.findall(TEXT[document]) if not (folder / link).exists()] == []


def test_places_are_recognised():
    text = "`measures/rating.py`, `tests/`, `.perfmon/demo.sqlite3`, `/healthz`, `a or b`\n```\n`no/such.py`\n```\n"
    assert places(text) == {"measures/rating.py", "tests/"}


def test_the_readme_is_short_and_shows_the_product():
    assert len(TEXT["README.md"].splitlines()) < 100
    pictures = sorted((ROOT / "docs" / "img").glob("*.png"))
    assert [path.name for path in pictures] == ["measure.png", "scorecard.png"]
    assert [path.name for path in pictures if f"docs/img/{path.name}" not in TEXT["README.md"]] == []
    assert [path.name for path in pictures if path.stat().st_size > 250_000] == []


def test_the_readme_names_who_can_sign_in():
    cells = TEXT["README.md"].split(" | ")
    assert [account.email for account in DEMO_ACCOUNTS if account.email not in cells] == []
    assert f"`{PASSWORD}`" in TEXT["README.md"]


@pytest.mark.parametrize("name", [*ENUMS, *MODELS])
def test_every_closed_list_and_table_is_in_the_glossary(name):
    assert f"`{name}`" in GLOSSARY


@pytest.mark.parametrize("one", [each for name, each in ENUMS.items() if name != "Act"], ids=lambda each: each.__name__)
def test_every_word_of_a_closed_list_is_in_the_glossary(one):
    words = [member.value.replace("_", " ") for member in one if one is not State]
    assert [word for word in words if not re.search(rf"\b{re.escape(word)}\b", GLOSSARY, re.IGNORECASE)] == []


@pytest.mark.parametrize("letter", WORDS)
def test_every_symbol_is_explained(letter):
    row = next(line for line in GLOSSARY.splitlines() if line.startswith(f"| [{letter}] |"))
    assert WORDS[letter] in row.lower()


@pytest.mark.parametrize("document", TEXT)
def test_no_place_of_one_machine_is_named(document):
    text = TEXT[document]
    assert re.findall(r"(?<![\w.])/(?:work|root|home|tmp|Users|opt|mnt)/\S*", text) == []
    assert set(ADDRESS.findall(text)) <= {"127.0.0.1:8000", "perfmon.example.gov.uk"}


@pytest.mark.parametrize("document", TEXT)
def test_lines_are_short_but_in_tables(document):
    lines = FENCED.sub("", TEXT[document]).splitlines()
    assert [line for line in lines if len(line) > 120 and not line.startswith("|")] == []
