"""403: the person may not, or is not who they say."""

from ringup.domain.errors.root import RingupError


class Forbidden(RingupError):
    http_status = 403


class ActionDenied(Forbidden):
    """The person's role may not do this, whoever approves."""

    code, sqlstate = "action_denied", "RU501"


class ApprovalNeeded(Forbidden):
    """The person may do this with the approval of another; `may_approve` says whose."""

    code, sqlstate = "approval_needed", "RU502"


class ApprovalRefused(Forbidden):
    """The approval was used, has expired, is for something else or for less, or is by somebody who may not give it."""

    code, sqlstate = "approval_refused", "RU503"


class SelfApproval(Forbidden):
    """Nobody approves for themselves."""

    code, sqlstate = "self_approval", "RU504"


class PinRefused(Forbidden):
    """There is no such person, or this is not their PIN."""

    code = "pin_refused"


class NotSignedIn(Forbidden):
    """Nobody is signed in with this token, or not any more."""

    code = "not_signed_in"
