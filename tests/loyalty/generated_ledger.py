"""A large ledger that adds up, written with COPY past the functions: to measure what reads all of it.

`python tests/loyalty/generated_ledger.py URL CUSTOMERS ROWS` writes one into a database and prints how long
`ringup loyalty verify` takes for it.
"""

import os
import subprocess
import sys
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import psycopg

AT = datetime(2026, 1, 1, tzinfo=UTC)
EARNED, SPENT = 10, -30
"""Every fifth row spends what three others earned."""
TRANSACTIONS = """
    copy ringup.loyalty_transactions (vendor_id, id, customer_id, entry_number, points, transaction_type,
        balance_before, balance_after, reference_type, reference_id, created_at) from stdin
"""
LOTS = """
    copy ringup.loyalty_lots (vendor_id, id, customer_id, transaction_id, points, remaining, available_at, created_at)
        from stdin
"""
ENTRIES = "copy ringup.loyalty_lot_entries (vendor_id, transaction_id, lot_id, points, created_at) from stdin"
CUSTOMERS = "copy ringup.customers (vendor_id, id, loyalty_points, loyalty_entries, created_at, updated_at) from stdin"


@dataclass
class Ledger:
    """The rows of a few tables, in the order in which their columns are copied."""

    vendor: uuid.UUID
    transactions: list[tuple[object, ...]] = field(default_factory=list)
    lots: list[tuple[object, ...]] = field(default_factory=list)
    entries: list[tuple[object, ...]] = field(default_factory=list)
    customers: list[tuple[object, ...]] = field(default_factory=list)
    ids: "count[int]" = field(default_factory=lambda: count(1))

    def add_customer(self, rows: int) -> None:
        """One customer with so many ledger rows, the lots of what was earned, and what spending took from them."""
        customer, balance, live = self._new(), 0, []
        for number in range(1, rows + 1):
            points = SPENT if number % 5 == 0 else EARNED
            row, kind = self._new(), "spent" if points < 0 else "earned"
            self.transactions.append(
                (self.vendor, row, customer, number, points, kind, balance, balance + points, "order", str(row), AT)
            )
            balance += points
            if points > 0:
                live.append((self._new(), row))
                continue
            taken, live = live[: -SPENT // EARNED], live[-SPENT // EARNED :]
            self.entries += ((self.vendor, row, lot, -EARNED, AT) for lot, _ in taken)
            self.lots += ((self.vendor, lot, customer, made_by, EARNED, 0, AT, AT) for lot, made_by in taken)
        self.lots += ((self.vendor, lot, customer, made_by, EARNED, EARNED, AT, AT) for lot, made_by in live)
        self.customers.append((self.vendor, customer, balance, rows, AT, AT))

    def _new(self) -> uuid.UUID:
        return uuid.UUID(int=next(self.ids))


def write_ledger(connection: psycopg.Connection, vendor: uuid.UUID, *, customers: int, rows: int) -> None:
    """So many customers with so many ledger rows each. The connection is the admin's, in autocommit."""
    ledger = Ledger(vendor)
    for _ in range(customers):
        ledger.add_customer(rows)
    copies = (
        (CUSTOMERS, ledger.customers),
        (TRANSACTIONS, ledger.transactions),
        (LOTS, ledger.lots),
        (ENTRIES, ledger.entries),
    )
    connection.execute("set session_replication_role = replica")
    for statement, written in copies:
        copy_in(connection, statement, written)
    connection.execute("set session_replication_role = origin")


def copy_in(connection: psycopg.Connection, statement: str, written: list[tuple[object, ...]]) -> None:
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in written:
            copy.write_row(row)


def main(url: str, customers: int, rows: int) -> None:
    vendor = uuid.uuid4()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("select ringup.create_vendor(%s, 'Large', 'USD', 'UTC')", [vendor])
        write_ledger(connection, vendor, customers=customers, rows=rows)
        connection.execute("analyze")
    command = [str(Path(sys.executable).parent / "ringup"), "loyalty", "verify"]
    subprocess.run(["time", "-v", *command], env={**os.environ, "RINGUP_DATABASE_URL": url}, check=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
