"""What a simulator is started with, and how its terminals behave. Importing this module reads nothing."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Tpn = Annotated[str, Field(pattern="^[A-Za-z0-9]{10,12}$", description="Terminal profile number, 10 to 12 characters.")]
AuthKey = Annotated[str, Field(min_length=10, max_length=10, description="The terminal's key, exactly 10 characters.")]
Seconds = Annotated[float, Field(ge=0, allow_inf_nan=False)]
ResultCodeStyle = Literal["string", "number", "name"]


def utc_now() -> datetime:
    """The time that is written into the journal."""
    return datetime.now(UTC)


class TerminalProfile(BaseModel):
    """How one terminal and its processor behave. Every duration is in simulated seconds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    online: bool = Field(True, description="Connected to the proxy. Offline terminals answer 2001.")
    hung: bool = Field(False, description="Answers 1012 to everything until it is power-cycled.")
    hung_answer_seconds: Seconds = Field(2.4, description="How long a hung terminal takes to answer 1012.")
    busy_window_seconds: Seconds = Field(
        0, description="For how long after an approval money operations get 1000. Real devices: about 40."
    )
    busy_delay_seconds: Seconds = Field(2, description="DelayBeforeNextRequest that goes with 2008.")
    answer_delay_seconds: Seconds = Field(0, description="How long the customer and the card host take.")
    attended: bool = Field(
        False, description="If so, whoever is asked for a card acts at /control/terminals/{tpn}/customer, or does not."
    )
    supports_auth: bool = Field(True, description="If not, Auth answers 1004.")
    supports_void_of_auth: bool = Field(True, description="If not, Void of an uncaptured Auth answers 1004.")
    capture_needs_auth_code: bool = Field(True, description="If so, Capture without AuthCode answers 2201.")
    declined_consumes_reference: bool = Field(
        False, description="If so, the ReferenceId of a declined attempt is a duplicate from then on (1011)."
    )
    status_finds_declined: bool = Field(
        True, description="If so, Status of a declined attempt answers 1015; otherwise 1001."
    )
    list_names_batch: bool = Field(
        True, description="If so, StatusList has the open batch's number beside the list, also where that is empty."
    )
    result_code_style: ResultCodeStyle = Field(
        "string", description='How ResultCode is written: "0", 0 or "Ok". All three were seen.'
    )


class TerminalSettings(BaseModel):
    """A terminal that exists from the start, with the simulator's default profile."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    tpn: Tpn
    auth_key: AuthKey
    name: str = ""


class SimulatorSettings(BaseModel):
    """One simulator: one data directory, one journal, any number of terminals.

    `profile` is how terminals behave until the control API says otherwise.
    `clock_rate` is how many simulated seconds pass in a real one: 20 turns the busy
    window of 40 s into 2 s. `fsync=False` gives up durability against power failure, not
    against a killed process. `proxy_error_http_status` is the HTTP status of answers with
    ResultCode 2 other than 2201: 200 by the contract, but others were seen.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    data_directory: Path
    terminals: tuple[TerminalSettings, ...] = ()
    profile: TerminalProfile = TerminalProfile()
    fsync: bool = True
    clock_rate: float = Field(1.0, gt=0, allow_inf_nan=False)
    first_batch_number: int = Field(1, ge=1)
    proxy_error_http_status: int = Field(200, ge=200, le=599)
    now: Callable[[], datetime] = utc_now
