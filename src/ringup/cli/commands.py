"""All commands under one name, and what a failure looks like from the outside."""

from typing import Any

import typer
from typer.core import TyperGroup

from ringup.cli import (
    audit,
    cash_rule,
    demo,
    demo_day,
    doctor,
    drill,
    gift_cards,
    keys,
    limbo,
    migrate,
    orphans,
    prices,
    processors,
    refund,
    report,
    serve,
    shift,
    simulate,
    stock,
    tip,
    vendors,
)
from ringup.cli import loyalty as loyalty_points
from ringup.cli import staff as people
from ringup.cli.bench import command as bench
from ringup.cli.output import CannotRun, complain
from ringup.domain.errors import RingupError
from ringup.settings import SettingsInvalid

FAILED, ASKED_WRONGLY = 1, 2

ADVICE = {
    "database_unavailable": "Is PostgreSQL running, and RINGUP_DATABASE_URL right? `ringup doctor` says more.",
    "schema_mismatch": "Run `ringup migrate` with the newest ringup that works on this database.",
    "secret_unreadable": "Set RINGUP_SECRET_KEY, or put back secret.key, as it was when the secret was stored.",
    "vendor_not_found": "`ringup vendors list` shows the ids.",
    "api_key_not_found": "`ringup keys list` shows the ids.",
    "window_out_of_range": "Both days belong to the report: --from 2026-11-01 --to 2026-11-30.",
    "staff_not_found": "`ringup staff list` shows the ids.",
    "session_already_open": "`ringup shift list` shows what is open. `ringup shift close` ends it.",
    "refund_not_found": "`ringup refund list` shows the ids.",
    "tip_not_adjustable": "`--payment` names one of several cards. What is captured or settled pays no other tip.",
    "count_wanted": "`ringup shift count` counts the drawer.",
    "stock_below_zero": "What sales under way hold stays: `ringup stock list` shows it. Try again later.",
    "transfer_not_found": "`ringup stock documents --under-way` shows the ids.",
    "counted_since": "The later count stands. Count again.",
}
"""What to do about an error, by its code."""


class Commands(TyperGroup):
    """Says what went wrong in a sentence or two instead of a stack of calls. Bugs keep theirs."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except SettingsInvalid as failure:
            complain(str(failure), "Correct the environment; every setting is described in the documentation.")
            raise typer.Exit(ASKED_WRONGLY) from failure
        except CannotRun as failure:
            complain(str(failure), failure.advice)
            raise typer.Exit(FAILED) from failure
        except RingupError as failure:
            complain(f"{failure} ({failure.code})", ADVICE.get(failure.code, ""))
            raise typer.Exit(FAILED) from failure


app = typer.Typer(
    cls=Commands,
    help="Rings up every sale exactly once: a checkout engine on PostgreSQL. Begin with `ringup demo`.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("demo")(demo.demo)
app.command("serve")(serve.serve_command)
app.command("migrate")(migrate.migrate_command)
app.command("doctor")(doctor.doctor)
app.command("audit")(audit.audit)
app.command("orphans")(orphans.orphans)
app.command("report")(report.report)
app.command("tip")(tip.tip)
app.command("simulate")(simulate.simulate)
app.command("drill")(drill.drill)
app.command("demo-day")(demo_day.demo_day)
app.command("bench")(bench.bench)
app.add_typer(processors.commands, name="processors")
app.add_typer(keys.commands, name="keys")
app.add_typer(vendors.commands, name="vendors")
app.add_typer(limbo.commands, name="limbo")
app.add_typer(loyalty_points.commands, name="loyalty")
app.add_typer(people.commands, name="staff")
app.add_typer(shift.commands, name="shift")
app.add_typer(refund.commands, name="refund")
app.add_typer(stock.commands, name="stock")
app.add_typer(prices.taxes, name="taxes")
app.add_typer(prices.coupons, name="coupons")
app.add_typer(cash_rule.commands, name="cash-rule")
app.add_typer(gift_cards.gift_cards, name="gift-cards")
app.add_typer(gift_cards.store_credit, name="store-credit")
