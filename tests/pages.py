"""How many pages a statement touches, for tests that hold it to a few however much there is."""

from typing import Any

import psycopg

from shop_floor import Connection


async def pages_of(connection: Connection, statement: str, parameters: Any) -> int:
    """Those of the statement and of everything that it calls."""
    client_side = psycopg.AsyncClientCursor(connection)
    await client_side.execute(f"explain (analyze, buffers, format json) {statement}".encode(), parameters)
    found = await client_side.fetchone()
    plan = found[0][0]["Plan"]
    return plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
