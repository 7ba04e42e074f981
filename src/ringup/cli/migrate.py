"""`ringup migrate`: bring a database to this version's schema."""

from typing import Annotated

import typer

from ringup.cli.database import loop_runner, open_database
from ringup.cli.output import AsJson, print_json, results
from ringup.db.migrate import migrate
from ringup.db.reads.operations import schema_is_current
from ringup.settings import load_settings


def migrate_command(
    check: Annotated[bool, typer.Option("--check", help="Change nothing; exit 1 if there is something to do.")] = False,
    as_json: AsJson = False,
) -> None:
    """Bring the database to the schema of this version. Safe to repeat, and while the shop is open.

    Works on RINGUP_DATABASE_URL, whose role must be allowed to create roles and schemas, or
    on the embedded server, which every command that opens it also migrates by itself.

    Example: RINGUP_DATABASE_URL=postgresql://admin@db/shop ringup migrate
    """
    settings = load_settings()
    with open_database(settings, may_create=not check) as database, loop_runner() as runner:
        if check:
            current = runner.run(schema_is_current(database.url))
            _say(as_json, {"current": current}, _how_it_stands(current))
            raise typer.Exit(0 if current else 1)
        report = runner.run(migrate(database.url))
    _say(
        as_json,
        {"current": True, "applied": report.applied, "source_reapplied": report.source_reapplied},
        f"Done: {len(report.applied)} migrations applied, functions and views renewed."
        if report.source_reapplied
        else "Nothing to do: the schema is this version's.",
    )


def _how_it_stands(current: bool) -> str:
    if current:
        return "The schema is this version's."
    return "The schema is not this version's: run `ringup migrate`."


def _say(as_json: bool, document: object, sentence: str) -> None:
    if as_json:
        print_json(document)
    else:
        results().print(sentence)
