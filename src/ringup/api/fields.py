"""What the fields of requests and answers have in common: limits, lists, and the tables of refusals.

Whole numbers are strict: 2.0, "2" and true are not 2.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Generic, Literal, TypeVar
from uuid import UUID

from fastapi import Path, Query
from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from ringup.api.problems import KINDS, MEDIA_TYPE
from ringup.domain.money import AMOUNT_MINOR_MAX

Row = TypeVar("Row")

LIMIT_MAX = 100
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
UUID_FORM = "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"


class Form(BaseModel):
    """A request body: nothing in it that is not documented."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    def given(self) -> dict[str, Any]:
        """What the client named, for changing that and leaving the rest."""
        return {name: getattr(self, name) for name in self.model_fields_set}


def _is_text(value: object) -> object:
    if not isinstance(value, str):
        raise ValueError("Input should be a string")
    return value


def _is_a_time(value: object) -> object:
    if not (isinstance(value, str) and RFC_3339.fullmatch(value)):
        raise ValueError("Input should be a time with its offset (RFC 3339)")
    return value


Instant = Annotated[AwareDatetime, BeforeValidator(_is_a_time, json_schema_input_type=datetime)]
Minor = Annotated[int, Field(strict=True, ge=0, le=AMOUNT_MINOR_MAX, description="In minor units.")]
PositiveMinor = Annotated[int, Field(strict=True, ge=1, le=AMOUNT_MINOR_MAX, description="In minor units.")]
Flag = Annotated[bool, Field(strict=True)]
Id = Annotated[UUID, BeforeValidator(_is_text, json_schema_input_type=UUID)]
Name = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=200)]
Text = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=500)]
Code = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=100)]
Percent = Annotated[
    str,
    StringConstraints(strict=True, pattern=r"^[0-9]{1,3}(\.[0-9]{1,4})?$"),
    Field(description="A decimal number as text, with up to 4 decimals.", examples=["8.875"]),
]
GiftCardCode = Annotated[
    str,
    StringConstraints(strict=True, min_length=1, max_length=60),
    Field(description="As it is printed: 10 to 32 letters and digits. Spaces, dashes and small letters do not matter."),
]
PathId = Annotated[UUID, Path(alias="id")]

Limit = Annotated[int, Query(ge=1, le=LIMIT_MAX, description="How many rows at most.")]
After = Annotated[UUID | None, Query(alias="starting_after", description="The id of the last row of the page before.")]
Search = Annotated[str | None, Query(min_length=1, max_length=200)]


class Page(BaseModel, Generic[Row]):
    """A part of a list. With `has_more`, the next part begins after the last row's id."""

    object: Literal["list"] = "list"
    data: list[Row]
    has_more: bool


def page(rows: Sequence[Row], limit: int) -> Page[Row]:
    """Of `limit` + 1 rows asked for, the page and whether there are more."""
    return Page(data=list(rows[:limit]), has_more=len(rows) > limit)


def refuse_null(value: object) -> object:
    """For fields that may be left out but not emptied."""
    if value is None:
        raise ValueError("Input should not be null")
    return value


NotNull = AfterValidator(refuse_null)

ALWAYS = ("unauthenticated", "scope_missing", "not_signed_in", "invalid_request", "card_data_refused")
PERMITS = ("staff_not_found", "action_denied", "approval_needed", "approval_refused")
"""How an operation is refused to the person who is signed in."""
FAILURES = ("internal_error", "secret_unreadable", "database_unavailable")


def refusals(*codes: str, body: bool = False) -> dict[int | str, dict[str, Any]]:
    """The problems an operation can answer with, by status, for its documentation."""
    by_status: defaultdict[int, list[str]] = defaultdict(list)
    for code in (*ALWAYS, *FAILURES, *(("body_too_large",) if body else ()), *codes):
        by_status[KINDS[code].status].append(code)
    return {status: problem_answer(codes) for status, codes in by_status.items()}


def problem_answer(codes: Sequence[str]) -> dict[str, Any]:
    return {
        "description": " · ".join(f"`{code}`" for code in codes),
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
