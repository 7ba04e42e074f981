"""409: the thing exists, and its state says no."""

from ringup.domain.errors.root import RingupError


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


class CartChanged(Conflict):
    """The cart is not as it was when the change was made: look again."""

    code, sqlstate = "cart_changed", "RU151"


class CartInPayment(Conflict):
    """The cart is being paid, or was: it cannot be changed now."""

    code, sqlstate = "cart_in_payment", "RU152"
