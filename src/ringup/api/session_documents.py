"""The report of a register session as clients see it. The database makes it; these say what is in it."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

MovementKind = Literal["paid_in", "paid_out", "cash_drop", "no_sale"]


class SessionSales(BaseModel):
    """Completed orders. Sums are null where cash is hidden."""

    orders_count: int
    subtotal_minor: int | None
    discount_minor: int | None
    tax_minor: int | None = Field(description="All taxes, those within the prices too.")
    tax_included_minor: int | None = Field(description="The part of tax_minor that subtotal_minor contains.")
    tip_minor: int | None
    cash_rounding_minor: int | None
    total_minor: int | None
    late_count: int = Field(description="Orders among them that began in a session that was closed before they ended.")


class SessionRefunds(BaseModel):
    """Completed refunds, positive. Sums are null where cash is hidden."""

    refunds_count: int
    amount_minor: int | None
    tax_minor: int | None = Field(description="The taxes in it.")
    tip_minor: int | None
    cash_rounding_minor: int | None
    late_count: int = Field(description="Refunds among them that began in a session that was closed before they ended.")


class SessionTender(BaseModel):
    """What one way of paying took and gave back."""

    type: str
    sales_count: int
    sales_minor: int
    tips_minor: int
    refunds_count: int
    refunds_minor: int
    net_minor: int


class SessionCash(BaseModel):
    """Why the drawer should hold what it should: the float, and what came and went."""

    opening_float_minor: int
    tendered_minor: int | None
    change_minor: int | None
    refunds_minor: int | None
    paid_in_minor: int
    paid_out_minor: int
    cash_drop_minor: int
    expected_minor: int | None
    counted_minor: int | None
    variance_minor: int | None = Field(description="Above zero there is too much, below zero too little.")


class SessionMovement(BaseModel):
    id: UUID
    kind: MovementKind
    amount_minor: int
    reason: str
    done_by: str
    approved_by: str | None
    created_at: datetime


class Denomination(BaseModel):
    face_minor: int
    quantity: int


class SessionCount(BaseModel):
    """Number 0 is the float."""

    id: UUID
    count_number: int
    counted_minor: int
    expected_minor: int | None
    variance_minor: int | None
    is_wanted_again: bool
    counted_by: str
    approved_by: str | None
    created_at: datetime
    denominations: list[Denomination]


class SaleUnderWay(BaseModel):
    order_id: UUID
    order_number: str
    status: str
    payment_status: str
    total_minor: int
    is_in_doubt: bool
    created_at: datetime


class RefundUnderWay(BaseModel):
    refund_id: UUID
    order_number: str
    amount_minor: int
    is_in_doubt: bool
    created_at: datetime


class LateSale(BaseModel):
    order_id: UUID
    order_number: str
    total_minor: int
    began_session_id: UUID
    began_closure_number: int | None
    completed_at: datetime


class SaleAfterwards(BaseModel):
    """What became of a sale that was under way when the session was closed; `counted_in` is null if it did not sell."""

    order_id: UUID
    order_number: str
    status: str
    payment_status: str
    total_minor: int
    counted_in: UUID | None
    closure_number: int | None


class LateSession(BaseModel):
    """What came in while no shift was open, closed when this one began."""

    register_session_id: UUID
    closure_number: int
    order_count: int
    expected_minor: int


class SessionReport(BaseModel):
    """X while the session is open, Z once it is closed: made by the same function, and a Z never changes."""

    object: Literal["register_session_report"]
    type: Literal["X", "Z"]
    register_session_id: UUID
    kind: Literal["shift", "late"]
    closure_number: int | None
    vendor_name: str
    location_name: str
    register_id: UUID
    register_name: str
    currency: str
    currency_exponent: int
    time_zone: str
    opened_at: datetime
    opened_by: str
    closed_at: datetime | None
    closed_by: str | None
    made_at: datetime
    is_blind: bool = Field(description="Whether what the drawer should hold is hidden from whoever asked.")
    sales: SessionSales
    refunds: SessionRefunds | None = Field(default=None, description="Null in a Z that is older than refunds.")
    tenders: list[SessionTender]
    cash: SessionCash
    movements: list[SessionMovement]
    counts: list[SessionCount]
    under_way: list[SaleUnderWay]
    refunds_under_way: list[RefundUnderWay] = []
    late: list[LateSale]
    late_session: LateSession | None
    afterwards: list[SaleAfterwards] = Field(default=[], description="Only of a Z: outside the report that was kept.")
