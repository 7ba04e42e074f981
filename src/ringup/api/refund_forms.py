"""A refund as clients ask for it, and as they are told of it. The form is checked here, the rest by the database."""

import hashlib
import json
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from ringup.api.authentication import Caller
from ringup.api.cart_form import QUANTITY_MAX
from ringup.api.documents import Document, OrderStatus, TaxDocument
from ringup.api.fields import Code, Flag, Form, Id, Minor, Text
from ringup.db.reads.refunds import RefundStatus
from ringup.domain.refund import RefundLine, RefundRequest

LINES_MAX = 1000
LINE_NUMBER_MAX = 1_000_000

TenderType = Literal["card", "cash", "external", "gift_card", "store_credit"]


class RefundLineForm(Form):
    """So many of one line of the sale. `restock`: they can be sold again, and go back on the shelf."""

    line_number: Annotated[int, Field(strict=True, ge=1, le=LINE_NUMBER_MAX)]
    quantity: Annotated[int, Field(strict=True, ge=1, le=QUANTITY_MAX)]
    restock: Flag = True


class RefundTenderForm(Form):
    """How the money goes back. `reference`: of what was paid back elsewhere, such as a transfer."""

    type: TenderType
    reference: Code | None = None


class ReturnedForm(Form):
    """Without `lines` it is everything that is not back yet, with the rest of the tip. No lines: a tip alone."""

    lines: Annotated[list[RefundLineForm], Field(max_length=LINES_MAX)] | None = None
    tip_minor: Annotated[Minor | None, Field(description="How much of the tip goes back.")] = None
    tender: Annotated[
        RefundTenderForm | None,
        Field(description="Without one the money goes to where it came from; another one may need an approval."),
    ] = None

    without_receipt: Annotated[
        Flag, Field(description="The customer has no receipt, and the sale was looked up: may need an approval.")
    ] = False

    def returned(
        self,
        caller: Caller,
        order_id: UUID,
        register_id: UUID,
        *,
        key: str = "",
        digest: bytes = b"",
        reason: str,
        request_id: str | None = None,
    ) -> RefundRequest:
        """What comes back of a sale, and how the money does."""
        lines = None
        if self.lines is not None:
            lines = tuple(RefundLine(line.line_number, line.quantity, line.restock) for line in self.lines)
        return RefundRequest(
            vendor_id=caller.vendor_id,
            idempotency_key=key,
            request_hash=digest,
            order_id=order_id,
            register_id=register_id,
            reason=reason,
            actor=caller.actor,
            lines=lines,
            tip_minor=self.tip_minor,
            tender_type=self.tender.type if self.tender else None,
            external_reference=self.tender.reference if self.tender else None,
            without_receipt=self.without_receipt,
            staff_id=caller.staff_id,
            approval_id=caller.approval_id,
            request_id=request_id,
        )


class PreviewForm(ReturnedForm):
    register_id: Id

    def preview(self, caller: Caller, order_id: UUID) -> RefundRequest:
        return self.returned(caller, order_id, self.register_id, reason="preview")


class RefundForm(PreviewForm):
    """`reason` is kept for good."""

    reason: Text

    def refund(self, caller: Caller, order_id: UUID, key: str, request_id: str) -> RefundRequest:
        """The same digest for the same refund of the same sale, however it was written down."""
        document = {"order_id": str(order_id), **self.model_dump(mode="json", exclude_defaults=True)}
        digest = hashlib.sha256(json.dumps(document, sort_keys=True).encode()).digest()
        return self.returned(
            caller, order_id, self.register_id, key=key, digest=digest, reason=self.reason, request_id=request_id
        )


class RefundLineDocument(Document):
    line_number: int
    sku: str
    name: str
    quantity: int
    amount_minor: int = Field(description="What was paid for it with money, taxes and all.")
    restock: bool


class PlannedRefundTender(Document):
    """`exchange`: it pays a new sale. `rounding_minor`: what coins add to `amount_minor`, or took from it."""

    type: TenderType | Literal["exchange"]
    processor_id: UUID | None
    refunds_payment_id: UUID = Field(description="The payment of the sale that it pays back.")
    amount_minor: int
    rounding_minor: int


class RefundTenderDocument(PlannedRefundTender):
    payment_id: UUID
    way: Literal["void", "return"] | None = Field(description="How a card is paid back: as the processor said.")
    status: Literal["created", "processing", "approved", "declined", "error", "unknown"]
    approved_minor: int | None
    card_brand: str | None
    card_last4: str | None
    auth_code: str | None
    reference_id: str
    external_reference: str | None
    error_code: str | None
    error_message: str | None


class RefundPoints(Document):
    reversed: int = Field(description="Earned with the sale, and taken back.")
    given_back: int = Field(description="Paid with, and given back.")


class RefundSums(Document):
    """All amounts are minor units of `currency`, and positive."""

    order_id: UUID
    order_number: str
    currency: str
    amount_minor: int = Field(description="Lines, tip and rounding: what goes back in money.")
    tip_minor: int
    cash_rounding_minor: int
    lines: list[RefundLineDocument]
    taxes: list[TaxDocument] = Field(description="What of each rate is in the lines.")
    points: RefundPoints


class RefundPreview(RefundSums):
    object: Literal["refund_preview"]
    tenders: list[PlannedRefundTender]


class RefundDocument(RefundSums):
    """A refund. `order_status` is the sale's."""

    object: Literal["refund"]
    id: UUID
    status: RefundStatus
    order_status: OrderStatus
    location_id: UUID
    register_id: UUID
    register_session_id: UUID
    reason: str
    actor: str
    approved_by: str | None
    without_receipt: bool
    tenders: list[RefundTenderDocument]
    exchange_order_id: UUID | None = Field(description="The new sale that it pays, if it is half of an exchange.")
    next_step: Literal["look_up", "undo", "refund", "other_tender", "finish", "done"]
    message: str | None = Field(description="What is to be done, for the clerk.")
    created_at: datetime
    updated_at: datetime
    completed_at: datetime | None
