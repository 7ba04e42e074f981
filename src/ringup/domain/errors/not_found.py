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


class StaffNotFound(NotFound):
    """No person who works here has this id."""

    code, sqlstate = "staff_not_found", "RU020"


class CartNotFound(NotFound):
    """There is no such cart at a register."""

    code, sqlstate = "cart_not_found", "RU031"
