"""Triggers that make rows immutable in the database, on SQLite and PostgreSQL.

SQLite drops a table's triggers when it rebuilds the table, so every migration that touches such a table ends with
`migrations.RunPython(partial(install_triggers, tables=[...]), ...)`.
"""

PREFIX = "immutable"
# SQLite has no TRUNCATE; what REPLACE takes away there fires the DELETE trigger, given `recursive_triggers`.
VERBS = {"sqlite": ("update", "delete"), "postgresql": ("update", "delete", "truncate")}


def trigger_names(table: str, vendor: str) -> list[str]:
    return [f"{PREFIX}_{table}_{verb}" for verb in VERBS[vendor]]


def install_triggers(apps, schema_editor, *, tables: list[str]) -> None:
    """(Re)create the refusals on each table."""
    remove_triggers(apps, schema_editor, tables=tables)
    install = _install_postgresql if schema_editor.connection.vendor == "postgresql" else _install_sqlite
    for table in tables:
        install(schema_editor, table)


def remove_triggers(apps, schema_editor, *, tables: list[str]) -> None:
    vendor = schema_editor.connection.vendor
    for table in tables:
        for name in trigger_names(table, vendor):
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}" + (f" ON {table}" if vendor == "postgresql" else ""))


def _install_sqlite(schema_editor, table: str) -> None:
    for name in trigger_names(table, "sqlite"):
        verb = name.rsplit("_", 1)[1].upper()
        schema_editor.execute(
            f"CREATE TRIGGER {name} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} rows are immutable'); END"
        )


def _install_postgresql(schema_editor, table: str) -> None:
    schema_editor.execute(
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '%% rows are immutable', TG_TABLE_NAME "
        "USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    for name in trigger_names(table, "postgresql"):
        verb = name.rsplit("_", 1)[1].upper()
        each = "STATEMENT" if verb == "TRUNCATE" else "ROW"
        schema_editor.execute(
            f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH {each} EXECUTE FUNCTION refuse_change()"
        )
