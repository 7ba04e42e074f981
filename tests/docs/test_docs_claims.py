"""Whatever the documentation names is there: pages, commands, settings, tests, codes; and its examples run."""

import json
import re
import xml.etree.ElementTree
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer.main
from psycopg import sql

from ringup.api.cart_form import CartForm
from ringup.api.problems import KINDS
from ringup.cli.commands import app
from ringup.db.reads.audit import INVARIANTS
from ringup.settings import PREFIX, Settings
from ringup.simulator import demo_shop

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted((*ROOT.glob("*.md"), *DOCS.rglob("*.md")))
DECISIONS = sorted((DOCS / "decisions").glob("0*.md"))
README = ROOT / "README.md"
SELLING = DOCS / "guides" / "sell-over-http.md"

FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
RINGUP = re.compile(r"(?<![\w/.-])(?:\.venv/bin/)?ringup ([a-z-]+)(?: ([a-z]+))?([^`\n]*)")
MAKE = re.compile(r"(?<![\w-])make ([a-z]+)")
IN_THE_TREE = re.compile(r"(?<![\w-])(?:src|tests|docs)/[\w./-]+")
NAMED_TEST = re.compile(r"(tests/[\w/]+\.py)::(\w+)")
DATA = re.compile(r"-d '(\{.*?\})'", re.DOTALL)
VARIABLE = re.compile(r":'(\w+)'")
ANSWER = re.compile(r"^\| (\d{3}(?:, \d{3})*)[^|]*\| ([^|]*`[^|]*)\|", re.MULTILINE)

SAMPLES = {"id": "0193e7b8-2f00-7c3a-9d4e-1b2c3d4e5f60", "minor": "100", "code": "A1B2C3"}
"""Values for psql's variables in examples, by the last word of their names."""
OURS_ALONE = {f"{PREFIX}TEST_POSTGRES", "RINGUP_TEST_KILLS"}
"""Variables of the tests, which no process of ringup reads."""


def short(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def blocks(page: Path, language: str) -> list[str]:
    return [block for named, block in FENCE.findall(text_of(page)) if named == language]


def code_of(page: Path) -> Iterator[str]:
    """Everything on a page that is set as code."""
    yield from (block for _, block in FENCE.findall(text_of(page)))
    yield from SPAN.findall(FENCE.sub("", text_of(page)))


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as hosts of repositories make them."""
    headings = HEADING.findall(FENCE.sub("", text_of(page)))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


each_page = pytest.mark.parametrize("page", PAGES, ids=short)
each_decision = pytest.mark.parametrize("page", DECISIONS, ids=short)


@each_page
def test_every_link_leads_somewhere(page):
    broken = []
    for link in LINK.findall(FENCE.sub("", text_of(page))):
        place, _, anchor = link.partition("#")
        target = (page.parent / place).resolve() if place else page
        if link.startswith("https://"):
            continue
        if not target.is_file() or (anchor and anchor not in anchors(target)):
            broken.append(link)

    assert broken == []


def test_every_page_can_be_reached_from_the_readme():
    reached, waiting = set(), {README}
    while waiting:
        page = waiting.pop()
        reached.add(page)
        links = (link.partition("#")[0] for link in LINK.findall(text_of(page)))
        found = {(page.parent / link).resolve() for link in links if link.endswith(".md")}
        waiting |= found - reached

    assert set(PAGES) - reached == set()


@each_page
def test_every_make_target_exists(page):
    targets = set(re.findall(r"^([a-z]+):", text_of(ROOT / "Makefile"), re.MULTILINE))

    assert {target for code in code_of(page) for target in MAKE.findall(code)} - targets == set()


@each_page
def test_every_command_exists_with_its_options(page):
    commands = typer.main.get_command(app).commands
    unknown = []
    for name, following, rest in (found for code in code_of(page) for found in RINGUP.findall(code)):
        command, words = commands.get(name), [following, *re.findall(r"^ ([a-z]+)", rest)]
        while words and words[0] and hasattr(command, "commands"):
            command = command.commands.get(words.pop(0))
        known = {option for parameter in command.params for option in parameter.opts} if command else set()
        options = set(re.findall(r"(?<!\S)--[a-z-]+", rest))
        if command is None or not options <= known:
            unknown.append(f"ringup {name} {following}{rest}")

    assert unknown == []


def test_the_readme_needs_two_commands_of_make():
    assert {target for block in blocks(README, "sh") for target in MAKE.findall(block)} == {"run", "test"}


@each_page
def test_every_setting_exists(page):
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields} | OURS_ALONE

    assert set(re.findall(rf"{PREFIX}[A-Z_]+", text_of(page))) - known == set()


@each_page
def test_every_file_and_test_that_is_named_exists(page):
    text = text_of(page)
    missing_files = [name for name in IN_THE_TREE.findall(FENCE.sub("", text)) if not named_file(page, name).exists()]
    missing_tests = [
        test
        for path, test in NAMED_TEST.findall(text)
        if not re.search(rf"\bdef {test}\(", (ROOT / path).read_text(encoding="utf-8"))
    ]

    assert (missing_files, missing_tests) == ([], [])


def named_file(page: Path, name: str) -> Path:
    beside = page.parent / name
    return beside if beside.exists() else ROOT / name


@each_decision
def test_a_decision_has_its_four_parts_and_says_what_keeps_it(page):
    text = text_of(page)
    parts = re.findall(r"^## (.+)$", text, re.MULTILINE)

    assert parts == ["Context", "Decision", "Consequences", "Alternatives considered"]
    assert int(re.match(r"# (\d+)\. ", text)[1]) == int(page.name[:4])
    assert "**Kept by** " in text.partition("## Consequences")[0]


def test_decisions_are_numbered_without_a_gap():
    assert [int(page.name[:4]) for page in DECISIONS] == list(range(1, len(DECISIONS) + 1))


def test_the_readme_promises_every_invariant_and_says_which_the_audit_checks():
    rows = re.findall(r"^\| (I\d+) \|.*\| ([^|]+) \|$", text_of(README), re.MULTILINE)

    assert [number for number, _ in rows] == [f"I{number}" for number in range(1, 15)]
    assert {number for number, checked in rows if checked == "`ringup audit`"} == set(INVARIANTS)


def test_every_answer_of_the_selling_guide_has_the_status_of_its_code():
    told = {
        code: status
        for statuses, codes in ANSWER.findall(text_of(SELLING))
        for code in re.findall(r"`([a-z_]+)`", codes)
        for status in [statuses]
    }

    wrong = {code: status for code, status in told.items() if str(KINDS[code].status) not in status}
    assert len(told) > 20
    assert wrong == {}


@each_page
def test_every_json_is_json(page):
    bodies = [body for block in blocks(page, "sh") for body in DATA.findall(block)] + blocks(page, "json")

    assert all(json.loads(body) for body in bodies)


@pytest.mark.parametrize(
    "cart",
    [next(body for block in blocks(README, "sh") for body in DATA.findall(block)), *blocks(SELLING, "json")],
    ids=["readme", "guide"],
)
def test_every_cart_could_be_sold_in_the_demonstration_shop(cart):
    form = CartForm.model_validate_json(cart)

    assert form.location_id in {location.id for location in demo_shop.LOCATIONS}
    assert form.register_id in {till.id for till in demo_shop.REGISTERS if till.location_id == form.location_id}
    assert {form.customer_id} <= {None, *(customer.id for customer in demo_shop.CUSTOMERS)}
    codes = {code for product in demo_shop.PRODUCTS for code in (product.sku, product.barcode)}
    assert {line.sku or line.barcode for line in form.lines} <= codes
    cards = {tender.processor_id for tender in form.tenders if tender.type == "card"}
    assert cards and cards <= {terminal.id for terminal in demo_shop.TERMINALS}


QUERIES = [(page, query) for page in PAGES if page.parent != DOCS / "reference" for query in blocks(page, "sql")]


@pytest.mark.parametrize(("page", "query"), QUERIES, ids=[f"{short(page)}-{n}" for n, (page, _) in enumerate(QUERIES)])
async def test_every_query_runs_for_whom_it_is_meant(db, page, query):
    variables = VARIABLE.findall(query)
    if variables:
        # It would change something that is not there: planning it shows that the function takes these arguments.
        query = "explain " + VARIABLE.sub(lambda found: f"'{SAMPLES[found[1].rpartition('_')[2]]}'", query)
    role = "ringup_app" if variables else "ringup_operator" if page.parent.name == "operating" else "postgres"
    await db.execute(sql.SQL("set local role {}").format(sql.Identifier(role)))

    ran = await db.execute(query.encode())

    assert ran.statusmessage is not None


@pytest.mark.parametrize("picture", sorted((DOCS / "pictures").glob("*.svg")), ids=short)
def test_a_picture_is_drawn_for_light_and_dark_and_says_in_words_what_it_shows(picture):
    svg = "{http://www.w3.org/2000/svg}"
    tree = xml.etree.ElementTree.parse(picture).getroot()

    assert tree.find(f"{svg}title").text and tree.find(f"{svg}desc").text
    assert "prefers-color-scheme: dark" in picture.read_text(encoding="utf-8")
