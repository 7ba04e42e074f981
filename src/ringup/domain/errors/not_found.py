"""404: the thing named does not exist, for this vendor."""

from ringup.domain.errors.root import RingupError


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


class SessionNotFound(NotFound):
    """No register session has this id."""

    code, sqlstate = "session_not_found", "RU040"


class StaffNotFound(NotFound):
    """No person who works here has this id."""

    code, sqlstate = "staff_not_found", "RU020"


class CouponNotFound(NotFound):
    """No coupon has this code or id."""

    code, sqlstate = "coupon_not_found", "RU030"


class RefundNotFound(NotFound):
    """No refund has this id."""

    code, sqlstate = "refund_not_found", "RU014"


class GiftCardNotFound(NotFound):
    """No gift card has this code or id."""

    code, sqlstate = "gift_card_not_found", "RU060"


class TransferNotFound(NotFound):
    """No transfer of goods has this id."""

    code, sqlstate = "transfer_not_found", "RU017"


class StockDocumentNotFound(NotFound):
    """No stock document has this id."""

    code = "stock_document_not_found"


class CartNotFound(NotFound):
    """There is no such cart at a register."""

    code, sqlstate = "cart_not_found", "RU031"
