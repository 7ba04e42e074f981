"""Who asks for something that is kept with a name."""

from typing import Annotated

from pydantic import Field

from ringup.api.authentication import Caller
from ringup.api.fields import Name
from ringup.db.calls.asker import Asker

By = Annotated[Name, Field(description="Who does it, where nobody is signed in. Kept for good, with the key's id.")]


def asker(caller: Caller, name: str | None = None) -> Asker:
    """The person who is signed in; else the name that the client gives, with its key."""
    actor = f"{name} ({caller.actor})" if name and caller.person is None else caller.actor
    return Asker(actor, caller.staff_id, caller.approval_id)
