"""What of a page not everybody could read or press."""

from typing import Any

from axe_playwright_python.async_playwright import Axe

FINGER = 44
"""How wide and high, in pixels, whatever is pressed has to be at least."""

TOO_SMALL = """(finger) => [...document.querySelectorAll('button, a, input, [role=button], [role=switch]')]
    .map(node => node.matches('input') ? node.closest('.q-field, .q-toggle') || node : node)
    .map(node => [node.getBoundingClientRect(), (node.getAttribute('aria-label') || node.textContent).trim()])
    .filter(([box]) => box.width > 1 && box.height > 1 && Math.min(box.width, box.height) < finger)
    .map(([box, name]) => `${name}: ${Math.round(box.width)} x ${Math.round(box.height)}`)"""

ONE_OF_EACH = """() => document.querySelectorAll('.sheet tbody, ol.story').forEach(list => {
    const seen = new Set();
    for (const row of [...list.children]) {
        const look = [row, ...row.querySelectorAll('*')].map(node => node.tagName + node.className).join();
        if (seen.has(look)) row.remove();
        seen.add(look);
    }
})"""
"""Rows that look alike are examined once: contrast is looked at point by point, and a long table takes seconds."""


async def run_axe(page: Any, context: Any = None, **options: Any) -> list[dict[str, Any]]:
    """The rules that the page breaks, each with the `nodes` that do. The script is given to a page once."""
    await page.evaluate(ONE_OF_EACH)
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(Axe().axe_script)
    # What a page shows while the connection is lost, on a machine that is busy, is not ours.
    where = context or {"exclude": ["#popup"]}
    found = await page.evaluate(
        "([where, options]) => axe.run(where, options)", [where, {"resultTypes": ["violations"], **options}]
    )
    broken: list[dict[str, Any]] = found["violations"]
    return broken


async def faults_of(page: Any, part: str | None = None, *, colours_only: bool = False) -> list[str]:
    """What axe finds, in the page or a dialog: each rule with the elements that break it.

    In a dialog without contrast: axe takes the dimmed page for its ground. The same colours are examined in pages.
    """
    rules: dict[str, Any] = {"rules": {"color-contrast": {"enabled": part is None}}}
    if colours_only:
        rules = {"runOnly": ["color-contrast"]}
    return [
        f"{broken['id']}: {node['html'][:200]} {node.get('failureSummary', '')}"
        for broken in await run_axe(page, part, **rules)
        for node in broken["nodes"]
    ]


async def small_targets_of(page: Any) -> list[str]:
    small: list[str] = await page.evaluate(TOO_SMALL, FINGER)
    return small


async def faults_in_light_and_dark(page: Any) -> list[str]:
    """Everything once, with what is pressed; then the colours again, which are all that the dark page differs in.

    What is found is looked for once more: a part that is shown anew meanwhile is measured against no ground at all.
    """
    return await _faults_in_light_and_dark(page) and await _faults_in_light_and_dark(page)


async def _faults_in_light_and_dark(page: Any) -> list[str]:
    await wear(page, "light")
    found = [*await faults_of(page), *await small_targets_of(page)]
    await wear(page, "dark")
    return [*found, *await faults_of(page, colours_only=True)]


async def wear(page: Any, scheme: str) -> None:
    await page.emulate_media(color_scheme=scheme)
    await page.wait_for_function(
        "dark => document.body.classList.contains('body--dark') === dark && document.readyState === 'complete'",
        arg=scheme == "dark",
    )
    # Until then colours are between the old and the new ones.
    await page.evaluate(
        "async () => {"
        "  await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));"
        "  const moving = document.getAnimations().filter(one => one instanceof CSSTransition);"
        "  await Promise.all(moving.map(one => one.finished.catch(() => null)));"
        "}"
    )
