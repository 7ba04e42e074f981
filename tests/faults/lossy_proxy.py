"""Stands between the application and PostgreSQL, and loses one answer after the server has committed."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

READY_FOR_QUERY = b"Z\x00\x00\x00\x05I"
"""The server is done and idle: whatever was sent has been committed."""


@dataclass
class LossyProxy:
    """`lose_answer_to` names a function; the first answer to a statement with it never arrives."""

    server: Path
    lose_answer_to: str = ""
    lost: list[str] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        upstream_reader, upstream_writer = await asyncio.open_unix_connection(str(self.server))
        doomed = asyncio.Event()

        async def forward() -> None:
            while data := await reader.read(65536):
                if self.lose_answer_to and not self.lost and self.lose_answer_to.encode() in data:
                    self.lost.append(self.lose_answer_to)
                    doomed.set()
                upstream_writer.write(data)
                await upstream_writer.drain()

        async def back() -> None:
            answer = b""
            while data := await upstream_reader.read(65536):
                answer = answer + data if doomed.is_set() else b""
                if not doomed.is_set():
                    writer.write(data)
                    await writer.drain()
                elif READY_FOR_QUERY in answer:
                    return

        with contextlib.suppress(ConnectionError, asyncio.CancelledError):
            ways = [asyncio.create_task(forward()), asyncio.create_task(back())]
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
        upstream_writer.close()
        writer.transport.abort()


@contextlib.asynccontextmanager
async def lossy(server_directory: Path, directory: Path) -> AsyncIterator[LossyProxy]:
    """Listens in `directory` under the name that libpq expects."""
    proxy = LossyProxy(server_directory / ".s.PGSQL.5432")
    listening = await asyncio.start_unix_server(proxy.serve, str(directory / ".s.PGSQL.5432"))
    try:
        yield proxy
    finally:
        listening.close()
