"""Everything that can go wrong, as a tree.

RingupError
├── Forbidden           403  the person may not, or is not who they say
├── NotFound            404  the thing named does not exist, for this vendor
├── Conflict            409  the thing exists, and its state says no
├── Unprocessable       422  the request contradicts itself or the catalogue
├── TooManyAttempts     429  not before a while
├── Unavailable         503  not now; nothing happened
└── Misconfigured       500  an operator has to act

A decline is not in this tree. It is an ordinary answer from a terminal, and lives
in `ringup.domain.outcome`. Each leaf says what is so; `code` is stable for clients,
`sqlstate` is how the database says it (class RU), `retryable` whether the same
request may succeed later without being changed.

Each kind has a module; import the names from here.
"""

from ringup.domain.errors.conflict import *
from ringup.domain.errors.forbidden import *
from ringup.domain.errors.not_found import *
from ringup.domain.errors.root import *
from ringup.domain.errors.unavailable import *
from ringup.domain.errors.unprocessable import *
