"""A file with the JSON that the API takes."""

import json
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from ringup.api.fields import Form
from ringup.cli.output import CannotRun

Asked = TypeVar("Asked", bound=Form)


def read_form(path: Path, form: type[Asked], advice: str) -> Asked:
    """Raises CannotRun with what is wrong, and the advice."""
    try:
        return form.model_validate(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as failure:
        raise CannotRun(f"{path} cannot be read: {failure}", advice) from failure
    except ValidationError as failure:
        wrong = "; ".join(f"{'.'.join(map(str, error['loc']))}: {error['msg']}" for error in failure.errors())
        raise CannotRun(f"{path}: {wrong}", advice) from failure
