"""Let people in: the operator's role, which sees every table and calls what the contract names, gets a password."""

import secrets

import psycopg
from psycopg import sql

from ringup.domain.errors import DatabaseUnavailable

OPERATOR_ROLE = "ringup_operator"


async def let_operator_log_in(admin_url: str) -> str:
    """Give the operator's role a fresh random password, and return it. The one before ends.

    The server is sent a verifier (SCRAM-SHA-256) and never the password, which could end
    up in its log. Needs an admin who may change roles.
    """
    password = secrets.token_urlsafe(24)
    try:
        async with await psycopg.AsyncConnection.connect(admin_url, autocommit=True) as connection:
            verifier = connection.pgconn.encrypt_password(password.encode(), OPERATOR_ROLE.encode(), b"scram-sha-256")
            await connection.execute(
                sql.SQL("alter role {} login password {}").format(
                    sql.Identifier(OPERATOR_ROLE), sql.Literal(verifier.decode())
                )
            )
    except psycopg.OperationalError as failure:
        raise DatabaseUnavailable(f"the database does not answer: {failure}") from failure
    return password
