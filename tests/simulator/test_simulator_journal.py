"""The journal is written before the answer, and a restarted simulator knows what it charged."""

import asyncio
import contextlib
import os
import signal
import sys
import threading
from typing import Any

import pytest
from simulated_lane import Lane, client_of

from ringup.simulator.journal import Effect, Journal, JournalCorrupt
from ringup.simulator.settings import utc_now


def sale_of(cents):
    return Effect(
        effect="approved",
        kind="sale",
        tpn="TERMINAL0001",
        batch=1,
        amount_cents=cents,
        happened_at=utc_now(),
        reference_id=f"ref{cents}",
        transaction_number=cents,
    )


async def test_a_restarted_simulator_knows_its_charges_and_its_batch(simulators):
    async with simulators() as lane:
        await lane.ask("Sale", ReferenceId="old")
        await lane.ask("Settle")
        sale = await lane.ask("Sale")
        auth = await lane.ask("Auth", ReferenceId="hold")
        await lane.ask("Sale", ReferenceId="undone")
        await lane.ask("Void", ReferenceId="undone")
        charges = await lane.charges()

    async with simulators() as lane:
        assert await lane.charges() == charges
        assert await lane.ask("Status") == sale
        assert await lane.code("Sale") == "1011"
        assert await lane.code("Status", ReferenceId="old") == "1001"
        assert (await lane.ask("Status", ReferenceId="undone"))["Voided"] is True
        assert await lane.code("Capture", ReferenceId="hold", AuthCode=auth["AuthCode"]) == "0000"
        following = await lane.ask("Sale", ReferenceId="new")
        assert (following["BatchNumber"], following["TransactionNumber"]) == ("2", "4")


async def test_a_torn_last_line_is_cut_off(simulators, tmp_path):
    async with simulators() as lane:
        await lane.ask("Sale", ReferenceId="whole")
        await lane.ask("Sale", ReferenceId="torn")
    journal = tmp_path / "journal.jsonl"
    journal.write_bytes(journal.read_bytes()[:-10])

    async with simulators() as lane:
        found = [await lane.code("Status", ReferenceId=reference) for reference in ("whole", "torn")]
        again = await lane.code("Sale", ReferenceId="torn")

    assert (found, again) == (["0000", "1001"], "0000")
    lines = journal.read_text().splitlines()
    assert [Effect.model_validate_json(line).reference_id for line in lines] == ["whole", "torn"]


def test_a_journal_that_was_damaged_in_the_middle_is_not_opened(tmp_path):
    (tmp_path / "journal.jsonl").write_text("nonsense\n" + sale_of(1).model_dump_json() + "\n")

    with pytest.raises(JournalCorrupt, match="line 1"):
        Journal(tmp_path / "journal.jsonl", fsync=False)


async def test_effects_are_on_disk_when_sync_returns_and_share_an_fsync(tmp_path, monkeypatch):
    synced_sizes = []
    path = tmp_path / "journal.jsonl"
    journal = Journal(path, fsync=True)
    monkeypatch.setattr(os, "fsync", lambda file: synced_sizes.append(os.fstat(file).st_size))

    for cents in range(1, 51):
        journal.append(sale_of(cents))
    await asyncio.gather(*(journal.sync() for _ in range(50)))
    journal.close()

    assert synced_sizes == [path.stat().st_size]
    assert len(path.read_text().splitlines()) == 50


async def test_no_answer_is_given_before_the_effect_is_on_disk(simulators, monkeypatch):
    async with simulators() as lane, asyncio.TaskGroup() as tasks:
        disk_is_done = threading.Event()
        monkeypatch.setattr(os, "fsync", lambda _: disk_is_done.wait(timeout=10))

        sale = tasks.create_task(lane.code("Sale"))
        async with asyncio.timeout(5):
            written: list[dict[str, Any]] = []
            while not written:
                await asyncio.sleep(0.005)
                written = await lane.journal()
        aborted = await lane.code("AbortTransaction")
        answered_early = sale.done()
        disk_is_done.set()

    assert (len(written), answered_early, sale.result()) == (1, False, "0000")
    assert aborted == "2301", "what is written can no longer be stopped"


@contextlib.asynccontextmanager
async def simulator_process(directory):
    """A simulator as a process of its own, and a lane to its terminal."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "ringup.simulator", str(directory)),
        *("--terminal", "TERMINAL0001:K3Y0123456:Front"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        port = int(await process.stdout.readline())
        async with client_of(f"http://127.0.0.1:{port}") as client:
            yield process, Lane(client, "TERMINAL0001")
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.communicate()


async def test_a_killed_simulator_loses_nothing_that_it_answered(tmp_path):
    async with simulator_process(tmp_path) as (process, lane):
        answers = [await lane.code("Sale", ReferenceId=f"ref{number}") for number in range(5)]
        process.send_signal(signal.SIGKILL)
        await process.wait()

    async with simulator_process(tmp_path) as (_, lane):
        charges = await lane.charges()

    assert answers == ["0000"] * 5
    assert [charge["net_cents"] for charge in charges] == [1000] * 5


async def test_a_stop_interrupts_what_is_running_and_it_never_happened(tmp_path):
    async with simulator_process(tmp_path) as (process, lane), asyncio.TaskGroup() as tasks:
        await lane.behave(answer_delay_seconds=600)
        sale = tasks.create_task(lane.code("Sale"))
        await lane.until_running("Sale")
        process.send_signal(signal.SIGTERM)
        complaints = await process.stderr.read()

    assert (sale.result(), complaints) == ("1030", b"")
    assert (tmp_path / "journal.jsonl").read_bytes() == b""
