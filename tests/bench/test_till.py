"""The tills of a benchmark press as real ones do: again, with the same key, until they are told."""

import asyncio
import re

from ringup.cli.bench.shop import Size
from ringup.cli.bench.till import Job, Tally, add_up, ring_up_all

SIZE = Size(lanes=1, products=3, customers=1)
HANG_UP = b""


async def serve(answers: list[bytes]) -> tuple[asyncio.Server, list[str]]:
    """A server that gives these answers, one for each request, and the keys it was sent."""
    keys: list[str] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await reader.readline():
            head += await reader.readuntil(b"\r\n\r\n")
            await reader.readexactly(int(re.search(rb"Content-Length: (\d+)", head)[1]))
            keys.append(re.search(rb"Idempotency-Key: (\S+)", head)[1].decode())
            said = answers.pop(0)
            if said == HANG_UP:
                break
            writer.write(b"HTTP/1.1 " + said + b"\r\ncontent-length: 2\r\n\r\n{}")
        writer.close()

    return await asyncio.start_server(answer, "127.0.0.1", 0), keys


async def ring_up(answers: list[bytes], *, sales: int = 1, patient: bool) -> tuple[dict[str, int], int, list[str]]:
    server, keys = await serve(answers)
    async with server:
        host, port = server.sockets[0].getsockname()
        tally = await ring_up_all(Job(host, port, "token", 1, SIZE, sales_each=sales, patient=patient))
    return tally.answers, tally.pressed_again, keys


async def test_a_patient_till_presses_with_the_same_key_until_the_sale_has_ended():
    answers, pressed_again, keys = await ring_up(
        [HANG_UP, b"409 Conflict", b"202 Accepted", b"201 Created"], patient=True
    )

    assert (answers, pressed_again) == ({"201": 1}, 3)
    assert keys == ["bench-0-0"] * 4


async def test_a_patient_till_comes_again_when_it_was_told():
    asked = asyncio.get_running_loop().time()

    answers, pressed_again, _ = await ring_up([b"503 Unavailable\r\nRetry-After: 2", b"201 Created"], patient=True)

    assert (answers, pressed_again) == ({"201": 1}, 1)
    assert asyncio.get_running_loop().time() - asked >= 2


async def test_an_impatient_till_counts_what_it_was_told_and_goes_on():
    answers, pressed_again, keys = await ring_up([b"503 Unavailable", b"201 Created"], sales=2, patient=False)

    assert (answers, pressed_again) == ({"503": 1, "201": 1}, 0)
    assert keys == ["bench-0-0", "bench-0-1"]


async def test_customers_come_whether_those_before_them_are_served_or_not():
    """Two tills, and a server that answers nobody before all have come."""
    may_answer = asyncio.Event()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        await reader.readexactly(int(re.search(rb"Content-Length: (\d+)", head)[1]))
        await may_answer.wait()
        writer.write(b"HTTP/1.1 201 Created\r\ncontent-length: 2\r\n\r\n{}")
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        host, port = server.sockets[0].getsockname()
        job = Job(host, port, "token", 2, SIZE, seconds=0.5, rate=100.0)
        asyncio.get_running_loop().call_later(1.0, may_answer.set)
        tally = await ring_up_all(job)

    assert tally.answers == {"201": 2}
    assert tally.no_till > 10
    assert min(tally.latencies_ms) > 400


async def test_so_many_customers_are_there_at_once_each_at_the_next_till_on_a_connection_of_its_own():
    connections: list[int] = []
    tills: list[str] = []
    most = 0

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal most
        connections.append(1)
        most = max(most, sum(connections))
        head = await reader.readuntil(b"\r\n\r\n")
        await reader.readexactly(int(re.search(rb"Content-Length: (\d+)", head)[1]))
        tills.append(re.search(rb"Idempotency-Key: bench-(\d+)-", head)[1].decode())
        await asyncio.sleep(0.02)
        connections.append(-1)
        writer.write(b"HTTP/1.1 201 Created\r\ncontent-length: 2\r\n\r\n{}")
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        host, port = server.sockets[0].getsockname()
        tally = await ring_up_all(Job(host, port, "token", 5, SIZE, seconds=0.5, at_once=2))

    assert most == 2
    assert tills[:5] == ["0", "1", "2", "3", "4"]
    assert tally.made == len(tills) > 5


async def test_each_sale_that_was_made_has_its_time_beside_its_key():
    server, _ = await serve([b"503 Service Unavailable", b"201 Created", b"201 Created"])
    async with server:
        host, port = server.sockets[0].getsockname()
        tally = await ring_up_all(Job(host, port, "token", 1, SIZE, sales_each=3))

    assert tally.keys == ["bench-0-1", "bench-0-2"]
    assert len(tally.latencies_ms) == 2 and min(tally.latencies_ms) > 0
    assert len(tally.refusals_ms) == 1


def test_several_turns_count_as_one():
    first = Tally({"201": 2, "503": 1}, 1, [1.0, 2.0], ["a", "b"], [3.0], 1, 10.0, 0.5)
    second = Tally({"201": 1}, 0, [4.0], ["c"], [], 0, 5.0, 0.25)

    whole = Tally({"201": 3, "503": 1}, 1, [1.0, 2.0, 4.0], ["a", "b", "c"], [3.0], 1, 15.0, 0.75)
    assert add_up([first, second]) == whole
