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


class TenderNotWanted(Conflict):
    """The checkout waits for no other tender: nothing is left to pay, something is under way, or the time is over."""

    code, sqlstate = "tender_not_wanted", "RU120"


class CountWanted(Conflict):
    """The drawer has to be counted, or counted again, before the shift can be closed."""

    code, sqlstate = "count_wanted", "RU140"


class CouponExpired(Conflict):
    """The coupon is past its date, or was ended."""

    code, sqlstate = "coupon_expired", "RU130"


class CouponNotBegun(Conflict):
    """The coupon is good from a later day on."""

    code, sqlstate = "coupon_not_begun", "RU131"


class CouponUsedUp(Conflict):
    """The coupon was used, or is set aside by sales under way, as often as it may be, by all or by this customer."""

    code, sqlstate = "coupon_used_up", "RU132"


class RefundTooLarge(Conflict):
    """More is to be paid back than was captured and is not back, or on its way, already."""

    code, sqlstate = "refund_too_large", "RU150"


class PaymentNotCaptured(Conflict):
    """The money of the sale is set aside and not taken yet: there is nothing to pay back."""

    code, sqlstate, retryable = "payment_not_captured", "RU151", True


class RefundOvertaken(Conflict):
    """Another refund of the sale came in between, and changed what this one comes to."""

    code, sqlstate, retryable = "refund_overtaken", "RU152", True


class RefundEnded(Conflict):
    """The refund is over, or a part of its money is back: it cannot be changed like this."""

    code, sqlstate = "refund_ended", "RU153"


class GiftCardExpired(Conflict):
    """The gift card is past its date."""

    code, sqlstate = "gift_card_expired", "RU160"


class GiftCardDisabled(Conflict):
    """The gift card was disabled, because it was lost or by mistake issued."""

    code, sqlstate = "gift_card_disabled", "RU161"


class InsufficientBalance(Conflict):
    """The gift card or store credit has less on it that is free; `available_minor` says how much."""

    code, sqlstate = "insufficient_balance", "RU162"


class StockNotTracked(Conflict):
    """The product's pieces are not counted, so that none can come, leave or be missing."""

    code, sqlstate = "stock_not_tracked", "RU170"


class CountedSince(Conflict):
    """The product was counted again after the instant of this count, and the later count stands."""

    code, sqlstate = "counted_since", "RU171"


class TransferArrived(Conflict):
    """The transfer arrived already; it does so once."""

    code, sqlstate = "transfer_arrived", "RU172"


class NotSent(Conflict):
    """More of a product is to arrive than was sent."""

    code, sqlstate = "not_sent", "RU173"


class CartChanged(Conflict):
    """The cart is not as it was when the change was made: look again."""

    code, sqlstate = "cart_changed", "RU181"


class CartInPayment(Conflict):
    """The cart is being paid, or was: it cannot be changed now."""

    code, sqlstate = "cart_in_payment", "RU182"


class TipNotAdjustable(Conflict):
    """The tip of this sale cannot be changed: no card paid it, or it is not completed, void, captured or settled."""

    code, sqlstate = "tip_not_adjustable", "RU190"


class TipRefused(Conflict):
    """The processor did not take the tip. The sale stands as it was."""

    code = "tip_refused"
