"""What the demonstration shop tells its visitors: a file for programs, and lines to paste for people."""

import json
import os
import shlex
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape

from ringup.cli.demo_stock import EVERYTHING
from ringup.db.embedded import find_binaries
from ringup.db.reads.customers import list_customers
from ringup.db.reads.goods import list_products
from ringup.db.reads.places import list_locations, list_processors, list_registers
from ringup.simulator.demo_shop import (
    CUSTOMERS,
    PEOPLE,
    PRODUCTS,
    REGISTERS,
    TERMINALS,
    VENDOR_ID,
    VENDOR_NAME,
)
from ringup.wiring import Shop

SHEET, TOKEN = "demo.json", "demo.key"


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where everything is. `psql` opens the database from a shell without showing its password."""

    base_url: str
    simulator_url: str
    database_url: str
    psql: str
    directory: Path

    @property
    def sheet(self) -> Path:
        return self.directory / SHEET

    @property
    def token(self) -> Path:
        return self.directory / TOKEN


async def describe(shop: Shop, addresses: Addresses, token: str) -> dict[str, Any]:
    """The document in demo.json: how to get in, and what there is. The steady terminal comes first."""
    processors = {found.id: found for found in await list_processors(shop.db, VENDOR_ID, limit=EVERYTHING)}
    locations = await list_locations(shop.db, VENDOR_ID, limit=EVERYTHING)
    registers = await list_registers(shop.db, VENDOR_ID, limit=EVERYTHING)
    customers = await list_customers(shop.db, VENDOR_ID, limit=EVERYTHING)
    products = await list_products(shop.db, VENDOR_ID, limit=EVERYTHING)
    return {
        "base_url": addresses.base_url,
        "api_key": token,
        "database_url": addresses.database_url,
        "simulator_url": addresses.simulator_url,
        "vendor_id": VENDOR_ID,
        "location_id": REGISTERS[0].location_id,
        "register_id": REGISTERS[0].id,
        "steady_processor_id": TERMINALS[0].id,
        "processors": [
            {
                "id": terminal.id,
                "name": processors[terminal.id].processor_name,
                "location_id": processors[terminal.id].location_id,
                "tpn": terminal.tpn,
                "mode": terminal.mode,
                "steady": terminal.steady,
            }
            for terminal in sorted(TERMINALS, key=lambda terminal: not terminal.steady)
        ],
        "people": [{"id": person.id, "name": person.name, "role": person.role, "pin": person.pin} for person in PEOPLE],
        "locations": [{"id": row.id, "code": row.code, "name": row.name} for row in locations],
        "registers": [{"id": row.id, "location_id": row.location_id, "name": row.name} for row in registers],
        "customers": [
            {"id": row.id, "name": f"{row.first_name} {row.last_name}", "loyalty_points": row.loyalty_points}
            for row in customers
        ],
        "products": [
            {
                "id": row.id,
                "sku": row.sku,
                "barcode": row.barcode,
                "name": row.name,
                "price_minor": row.price_minor,
            }
            for row in products
        ],
    }


def write_private(path: Path, text: str) -> None:
    """Replace a file as a whole, readable by its owner alone: it has secrets in it."""
    descriptor, aside = tempfile.mkstemp(prefix=f"{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        Path(aside).replace(path)
    except BaseException:
        Path(aside).unlink()
        raise


def write_sheet(addresses: Addresses, document: dict[str, Any]) -> None:
    write_private(addresses.sheet, json.dumps(document, default=str, indent=1) + "\n")


def selling_command(addresses: Addresses) -> str:
    """A line for a shell that sells something by card, and another time whenever it is run."""
    cart = {
        "location_id": str(REGISTERS[0].location_id),
        "register_id": str(REGISTERS[0].id),
        "customer_id": str(CUSTOMERS[0].id),
        "lines": [{"sku": PRODUCTS[0].sku, "quantity": 2}, {"barcode": PRODUCTS[30].barcode, "quantity": 1}],
        "tenders": [{"type": "card", "processor_id": str(TERMINALS[0].id)}],
    }
    return " \\\n  ".join(
        (
            f"curl -sS {addresses.base_url}/v1/checkouts",
            f'-H "Authorization: Bearer $(cat {shlex.quote(str(addresses.token))})"',
            '-H "Idempotency-Key: demo-$(date +%s%N)"',
            '-H "Content-Type: application/json"',
            f"-d '{json.dumps(cart)}'",
        )
    )


def audit_command(addresses: Addresses) -> str:
    """How to audit this shop from any directory."""
    ringup = "ringup" if shutil.which("ringup") else str(Path(sys.executable).with_name("ringup"))
    return f"RINGUP_DATA_DIR={shlex.quote(str(addresses.directory))} {shlex.quote(ringup)} audit"


def psql_command(login_url: str | None, sheet: Path) -> str:
    """How to look into the database: `login_url` where no password is asked for, else by the file that has it."""
    psql = "psql" if shutil.which("psql") else shlex.quote(str(find_binaries() / "psql"))
    if login_url is not None:
        return f"{psql} {shlex.quote(login_url)}"
    found = f"""sed -n 's/^ "database_url": "\\(.*\\)",$/\\1/p' {shlex.quote(str(sheet))}"""
    return f'{psql} "$({found})"'


def show(console: Console, addresses: Addresses, *, seconds: float, steady: bool) -> None:
    """Say what there is to try. What is to be pasted stands on lines of its own."""

    def say(*lines: str) -> None:
        for line in lines:
            console.print(line)

    front, back = TERMINALS
    say(
        f"[bold]{VENDOR_NAME} is open[/] at {addresses.base_url} (after {seconds:.1f} s)",
        "",
        f"Open it in a browser: {addresses.base_url}/ (the register, the console, the customer)",
        "",
        f"Or sell two bags of coffee and a croissant by card, on the terminal {front.name}:",
        "",
        f"[cyan]{escape(selling_command(addresses))}[/]",
        "",
        f"Every call        {addresses.base_url}/docs",
        f"The terminals     {addresses.simulator_url}/control/terminals  (a simulator, nobody is charged)",
        f"The books         {escape(addresses.psql)}",
        f"Do they balance   {escape(audit_command(addresses))}",
        f"Ids and keys      {escape(str(addresses.sheet))}",
        "",
    )
    if not steady:
        say(f"The terminal {back.name} goes red now and then, as terminals do; --steady keeps it green.")
    say("Ctrl-C closes the shop and keeps its books.")
