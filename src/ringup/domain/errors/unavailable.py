"""429, 503 and 500: not so often, not now, or not before an operator has acted."""

from ringup.domain.errors.root import RingupError


class TooManyAttempts(RingupError):
    http_status, retryable = 429, True


class PinLocked(TooManyAttempts):
    """Too many wrong PINs for this person; `locked_until` says how long nobody may try."""

    code, sqlstate = "pin_locked", "RU601"


class GiftCardLocked(TooManyAttempts):
    """Too many codes that are no gift card's; `locked_until` says how long this caller may name none."""

    code, sqlstate = "gift_card_locked", "RU602"


class Unavailable(RingupError):
    http_status, retryable = 503, True


class TerminalOffline(Unavailable):
    """The terminal is red: nobody was charged."""

    code, sqlstate = "terminal_offline", "RU301"


class TerminalInDoubt(Unavailable):
    """The terminal has a payment of another sale in doubt: nobody was charged."""

    code, sqlstate = "terminal_in_doubt", "RU302"


class TooBusy(Unavailable):
    """More sales come in than can be begun: this one was not begun."""

    code = "too_busy"


class DatabaseUnavailable(Unavailable):
    """The database does not answer. What was under way is settled when it is back."""

    code = "database_unavailable"


class Misconfigured(RingupError):
    http_status = 500


class VendorNotClaimed(Misconfigured):
    """Something was asked of the database without saying for which vendor."""

    code, sqlstate = "vendor_not_claimed", "RU401"


class LotsDoNotAddUp(Misconfigured):
    """A customer's lots hold fewer points than the ledger says. The audit (I4) shows whose."""

    code, sqlstate = "lots_do_not_add_up", "RU402"


class SchemaMismatch(Misconfigured):
    """The database's schema is not the one this version of ringup needs."""

    code = "schema_mismatch"


class SecretUnreadable(Misconfigured):
    """A stored secret cannot be decrypted with the configured key."""

    code = "secret_unreadable"
