"""The vendor of SPIn terminals as a plain function: it keeps what it is asked, and answers as told."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import httpx

from ringup.domain.attempt import Attempt
from ringup.domain.money import Money
from ringup.terminals.spin import SpinSettings, SpinTerminal

REFERENCE = "7f0d6a1c2b3e4f5a9b8c7d6e5f4a3b2c"
AUTH_KEY = "SECRETKEY9"
ATTEMPT = Attempt(REFERENCE, Money(2750, "USD"), invoice_number="T1-000123", auth_code="A1B2C3")
ONLINE = {"TerminalStatus": "Online", "Tpn": "012345678901"}

Answer = Exception | httpx.Response | Mapping[str, Any]


class Vendor:
    """Answers each operation from its list; the last answer is repeated. Nothing else may be asked."""

    def __init__(self, answers: Mapping[str, Answer | list[Answer]]) -> None:
        self._answers = {
            operation: list(listed) if isinstance(listed, list) else [listed] for operation, listed in answers.items()
        }
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answers = self._answers[operation_of(request)]
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, httpx.Response) else httpx.Response(200, json=answer)

    @property
    def asked(self) -> list[str]:
        return [operation_of(request) for request in self.requests]

    def members(self, operation: str) -> dict[str, Any]:
        """The last request of this operation, its numbers exact."""
        body = next(each.content for each in reversed(self.requests) if operation_of(each) == operation)
        members: dict[str, Any] = json.loads(body, parse_float=Decimal)
        return members


def operation_of(request: httpx.Request) -> str:
    return request.url.path.rsplit("/", 1)[-1]


def terminal_of(vendor: Vendor, **settings: Any) -> SpinTerminal:
    particulars = {"base_url": "https://vendor.test/spin/", "tpn": "012345678901", "auth_key": AUTH_KEY}
    client = httpx.AsyncClient(transport=httpx.MockTransport(vendor))
    return SpinTerminal(client, SpinSettings(**{"mode": "sale", **particulars, **settings}))


def refused(code: str | int, **general: Any) -> dict[str, Any]:
    """An answer with a status code and nothing else."""
    return {"GeneralResponse": {"ResultCode": "1", "StatusCode": code, "Message": "Error", **general}}


def approved(total: float | None = 27.5, *, code: str = "0000", kind: str = "Sale", **members: Any) -> Any:
    """An approving answer; `total` None leaves the amounts out."""
    amounts = {} if total is None else {"Amounts": {"TotalAmount": total, "Amount": total, "TipAmount": 0}}
    return {
        "GeneralResponse": {"ResultCode": "0", "StatusCode": code, "Message": "Approved"},
        "TransactionType": kind,
        **amounts,
        "AuthCode": "A1B2C3",
        "ReferenceId": REFERENCE,
        "BatchNumber": "103",
        "TransactionNumber": "7",
        "Voided": False,
        "RRN": "123456789012",
        "CardData": {"CardType": "Visa", "Last4": "1111", "First4": "4111", "BIN": "411111"},
        **members,
    }
