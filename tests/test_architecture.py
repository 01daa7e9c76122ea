"""The house rules that can be read off the syntax tree: who writes, who imports whom, what templates may hold."""

import ast
import re
import sys
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

ROOT = Path(__file__).resolve().parent.parent
# Later apps may import earlier ones.
APPS = ("accounts", "measures", "commentary", "workflow")
CODE = (*APPS, "perfmon")

WRITE_MODULES = {
    *("accounts.audit", "accounts.people", "accounts.organisations", "accounts.contracts"),
    *("measures.benchmarks", "measures.events", "measures.target_changes"),
    *("measures.catalogue", "measures.recording", "measures.history", "measures.writing", "measures.storing"),
    *(f"measures.imports.{name}" for name in "batches benchmark_batches lifecycle".split()),
    *("commentary.drafting", "commentary.importing", "workflow.transitions", "workflow.areas"),
    *("workflow.papers.loading", "commentary.carrying"),
    *(f"measures.catalogue_{name}" for name in "definitions order series targets".split()),
    *("commentary.making", "workflow.measure_set_up"),
    "workflow.contract_books.loading",
    *("accounts.first_run", "measures.committee", "measures.contract_changes"),
    "accounts.credentials",
    "accounts.invitations",
}
# They write through another of them alone.
WRITE_THROUGH_OTHERS = {
    *("measures.recording", "measures.writing", "measures.imports.benchmark_batches", "workflow.papers.loading"),
    *("commentary.carrying", "measures.catalogue_targets"),
    "workflow.contract_books.loading",
    "accounts.first_run",
}
WRITES = {
    *("create", "bulk_create", "get_or_create", "update_or_create", "update", "bulk_update", "delete", "save"),
    *("acreate", "abulk_create", "aget_or_create", "aupdate_or_create", "aupdate", "abulk_update", "adelete", "asave"),
    *("create_user", "create_superuser", "raw", "force_insert"),
}
# The pure modules: rules and shapes that can be read and tested without Django.
PURE = {
    *("accounts.roles", "accounts.denial", "accounts.slugs", "accounts.demo"),
    *("measures.quarters", "measures.numbers", "measures.rating", "measures.travel", "measures.derivation"),
    *("measures.states", "measures.rights", "measures.entries", "measures.terms", "measures.readings"),
    *("measures.rows", "measures.facts", "measures.summary", "measures.figures", "measures.figures_csv"),
    *(
        "measures.plotting",
        "measures.converters",
        "workflow.table",
        "workflow.demo_rows",
        "workflow.demo_files",
        "workflow.tiles",
    ),
    *("workflow.choices", "workflow.measure_choice", "workflow.chart_view"),
    "measures.benchmark_entries",
    "measures.committee_days",
    *(f"commentary.{name}" for name in "given_names identifiers passages persons privacy unseen".split()),
    *("commentary.alignment", "commentary.differences", "commentary.earlier", "commentary.pieces"),
    *(f"workflow.contract_books.{name}" for name in "building cells checking codes columns examples filling".split()),
    *(f"workflow.contract_books.{name}" for name in "lines notes reading shapes".split()),
    *(f"workflow.papers.{name}" for name in "blocks figures markup_cells own_cell parsing shapes suggesting".split()),
    *(
        "measures.imports.archive",
        "measures.imports.brought",
        "measures.imports.cells",
        "measures.imports.csv_files",
        "measures.imports.encodings",
        "measures.imports.excel_parts",
        "measures.imports.excel_sheets",
        "measures.imports.issues",
        "measures.imports.markup",
        "measures.imports.numbers",
        "measures.imports.period_texts",
        "measures.imports.periods",
    ),
    *(
        f"measures.imports.{name}"
        for name in "asking comparing doubts findings guessing headings lacking line series_lookup sheet_lines".split()
    ),
    *(f"measures.imports.{name}" for name in "long_rows mapping plan planning refused rows statuses".split()),
    *("measures.imports.template_rows", "measures.imports.wide_rows"),
    *("measures.imports.tidy", "measures.imports.tidy_file", "measures.imports.tidy_rows"),
    *("measures.imports.kinds", "measures.imports.words"),
    *(f"measures.{name}" for name in "basis chances event_entries inert ordinals overlays pair_check track".split()),
    *(f"measures.{name}" for name in "rule_words target_effects target_entries".split()),
    *("measures.expectation", "measures.plausibility", "measures.grid_cells", "measures.rights_words"),
    *("measures.set_up_words", "measures.catalogue_told", "measures.target_problems"),
}
# They run before Django is set up, or import what only tests have.
IMPORTS_LATER = {"perfmon.settings", "perfmon.start", "perfmon.fonts"}
MARKED_SAFE = {
    "accounts.templatetags.icons",
    "commentary.templatetags.panes",
    "measures.templatetags.charts",
    "measures.templatetags.marks",
}


def dotted(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {
    dotted(path): path for app in CODE for path in sorted((ROOT / app).rglob("*.py")) if "migrations" not in path.parts
}
PURE_MODULES = sorted(PURE | {name for name in MODULES if name.startswith(("measures.charts", "measures.stats"))})


@cache
def tree(name: str) -> ast.Module:
    return ast.parse(MODULES[name].read_text(encoding="utf-8"))


def functions(name: str) -> list[ast.FunctionDef]:
    return [node for node in ast.walk(tree(name)) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]


def imports(name: str, node: ast.AST | None = None) -> set[str]:
    """Dotted names of what a module imports: of ours the module itself, wherever it stands."""
    package = name if MODULES[name].name == "__init__.py" else name.rpartition(".")[0]
    found = set()
    for each in ast.walk(node or tree(name)):
        if isinstance(each, ast.Import):
            found |= {alias.name for alias in each.names}
        elif isinstance(each, ast.ImportFrom):
            above = package.split(".")
            base = ".".join(above[: len(above) - each.level + 1]) if each.level else ""
            source = ".".join(part for part in (base, each.module) if part)
            inner = {f"{source}.{alias.name}" for alias in each.names}
            found |= (inner & MODULES.keys()) | ({source} if inner - MODULES.keys() else set())
    return found


def is_write(call: ast.Call, own: set[str]) -> bool:
    """Whether a call writes through a manager, a queryset or a row. `own` are names of imported modules of ours."""
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in WRITES:
        return False
    receiver, verb = call.func.value, call.func.attr
    if isinstance(receiver, ast.Name) and receiver.id in own:
        return False
    # A dictionary takes what it is updated with as an argument, a queryset by keyword alone.
    return not (verb in ("update", "delete") and call.args)


def imported_modules(name: str) -> set[str]:
    """Names by which a module calls other modules of ours, as in `drafting.save`."""
    return {module.rpartition(".")[2] for module in imports(name) if module in MODULES}


def writes(name: str, node: ast.AST | None = None) -> list[str]:
    own = imported_modules(name)
    calls = [each for each in ast.walk(node or tree(name)) if isinstance(each, ast.Call)]
    return [ast.unparse(call.func) for call in calls if is_write(call, own)]


def is_models(name: str) -> bool:
    return name.rpartition(".")[2] == "models" or ".models." in name


def test_only_models_and_write_modules_write():
    # The commands that set the product up know no rows; one of them saves fonts, one signs somebody in to be timed.
    # The other saves sessions, as Django does.
    apart = ("perfmon.setup", "perfmon.fonts", "perfmon.bench_rows", "perfmon.sessions")
    found = {name: writes(name) for name in MODULES if not is_models(name) and not name.startswith(apart)}
    assert {name: calls for name, calls in found.items() if calls and name not in WRITE_MODULES} == {}
    assert {name for name, calls in found.items() if calls} == WRITE_MODULES - WRITE_THROUGH_OTHERS


@pytest.mark.parametrize(("code", "verdict"), [
    ("User.objects.create(name=1)", True),
    ("rows.filter(pk=1).update(a=1)", True),
    ("row.save()", True),
    ("area.delete()", True),
    ("attrs.update({'a': 1})", False),
    ("cache.delete('key')", False),
    ("drafting.save(by=1)", False),
    ("Observation.objects.filter(pk=1)", False),
])  # fmt: skip
def test_what_counts_as_a_write(code, verdict):
    assert is_write(ast.parse(code, mode="eval").body, own={"drafting"}) is verdict


@cache
def imported_writes(name: str) -> set[str]:
    """Names of the write functions that a module imports from others, as in `write` and `record`."""
    return {
        alias.name
        for node in ast.walk(tree(name))
        if isinstance(node, ast.ImportFrom)
        for source in [f"{name.rpartition('.')[0]}.{node.module}" if node.level else node.module]
        if source in WRITE_MODULES
        for alias in node.names
        if alias.name in writing_functions(source)
    }


@cache
def writing_functions(name: str) -> dict[str, ast.FunctionDef]:
    """Functions of a module that write, themselves or through other functions of ours."""
    every = {node.name: node for node in functions(name)}
    called = {
        one: {each.func.id for each in ast.walk(node) if isinstance(each, ast.Call) and isinstance(each.func, ast.Name)}
        for one, node in every.items()
    }
    found = {one for one, node in every.items() if writes(name, node) or "audit.append" in ast.unparse(node)}
    found |= {one for one, names in called.items() if names & imported_writes(name)}
    while more := {one for one, names in called.items() if names & found} - found:
        found |= more
    return {one: every[one] for one in found}


PUBLIC_WRITES = {
    f"{module}.{name}": node
    for module in sorted(WRITE_MODULES)
    for name, node in writing_functions(module).items()
    if not name.startswith("_")
}


def test_the_write_functions_are_found():
    assert {
        *("accounts.audit.append", "accounts.people.add_member", "accounts.contracts.create_contract"),
        *("measures.catalogue.set_first_target", "measures.recording.record", "measures.history.load"),
        *("measures.writing.write", "measures.writing.set_back", "measures.recording.record_row"),
        *("commentary.drafting.save", "commentary.drafting.release", "commentary.drafting.withdraw"),
        *("workflow.transitions.open_cycle", "workflow.transitions.submit", "workflow.areas.remove_area"),
    } <= set(PUBLIC_WRITES)


@pytest.mark.parametrize("name", sorted(PUBLIC_WRITES))
def test_a_write_function_takes_keywords_and_says_by_whom(name):
    arguments = PUBLIC_WRITES[name].args
    assert (arguments.posonlyargs, arguments.args, arguments.vararg) == ([], [], None)
    by = [index for index, each in enumerate(arguments.kwonlyargs) if each.arg == "by"]
    assert len(by) == 1
    assert arguments.kw_defaults[by[0]] is None, "`by` has no default"


def test_write_modules_are_told_the_time():
    clocks = re.compile(r"timezone\.(now|localdate)\(\)|\.(now|today|utcnow)\(\)|clock\.today|time\.time\(")
    assert [name for name in sorted(WRITE_MODULES) if clocks.search(MODULES[name].read_text(encoding="utf-8"))] == []


def test_no_signals_and_no_generic_keys():
    banned = {"receiver", "post_save", "pre_save", "post_delete", "pre_delete", "m2m_changed", "GenericForeignKey"}
    found = {
        (name, each)
        for name in MODULES
        for node in ast.walk(tree(name))
        for each in [getattr(node, "id", None), getattr(node, "attr", None), *aliases(node)]
        if each in banned or (each or "").startswith("django.dispatch")
    }
    assert found == set()
    assert [name for name in MODULES if any("signals" in each for each in imports(name))] == []


def aliases(node: ast.AST) -> list[str]:
    return [alias.name for alias in node.names] if isinstance(node, (ast.Import, ast.ImportFrom)) else []


def test_imports_stand_at_the_top():
    found = {
        (name, each)
        for name in MODULES.keys() - IMPORTS_LATER
        for function in functions(name)
        for each in imports(name, function)
    }
    assert found == set()


@pytest.mark.parametrize("name", PURE_MODULES)
def test_a_pure_module_imports_the_standard_library_and_pure_modules(name):
    others = {each for each in imports(name) if each.partition(".")[0] not in sys.stdlib_module_names}
    assert others - set(PURE_MODULES) == set()


def test_a_module_that_says_it_is_pure_is_one_of_them():
    claims = re.compile(r"\bPure\b|\bNo Django\b|\bno Django\b")
    said = {name for name in MODULES if claims.search(ast.get_docstring(tree(name)) or "")}
    assert said - set(PURE_MODULES) == set()


@pytest.mark.parametrize("app", APPS)
def test_apps_import_one_way(app):
    allowed = set(APPS[: APPS.index(app) + 1])
    found = {
        (name, each)
        for name in MODULES
        if name.partition(".")[0] == app
        for each in imports(name)
        if each.partition(".")[0] in CODE and each.partition(".")[0] not in allowed
    }
    assert found == set()


def test_nothing_but_addresses_imports_views():
    views = {name for name in MODULES if name.rpartition(".")[2].endswith("views") or name.endswith(".api")}
    importers = {name for name in MODULES for each in imports(name) if each in views}
    assert {name for name in importers if name.rpartition(".")[2] not in ("urls", "api")} == set()


def test_at_most_one_context_processor_is_ours():
    processors = settings.TEMPLATES[0]["OPTIONS"]["context_processors"]
    assert [each for each in processors if each.partition(".")[0] in CODE] == ["perfmon.context.site"]
    assert {
        each for each in imports("perfmon.context") if "django.db" in each or each.partition(".")[0] in APPS
    } == set()


def test_there_is_no_django_admin():
    """Its pages would be a second door to the same rows, with words and rules of their own."""
    assert not apps.is_installed("django.contrib.admin")
    assert [name for name in MODULES if name.endswith(".admin")] == []
    assert {model._meta.app_label for model in apps.get_models() if model._meta.app_label in APPS} == set(APPS)


# Templates and scripts

TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SCRIPTS = sorted((ROOT / "static" / "js").rglob("*.js"))
FORBIDDEN = {
    "inline style": re.compile(
        r"<[^>]*\sstyle\s*=|<style\b(?![^>]*\snonce=)[^>]*>|<style[^>]*>\s*[^<\s]", re.IGNORECASE
    ),
    "event attribute": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "javascript: address": re.compile(r"javascript:", re.IGNORECASE),
    # The pattern that is looked for, not a use of it.
    "|safe": re.compile(r"\|\s*safe(seq)?\b"),
    "autoescape off": re.compile(r"autoescape\s+off"),
}
SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script>", re.IGNORECASE | re.DOTALL)


@pytest.mark.parametrize("path", TEMPLATES, ids=[str(path.relative_to(ROOT)) for path in TEMPLATES])
def test_a_template_holds_nothing_that_the_policy_blocks(path):
    text = path.read_text(encoding="utf-8")
    assert [what for what, pattern in FORBIDDEN.items() if pattern.search(text)] == []
    inline = [script for attributes, script in SCRIPT.findall(text) if "src=" not in attributes or script.strip()]
    assert inline == []


def test_templates_were_found():
    assert len(TEMPLATES) > 50
    assert len(SCRIPTS) > 5


def test_markup_is_marked_safe_in_few_places():
    used = {
        name
        for name in MODULES
        for node in ast.walk(tree(name))
        if getattr(node, "id", "") in ("mark_safe", "SafeString")
    }
    assert used - MARKED_SAFE == set()


# What a script must not use, searched for and never used here: each would take a text for markup or for code.
MARKUP_FROM_TEXT = re.compile(
    r"\.(innerHTML|outerHTML)\s*\+?=(?!=)|insertAdjacentHTML|document\.write|\beval\(|new Function"
)


@pytest.mark.parametrize("path", SCRIPTS, ids=[path.name for path in SCRIPTS])
def test_a_script_writes_no_markup(path):
    text = path.read_text(encoding="utf-8")
    assert MARKUP_FROM_TEXT.findall(text) == []


def run_as_templates(module):
    """crispy runs the value of an input in a layout, and the text of HTML, as a template: with what somebody typed in
    it, that would be a program of theirs. An input of the helper is written out as it is."""
    calls = [node for node in ast.walk(module) if isinstance(node, ast.Call)]
    inputs = {id(arg) for call in calls if getattr(call.func, "attr", "") == "add_input" for arg in call.args}
    for call in calls:
        name = getattr(call.func, "id", getattr(call.func, "attr", ""))
        if name in ("Hidden", "Submit", "Button", "Reset") and id(call) not in inputs:
            yield call.lineno
        if name in ("HTML", "Alert") and not all(isinstance(arg, ast.Constant) for arg in call.args):
            yield call.lineno


def test_nothing_typed_is_run_as_a_template():
    found = {f"{name}:{line}" for name in MODULES for line in run_as_templates(tree(name))}
    assert found == set()


@pytest.mark.parametrize("code", ['Layout("a", Hidden("b", c))', "HTML(text)", 'HTML(f"{a}")'])
def test_what_is_run_as_a_template(code):
    assert list(run_as_templates(ast.parse(code))) == [1]


def test_budgets():
    lines = {
        path: len(path.read_text(encoding="utf-8").splitlines()) for path in [*SCRIPTS, *TEMPLATES, *MODULES.values()]
    }
    assert sum(lines[path] for path in SCRIPTS) <= 2500
    longest = {".js": 250, ".html": 200, ".py": 450}
    assert [str(path.relative_to(ROOT)) for path, count in lines.items() if count > longest[path.suffix]] == []
    long = [
        f"{name}.{node.name}" for name in MODULES for node in functions(name) if node.end_lineno - node.lineno + 1 > 70
    ]
    assert long == []
