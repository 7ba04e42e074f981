"""422: the request contradicts itself or the catalogue."""

from ringup.domain.errors.root import RingupError


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


class CountInvalid(Unprocessable):
    """The coins and notes are not each named once with a quantity, or do not come to the sum that was said."""

    code, sqlstate = "count_invalid", "RU240"


class CouponMinimumNotMet(Unprocessable):
    """The goods come to less than the coupon is for."""

    code, sqlstate = "coupon_minimum_not_met", "RU245"


class CouponNeedsCustomer(Unprocessable):
    """The coupon is limited for each customer, and the sale names none."""

    code, sqlstate = "coupon_needs_customer", "RU241"


class DiscountInvalid(Unprocessable):
    """A discount is not one amount or one percentage, or a coupon is there twice."""

    code, sqlstate = "discount_invalid", "RU242"


class TaxRateInvalid(Unprocessable):
    """The tax rate or its rounding contradicts itself, begins in the past, or has a value out of range."""

    code, sqlstate = "tax_rate_invalid", "RU243"


class CouponInvalid(Unprocessable):
    """The coupon contradicts itself, or has a value out of range."""

    code, sqlstate = "coupon_invalid", "RU244"


class PinNotAllowed(Unprocessable):
    """The PIN is not 4 to 8 digits, or one of those that are guessed first."""

    code = "pin_not_allowed"


class InvalidRequest(Unprocessable):
    """The request is not of the documented form."""

    code = "invalid_request"


class CardDataRefused(Unprocessable):
    """A text looks like a card number. ringup never accepts, stores or logs one."""

    code = "card_data_refused"


class TenderNotRefundable(Unprocessable):
    """Money cannot go back in this way: not to this tender, or not yet."""

    code, sqlstate = "tender_not_refundable", "RU250"


class GiftCardInvalid(Unprocessable):
    """The gift card's code is not one, its amount is a debt, or its date has passed."""

    code, sqlstate = "gift_card_invalid", "RU260"


class StoreCreditNeedsCustomer(Unprocessable):
    """Store credit belongs to a customer, and the sale names none."""

    code, sqlstate = "store_credit_needs_customer", "RU261"


class StockLinesInvalid(Unprocessable):
    """A stock document has no line or too many, names a product twice, or a transfer goes nowhere."""

    code, sqlstate = "stock_lines_invalid", "RU270"


class CountTimeInvalid(Unprocessable):
    """The count is of an instant in the future, or too long ago."""

    code, sqlstate = "count_time_invalid", "RU271"


class TipTooLarge(Unprocessable):
    """The tip is more than the terminal's limit for tips after the sale; `maximum_minor` says how much that is."""

    code, sqlstate = "tip_too_large", "RU290"
