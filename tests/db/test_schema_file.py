"""The committed schema is what the sources make, as the embedded PostgreSQL words it."""

from ringup.db.dump import SCHEMA_FILE, schema_dump


def test_the_committed_schema_is_what_the_sources_make(template):
    made = schema_dump(template.url())

    assert made == SCHEMA_FILE.read_text(encoding="utf-8"), "run `make schema` and look at the difference"
