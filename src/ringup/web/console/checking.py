"""What people typed, checked by the same forms as the API's."""

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from ringup.domain.errors import InvalidRequest
from ringup.web.console.words import plain

Checked = TypeVar("Checked", bound=BaseModel)


def checked(form: type[Checked], typed: dict[str, Any]) -> Checked:
    """Raises InvalidRequest with the first thing that is wrong, and never with what was typed: it may be a secret."""
    try:
        return form.model_validate(typed)
    except ValidationError as failure:
        first = failure.errors(include_url=False, include_input=False, include_context=False)[0]
        where = " ".join(plain(str(part)) for part in first["loc"])
        raise InvalidRequest(f"{where}: {first['msg'].removeprefix('Value error, ')}") from None


def whole(typed: object) -> Any:
    """A number without a fraction, where it is one; else what it is, for the form to refuse."""
    text = str(typed if typed is not None else "").strip()
    return int(text) if text.isascii() and text.isdigit() else (text or None)
