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
"""

from collections.abc import Mapping
from typing import Any, ClassVar


class RingupError(Exception):
    """Base class. Catch it at an entry point, nowhere else."""

    code: ClassVar[str]
    http_status: ClassVar[int]
    retryable: ClassVar[bool] = False
    sqlstate: ClassVar[str | None] = None

    def __init__(self, message: str, facts: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.facts: Mapping[str, Any] = facts or {}


class Forbidden(RingupError):
    http_status = 403


class ActionDenied(Forbidden):
    """The person's role may not do this, whoever approves."""

    code, sqlstate = "action_denied", "RU501"


class ApprovalNeeded(Forbidden):
    """The person may do this with the approval of another; `may_approve` says whose."""

    code, sqlstate = "approval_needed", "RU502"


class ApprovalRefused(Forbidden):
    """The approval was used, has expired, is for something else or for less, or is by somebody who may not give it."""

    code, sqlstate = "approval_refused", "RU503"


class SelfApproval(Forbidden):
    """Nobody approves for themselves."""

    code, sqlstate = "self_approval", "RU504"


class PinRefused(Forbidden):
    """There is no such person, or this is not their PIN."""

    code = "pin_refused"


class NotSignedIn(Forbidden):
    """Nobody is signed in with this token, or not any more."""

    code = "not_signed_in"


class NotFound(RingupError):
    http_status = 404


class CheckoutNotFound(NotFound):
    """No checkout has this id."""

    code, sqlstate = "checkout_not_found", "RU001"


class AttemptNotFound(NotFound):
    """No payment attempt has this id."""

    code, sqlstate = "attempt_not_found", "RU002"


class LocationNotFound(NotFound):
    """No location has this id."""

    code, sqlstate = "location_not_found", "RU003"


class RegisterNotFound(NotFound):
    """No register has this id at this location."""

    code, sqlstate = "register_not_found", "RU004"


class CustomerNotFound(NotFound):
    """No customer has this id."""

    code, sqlstate = "customer_not_found", "RU005"


class ProductNotFound(NotFound):
    """No product has this id, SKU or barcode."""

    code, sqlstate = "product_not_found", "RU006"


class ProcessorNotFound(NotFound):
    """No payment processor has this id."""

    code, sqlstate = "processor_not_found", "RU007"


class VendorNotFound(NotFound):
    """No vendor has this id, or the caller's claims name another one."""

    code, sqlstate = "vendor_not_found", "RU008"


class ApiKeyNotFound(NotFound):
    """No API key has this id."""

    code, sqlstate = "api_key_not_found", "RU009"


class ItemNotFound(NotFound):
    """No open reconciliation item has this id."""

    code, sqlstate = "item_not_found", "RU010"


class CampaignNotFound(NotFound):
    """No campaign has this id."""

    code, sqlstate = "campaign_not_found", "RU012"


class SwitchNotFound(NotFound):
    """There is no switch of this name."""

    code, sqlstate = "switch_not_found", "RU013"


class StaffNotFound(NotFound):
    """No person who works here has this id."""

    code, sqlstate = "staff_not_found", "RU020"


class Conflict(RingupError):
    http_status = 409


class TransitionNotAllowed(Conflict):
    """What was asked for may not follow the present state."""

    code, sqlstate = "transition_not_allowed", "RU101"


class CheckoutInProgress(Conflict):
    """The same idempotency key is still being worked on."""

    code, retryable = "checkout_in_progress", True


class InsufficientPoints(Conflict):
    """The customer does not have the points."""

    code, sqlstate = "insufficient_points", "RU102"


class InsufficientStock(Conflict):
    """The location does not have the goods."""

    code, sqlstate = "insufficient_stock", "RU103"


class SessionClosed(Conflict):
    """The register has no open session."""

    code, sqlstate = "session_closed", "RU104"


class SessionAlreadyOpen(Conflict):
    """The register has an open session already."""

    code, sqlstate = "session_already_open", "RU105"


class TerminalBusy(Conflict):
    """The terminal is working on another payment, or has one in doubt."""

    code, sqlstate, retryable = "terminal_busy", "RU106", True


class PaymentInDoubt(Conflict):
    """Money may have moved for this checkout; it must be found out first."""

    code, sqlstate, retryable = "payment_in_doubt", "RU107", True


class OutcomeConflict(Conflict):
    """The attempt is settled, and the new answer contradicts what was recorded."""

    code, sqlstate = "outcome_conflict", "RU108"


class CustomerInactive(Conflict):
    """The customer may not be used any more."""

    code, sqlstate = "customer_inactive", "RU110"


class ProductInactive(Conflict):
    """The product may not be sold any more."""

    code, sqlstate = "product_inactive", "RU111"


class ProcessorInactive(Conflict):
    """The payment processor may not be used any more, or stands at another location."""

    code, sqlstate = "processor_inactive", "RU112"


class AlreadyExists(Conflict):
    """Something else has this name, SKU, barcode or id already."""

    code, sqlstate = "already_exists", "RU113"


class PointsAlreadyRecorded(Conflict):
    """The order's points are recorded already, with other numbers or for another customer."""

    code, sqlstate = "points_already_recorded", "RU114"


class NotCancellable(Conflict):
    """The checkout ended; money that was taken comes back by a refund."""

    code, sqlstate = "not_cancellable", "RU115"


class StockBelowZero(Conflict):
    """The change would leave less stock than is held for sales under way."""

    code, sqlstate = "stock_below_zero", "RU116"


class LoyaltyOff(Conflict):
    """Loyalty points are switched off for this vendor; a sale without points goes through."""

    code, sqlstate = "loyalty_off", "RU117"


class ReturnTooLarge(Conflict):
    """More is returned than was sold, or than has not been returned yet."""

    code, sqlstate = "return_too_large", "RU118"


class NotMergeable(Conflict):
    """The two customers cannot become one, at least not now."""

    code, sqlstate = "not_mergeable", "RU119"


class Unprocessable(RingupError):
    http_status = 422


class IdempotencyKeyReused(Unprocessable):
    """The idempotency key was used before, with another request."""

    code, sqlstate = "idempotency_key_reused", "RU201"


class TendersDoNotAddUp(Unprocessable):
    """The tenders are not exactly what is due."""

    code, sqlstate = "tenders_do_not_add_up", "RU202"


class CurrencyMismatch(Unprocessable):
    """The currency is unknown, or not the vendor's."""

    code, sqlstate = "currency_mismatch", "RU203"


class AmountOutOfRange(Unprocessable):
    """An amount or quantity is not a positive integer within the limits."""

    code, sqlstate = "amount_out_of_range", "RU204"


class DiscountTooLarge(Unprocessable):
    """A discount is larger than what it is taken from."""

    code, sqlstate = "discount_too_large", "RU205"


class RedemptionTooLarge(Unprocessable):
    """The points are worth more than what is due, or there is nobody whose points they are."""

    code, sqlstate = "redemption_too_large", "RU206"


class PointsOutOfRange(Unprocessable):
    """Points are not a whole number from 0 up."""

    code, sqlstate = "points_out_of_range", "RU207"


class ReasonMissing(Unprocessable):
    """A decision about money needs a reason and a name."""

    code, sqlstate = "reason_missing", "RU208"


class AdjustmentTooLarge(Unprocessable):
    """The role may not adjust that many points at a time."""

    code, sqlstate = "adjustment_too_large", "RU209"


class ExpiryInThePast(Unprocessable):
    """Points cannot be given an expiry that has passed."""

    code, sqlstate = "expiry_in_the_past", "RU210"


class ProgrammeInvalid(Unprocessable):
    """The loyalty programme contradicts itself, begins in the past, or has a value out of range."""

    code, sqlstate = "programme_invalid", "RU211"


class CampaignInvalid(Unprocessable):
    """The campaign contradicts itself, or has a value out of range."""

    code, sqlstate = "campaign_invalid", "RU212"


class RedemptionNotAllowed(Unprocessable):
    """The programme does not let this many points be redeemed on these goods."""

    code, sqlstate = "redemption_not_allowed", "RU213"


class WindowOutOfRange(Unprocessable):
    """A report is asked for from a day to an earlier one, or for too many days."""

    code, sqlstate = "window_out_of_range", "RU220"


class TimeZoneUnknown(Unprocessable):
    """There is no time zone of this name."""

    code, sqlstate = "time_zone_unknown", "RU221"


class RuleInvalid(Unprocessable):
    """There is no such role, action or rule, or the limits contradict the rule."""

    code, sqlstate = "rule_invalid", "RU230"


class PinNotAllowed(Unprocessable):
    """The PIN is not 4 to 8 digits, or one of those that are guessed first."""

    code = "pin_not_allowed"


class InvalidRequest(Unprocessable):
    """The request is not of the documented form."""

    code = "invalid_request"


class CardDataRefused(Unprocessable):
    """A text looks like a card number. ringup never accepts, stores or logs one."""

    code = "card_data_refused"


class TooManyAttempts(RingupError):
    http_status, retryable = 429, True


class PinLocked(TooManyAttempts):
    """Too many wrong PINs for this person; `locked_until` says how long nobody may try."""

    code, sqlstate = "pin_locked", "RU601"


class Unavailable(RingupError):
    http_status, retryable = 503, True


class TerminalOffline(Unavailable):
    """The terminal is red: nobody was charged."""

    code, sqlstate = "terminal_offline", "RU301"


class TerminalInDoubt(Unavailable):
    """The terminal has a payment of another sale in doubt: nobody was charged."""

    code, sqlstate = "terminal_in_doubt", "RU302"


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


def leaves(cls: type[RingupError] = RingupError) -> list[type[RingupError]]:
    """Every concrete error, depth first."""
    below = [leaf for sub in cls.__subclasses__() for leaf in leaves(sub)]
    return below or [cls]
