"""The control API makes terminals, shows them, and documents itself."""

import time

from simulated_lane import CLOCK_RATE

from ringup.simulator.control import TerminalChange
from ringup.simulator.settings import TerminalProfile, TerminalSettings


def test_the_control_api_can_change_everything_in_a_profile():
    changeable = set(TerminalChange.model_fields) - {"auth_key", "name"}

    assert changeable == set(TerminalProfile.model_fields)


async def test_a_new_terminal_needs_a_key(lane):
    response = await lane.client.put("/control/terminals/BRANDNEW0001", json={"online": True})

    assert response.status_code == 422


async def test_a_change_leaves_the_rest_as_it_was(lane):
    await lane.behave(name="Front", busy_window_seconds=3)

    response = await lane.client.put(f"/control/terminals/{lane.tpn}", json={"supports_auth": False})

    terminal = response.json()
    assert (terminal["name"], terminal["batch_number"], terminal["running"]) == ("Front", 1, None)
    assert (terminal["profile"]["busy_window_seconds"], terminal["profile"]["supports_auth"]) == (3, False)


async def test_an_unknown_terminal_cannot_be_power_cycled(lane):
    response = await lane.client.post("/control/terminals/UNKNOWN00001/power-cycle")

    assert response.status_code == 404


async def test_terminals_of_the_settings_are_there_from_the_start(simulators):
    front = TerminalSettings(tpn="SETTINGS0001", auth_key="K3Y0123456", name="Front")

    async with simulators(terminals=(front,), proxy_error_http_status=504) as lane:
        names = {each["tpn"]: each["name"] for each in (await lane.client.get("/control/terminals")).json()}
        refused = await lane.send("Sale", Tpn="UNKNOWN00001", Amount=1, PaymentType="Card", ReferenceId="a")

    assert names == {"SETTINGS0001": "Front", "TERMINAL0001": ""}
    assert refused.status_code == 504


async def test_the_journal_is_read_by_terminal_and_reference(lane):
    await lane.ask("Sale", ReferenceId="a")
    await lane.ask("Sale", ReferenceId="b")
    only = {"tpn": lane.tpn, "reference_id": "b"}

    effects = (await lane.client.get("/control/journal", params=only)).json()
    charges = (await lane.client.get("/control/charges", params=only)).json()

    assert [(effect["effect"], effect["amount_cents"]) for effect in effects] == [("approved", 1000)]
    assert [charge["reference_id"] for charge in charges] == ["b"]


async def test_the_simulator_tells_how_long_it_had_each_reference(lane):
    await lane.behave(answer_delay_seconds=0.2 * CLOCK_RATE)
    asked = time.perf_counter()
    await lane.ask("Sale", ReferenceId="held")
    waited = time.perf_counter() - asked
    once = (await lane.client.get("/control/held")).json()["held"]
    await lane.ask("Void", ReferenceId="held")

    twice = (await lane.client.get("/control/held")).json()["held"]

    assert 0.2 <= once < waited
    assert twice >= once + 0.2


async def test_every_control_path_is_described(lane):
    described = (await lane.client.get("/control/openapi.json")).json()["paths"]

    paths = {path: methods for path, methods in described.items() if path.startswith("/control/")}
    assert len(paths) == 9
    assert all(method["description"] for methods in paths.values() for method in methods.values())
    assert (await lane.client.get("/control/healthz")).json() == {"status": "ok"}
