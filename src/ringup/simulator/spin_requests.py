"""Requests of SPIn REST v2, checked as strictly as the real proxy does before a terminal hears of them."""

import json
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal, NoReturn

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)
from pydantic.alias_generators import to_pascal

from ringup.domain.money import AMOUNT_MINOR_MAX, Money


class Operation(StrEnum):
    """What can be asked of a terminal; the value is the last part of the path."""

    SALE = "Sale"
    AUTH = "Auth"
    CAPTURE = "Capture"
    VOID = "Void"
    RETURN = "Return"
    TIP_ADJUST = "TipAdjust"
    STATUS = "Status"
    STATUS_LIST = "StatusList"
    SETTLE = "Settle"
    ABORT_TRANSACTION = "AbortTransaction"
    TERMINAL_STATUS = "TerminalStatus"

    @classmethod
    def _missing_(cls, value: object) -> "Operation | None":
        """Paths are case-insensitive."""
        lowered = str(value).lower()
        return next((operation for operation in cls if operation.value.lower() == lowered), None)

    @property
    def moves_money(self) -> bool:
        return self not in READING


READING = frozenset({Operation.STATUS, Operation.STATUS_LIST, Operation.ABORT_TRANSACTION, Operation.TERMINAL_STATUS})


def _cents(dollars: object) -> int:
    """Cents of an amount as it is on the wire: a JSON number of dollars, at most two decimals."""
    if isinstance(dollars, bool) or not isinstance(dollars, int | Decimal):
        raise ValueError("must be a number")
    exact = Decimal(dollars)
    # Compared before it is converted: 1e999999 as an integer would fill the memory.
    if abs(exact) > AMOUNT_MINOR_MAX // 100:
        raise ValueError("is too large")
    return Money.from_major(exact, "USD").amount_minor


Amount = Annotated[int, BeforeValidator(_cents), Field(gt=0)]
Extra = Annotated[int, BeforeValidator(_cents), Field(ge=0)]
ReferenceId = Annotated[str, StringConstraints(pattern="^[A-Za-z0-9]{1,50}$")]
PaymentType = Literal["Credit", "Debit", "EBT_Food", "EBT_Cash", "Card", "Cash", "Check", "Gift"]
Receipt = Literal["No", "Both", "Merchant", "Customer"]


class Members(BaseModel):
    """A JSON object whose members bind by name in any case; unknown members are refused."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, alias_generator=to_pascal)

    @model_validator(mode="before")
    @classmethod
    def _bind_in_any_case(cls, members: object) -> object:
        if not isinstance(members, Mapping):
            return members
        spelling = {str(field.alias).lower(): field.alias for field in cls.model_fields.values()}
        return {spelling.get(str(name).lower(), name): value for name, value in members.items()}


class Callback(Members):
    url: str


class SpinRequest(Members):
    """What every request carries."""

    tpn: str = Field(min_length=10, max_length=12)
    authkey: str = Field(min_length=10, max_length=10)
    register_id: str | None = Field(None, min_length=2, max_length=50)
    proxy_timeout: int | None = Field(None, alias="SPInProxyTimeout", ge=1, le=720)
    custom_fields: dict[str, str] | None = None

    @property
    def reference(self) -> str | None:
        """The ReferenceId, of the requests that have one."""
        return getattr(self, "reference_id", None)


class AbortRequest(SpinRequest):
    reference_id: ReferenceId | None = None


class SettleRequest(SpinRequest):
    reference_id: ReferenceId | None = None
    get_receipt: bool | None = None
    settlement_type: Literal["Close", "Clear", "Force"] = "Close"


class ReceiptRequest(SpinRequest):
    """What look-ups and payments share."""

    print_receipt: Receipt | None = None
    get_receipt: Receipt | None = None
    merchant_number: int | None = Field(None, ge=1, le=5)
    get_extended_data: bool | None = None


class StatusRequest(ReceiptRequest):
    payment_type: PaymentType
    reference_id: ReferenceId
    transaction_number: int | None = Field(None, ge=1, le=9999)


class StatusListRequest(ReceiptRequest):
    payment_type: PaymentType | None = None
    transaction_from_index: int = Field(ge=1, le=5000)
    transaction_to_index: int = Field(ge=1, le=5000)


class VoidRequest(ReceiptRequest):
    """Also what every payment carries."""

    payment_type: PaymentType
    reference_id: ReferenceId
    amount_cents: Amount = Field(alias="Amount")
    capture_signature: bool | None = None
    is_ready_for_intermediate_status: bool | None = Field(None, alias="IsReadyForIS")
    callback_info: Callback | None = None
    recon_id: str | None = Field(None, min_length=1, max_length=10)
    isv_id: str | None = Field(None, min_length=1, max_length=16)


class ReturnRequest(VoidRequest):
    invoice_number: str | None = Field(None, max_length=50)


class ChargeRequest(ReturnRequest):
    """Sale and Auth. A terminal refuses tip and fee on an Auth; the proxy lets them pass."""

    tip_cents: Extra = Field(0, alias="TipAmount")
    fee_cents: Extra = Field(0, alias="CustomFee")
    external_receipt: str | None = None
    cart: dict[str, Any] | None = None

    @model_validator(mode="after")
    def _tip_is_part_of_the_amount(self) -> "ChargeRequest":
        if self.tip_cents > self.amount_cents:
            raise ValueError("TipAmount is larger than Amount")
        return self


class CaptureRequest(ReturnRequest):
    auth_code: str | None = Field(None, min_length=1, max_length=20)


class TipAdjustRequest(ReturnRequest):
    tip_cents: Extra = Field(alias="TipAmount")
    card_last4: str | None = Field(None, pattern="^[0-9]{4}$")


REQUESTS: Mapping[Operation, type[SpinRequest]] = {
    Operation.SALE: ChargeRequest,
    Operation.AUTH: ChargeRequest,
    Operation.CAPTURE: CaptureRequest,
    Operation.VOID: VoidRequest,
    Operation.RETURN: ReturnRequest,
    Operation.TIP_ADJUST: TipAdjustRequest,
    Operation.STATUS: StatusRequest,
    Operation.STATUS_LIST: StatusListRequest,
    Operation.SETTLE: SettleRequest,
    Operation.ABORT_TRANSACTION: AbortRequest,
    Operation.TERMINAL_STATUS: SpinRequest,
}


class InvalidRequest(Exception):
    """The request does not keep the contract. The message names the members at fault."""


def read_body(body: bytes) -> object:
    """The JSON of a request, numbers exact."""
    try:
        return json.loads(body, parse_float=Decimal, parse_constant=_refuse_constant)
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise InvalidRequest("the body is not JSON") from error


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def read_request(operation: Operation, members: object) -> SpinRequest:
    """Check the members of one request, or raise `InvalidRequest`."""
    try:
        return REQUESTS[operation].model_validate(members)
    except ValidationError as error:
        faults = (
            f"{'.'.join(map(str, fault['loc'])) or 'request'}: {fault['msg']}"
            for fault in error.errors(include_url=False, include_input=False, include_context=False)
        )
        raise InvalidRequest("; ".join(faults)) from error
