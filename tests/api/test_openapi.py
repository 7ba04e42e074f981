"""The OpenAPI document is true: schemathesis asks everything it describes, and nothing surprises it."""

import asyncio
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import httpx
import pytest
import uvicorn

from ringup.api.app import create_app
from ringup.wiring import open_shop
from storefront import settings_for

pytestmark = pytest.mark.slow

SECONDS = 240
CONFIG = """
seed = 20
workers = 2

[generation]
max-examples = 8
with-security-parameters = false

[headers]
Authorization = "Bearer {token}"

[warnings]
# Without this, a run that was let in nowhere would find nothing wrong.
fail-on = ["missing_auth"]

[[operations]]
# It finds the key it came in with, revokes it, and is let in nowhere from then on.
include-name = "DELETE /v1/api-keys/{{id}}"
enabled = false

[[operations]]
# It would dial whatever address was made up for a terminal.
include-name = "POST /v1/processors/{{id}}/check"
enabled = false

[[operations]]
include-path-regex = "^/v1/(checkouts|orders)/.id"
parameters = {{ "path.id" = "{sold}" }}

[[operations]]
# A new customer has none: there is store credit from the first that is granted.
include-path-regex = "^/v1/customers/.id./store-credit"
checks.ensure_resource_availability.enabled = false

[checks.positive_data_acceptance]
# A cart of the right form may still contradict the shop, and then 402, 409 or 422 is the right answer.
expected-statuses = ["2xx", "401", "402", "403", "404", "409", "422", "503"]
"""


@pytest.fixture
def address(seeded, tmp_path) -> Iterator[str]:
    """The API with a shop in it, behind a real socket, in a thread of its own."""
    settings = settings_for(tmp_path)
    url = seeded.copy("described")
    app = create_app(settings, lambda: open_shop(settings, url), with_worker=False)
    started: Future[int] = Future()
    stop: Future[None] = Future()

    async def serve() -> None:
        config = uvicorn.Config(app, port=0, log_config=None, access_log=False)
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve())
        while not server.started:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        started.set_result(server.servers[0].sockets[0].getsockname()[1])
        await asyncio.wrap_future(stop)
        server.should_exit = True
        await serving

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    try:
        yield f"http://127.0.0.1:{started.result(timeout=10)}"
    finally:
        stop.set_result(None)
        thread.join(timeout=30)
        seeded.drop("described")


def test_nothing_in_the_description_is_wrong(address, seeded, tmp_path):
    retailer = seeded.retailers[0]
    headers = {"Authorization": f"Bearer {retailer.token}", "Idempotency-Key": "first"}
    sold = httpx.post(f"{address}/v1/checkouts", json=retailer.cash_cart(), headers=headers).json()["id"]
    config = tmp_path / "schemathesis.toml"
    config.write_text(CONFIG.format(token=retailer.token, sold=sold))
    command = shutil.which("schemathesis", path=str(Path(sys.executable).parent))

    asked = subprocess.run(
        [str(command), "--config-file", str(config), "run", f"{address}/openapi.json", "--no-color"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )

    assert asked.returncode == 0, asked.stdout[-20_000:] + asked.stderr[-5_000:]
