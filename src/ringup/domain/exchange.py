"""What comes back and what is sold for it, as it was asked for."""

from dataclasses import dataclass
from uuid import UUID

from ringup.domain.cart import SaleRequest
from ringup.domain.refund import RefundRequest


@dataclass(frozen=True, slots=True)
class ExchangeRequest:
    """One exchange. The key and the digest are those of `sale`; `returned` says what comes back of an earlier one.

    So are the person and their approvals, for both halves. The tenders of the sale pay the difference only.
    """

    sale: SaleRequest
    returned: RefundRequest

    @property
    def vendor_id(self) -> UUID:
        return self.sale.vendor_id
