"""`ringup tip` on a real database, with a simulated terminal: the card pays, or the command says why not."""

import asyncio
import base64
import json

import httpx
import psycopg
import pytest
from psycopg.types.json import Jsonb
from pydantic import SecretStr
from typer.testing import CliRunner

from ringup.checkout.ring_up import ring_up
from ringup.cli.commands import app
from ringup.keyring import Keyring
from ringup.settings import Settings
from ringup.simulator.settings import SimulatorSettings
from ringup.wiring import open_shop
from shop_floor import ask, open_shop_floor
from vendor_fixtures import simulator_in_a_thread

KEY, TPN, AUTH_KEY = bytes(range(32)), "000000000042", "ABCDEFGHIJ"


@pytest.fixture
def run(tmp_path, database):
    """Runs `ringup tip`, after a sale of 10.00 on a card, whose id takes the place of ORDER."""
    secret = base64.b64encode(KEY).decode()

    async def set_up(url: str) -> str:
        async with await psycopg.AsyncConnection.connect(database.url(), autocommit=True) as connection:
            floor = await open_shop_floor(connection)
            sealed = Keyring(KEY).encrypt(AUTH_KEY, vendor_id=floor.vendor, row_id=floor.terminal)
            settings = Jsonb({"base_url": url, "tpn": TPN, "mode": "sale"})
            await ask(
                connection,
                "select ringup.save_processor(%s, %s, %s, 'Counter', 'dejavoo_spin', true, false, %s, %s, 'k', 'Ada')",
                *(floor.vendor, floor.terminal, floor.location, settings, sealed),
            )
            async with open_shop(Settings(data_dir=tmp_path, secret_key=SecretStr(secret)), database.url()) as shop:
                return str((await ring_up(shop.counter, floor.sale())).checkout_id)

    simulator = SimulatorSettings(data_directory=tmp_path / "simulator", fsync=False, clock_rate=20)
    environment = {
        "RINGUP_DATA_DIR": str(tmp_path / "shop"),
        "RINGUP_DATABASE_URL": database.url(),
        "RINGUP_SECRET_KEY": secret,
        "COLUMNS": "200",
    }
    with simulator_in_a_thread(simulator) as url:
        httpx.put(f"{url}/control/terminals/{TPN}", json={"auth_key": AUTH_KEY}).raise_for_status()
        order = asyncio.run(set_up(url))
        yield lambda *words: CliRunner().invoke(
            app, ("tip", *(order if word == "ORDER" else word for word in words)), env=environment
        )


def test_the_card_pays_and_once(run):
    tipped = run("ORDER", "2.50", "--by", "Ada", "--key", "slip 17")
    again = json.loads(run("ORDER", "2.50", "--by", "Ada", "--key", "slip 17", "--json").stdout)

    assert tipped.exit_code == 0, tipped.output
    assert "comes to 12.50 USD, with a tip of 2.50" in tipped.stdout
    assert (again["status"], again["checkout"]["total_minor"]) == ("approved", 1250)


def test_what_is_refused_is_said_by_name(run):
    refused = run("ORDER", "10.01", "--by", "Ada")

    assert refused.exit_code == 1
    assert "tip_too_large" in refused.output
    assert "not an amount" in run("ORDER", "much", "--by", "Ada").output
