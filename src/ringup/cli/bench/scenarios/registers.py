"""Twenty registers stand open on one process that serves the pages, and somebody taps at each of them every second."""

import secrets
from uuid import UUID

from ringup.api.authentication import Doorkeeper
from ringup.cli.bench.result import Found, Promise, latency_figures, quantile
from ringup.cli.bench.shop import ACTOR, NOWHERE, VENDOR_ID, Size, bench_id
from ringup.cli.bench.stage import Processes, Stage, processes, stock, tap
from ringup.cli.bench.tapping import TapJob, Taps
from ringup.cli.bench.usage import cpu_seconds_of_server, usage_of
from ringup.cli.serve import Role
from ringup.db.calls.staff import save_staff, sign_in_staff
from ringup.db.calls.tills import connect_browser
from ringup.db.reads.tills import list_till_carts
from ringup.domain.ids import new_id
from ringup.wiring import Shop, open_shop

REGISTERS = 20
PAUSE_SECONDS = 1.0
WARM_UP_SECONDS = 5.0
P95_MS_MAX, LOAD_MS_MAX = 100.0, 2000.0
BROWSER_COOKIE, REGISTER_COOKIE = "ringup_browser", "ringup_register"
"""What a browser keeps: which one it is, and who is signed in with it."""


async def play(stage: Stage) -> Found:
    """No browser paints here: what a browser adds is its own affair, and that of the machine on which it runs."""
    token = await stock(stage, Size(lanes=REGISTERS), NOWHERE)
    async with open_shop(stage.settings, stage.url()) as shop:
        cookies = await _sign_everybody_in(shop, token)
    async with processes(stage, token, role=Role.WEB) as running:
        warm = await _tap(stage, running, cookies, WARM_UP_SECONDS)
        before, server_before = usage_of(running.server_id), cpu_seconds_of_server(stage.server.process_id)
        taps = await _tap(stage, running, cookies, stage.seconds)
        after, server_after = usage_of(running.server_id), cpu_seconds_of_server(stage.server.process_id)
    async with open_shop(stage.settings, stage.url()) as shop:
        in_carts = await _count_in_carts(shop)
    seen = len(warm.taps_ms) + len(taps.taps_ms)
    return Found(
        promises=(
            Promise("from a tap to the cart, 95 of 100", "ms", P95_MS_MAX, quantile(taps.taps_ms, 0.95)),
            Promise("a page until it can be tapped, the slowest", "ms", LOAD_MS_MAX, max(taps.loads_ms)),
            Promise("taps that no cart has, or twice", "", 0, abs(in_carts - seen) + warm.missed + taps.missed),
        ),
        figures={
            **latency_figures(taps.taps_ms),
            "taps_per_s": len(taps.taps_ms) / taps.seconds,
            "web_cpu_share": (after.cpu_seconds - before.cpu_seconds) / taps.seconds,
            "database_cpu_share": (server_after - server_before) / taps.seconds,
            "pages_cpu_share": taps.cpu_seconds / taps.seconds,
            "web_rss_max_mb": after.rss_max_mb,
        },
    )


async def _tap(stage: Stage, running: Processes, cookies: list[str], seconds: float) -> Taps:
    job = TapJob(f"http://{running.host}:{running.port}", cookies, seconds, PAUSE_SECONDS)
    return await tap(job, stage.bar("taps", REGISTERS * seconds / PAUSE_SECONDS))


async def _sign_everybody_in(shop: Shop, token: str) -> list[str]:
    """A person and a browser at each register, and the cookies that browser would send."""
    caller = await Doorkeeper(shop.db, shop.keyring).recognise(token)
    assert caller is not None, "the key was just made"
    return [await _sign_in(shop, lane, caller.key_id) for lane in range(REGISTERS)]


async def _sign_in(shop: Shop, lane: int, key_id: UUID) -> str:
    browser, staff_id = secrets.token_urlsafe(32), bench_id("staff", lane)
    person, person_hash = shop.keyring.make_sign_in_token()
    await connect_browser(
        shop.db,
        VENDOR_ID,
        new_id(),
        name=f"Browser {lane}",
        token_hash=shop.keyring.hash_sign_in_token(browser),
        api_key_id=key_id,
        actor=ACTOR,
    )
    await save_staff(
        shop.db,
        VENDOR_ID,
        staff_id,
        name=f"Cashier {lane}",
        role="cashier",
        is_active=True,
        by_staff_id=None,
        approval_id=None,
        actor=ACTOR,
    )
    await sign_in_staff(
        shop.db, VENDOR_ID, new_id(), staff_id=staff_id, register_id=bench_id("register", lane), token_hash=person_hash
    )
    return f"{BROWSER_COOKIE}={VENDOR_ID}.{browser}; {REGISTER_COOKIE}={person}"


async def _count_in_carts(shop: Shop) -> int:
    carts = [
        cart
        for lane in range(REGISTERS)
        for cart in await list_till_carts(shop.db, VENDOR_ID, bench_id("register", lane))
    ]
    return sum(line["quantity"] for cart in carts for line in cart.contents["lines"])
