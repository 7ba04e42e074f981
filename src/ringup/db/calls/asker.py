"""Who asks for something that is kept with a name, and that a role may not always do alone."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Asker:
    """Their name as the log will have it; the person whose role decides, None for a key's or command's own request;
    and which approval they bring."""

    actor: str
    staff_id: UUID | None = None
    approval_id: UUID | None = None

    @property
    def parameters(self) -> list[object]:
        """As most entry functions take them: person, approval, name."""
        return [self.staff_id, self.approval_id, self.actor]
