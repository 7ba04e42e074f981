"""Who may see a page of a register: a browser that was let in, and somebody who is signed in at one."""

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from ringup.db.reads.places import read_vendor
from ringup.web.amounts import speech_of
from ringup.web.backroom import Backroom
from ringup.web.register.till import Till
from ringup.web.signing_in import show_sign_in
from ringup.web.visitors import find_person, find_visitor


async def arrive(backroom: Backroom, request: Request) -> Till | Response | None:
    """The register, loaded. Else where to go instead; None where the sign-in is shown instead."""
    visitor = await find_visitor(backroom, request)
    if visitor is None:
        return RedirectResponse("/connect" if backroom.demonstration is None else "/enter/demo?to=register")
    signed_in = await find_person(backroom, visitor, "register")
    if signed_in is None:
        await show_sign_in(backroom, visitor, "register")
        return None
    profile = await read_vendor(backroom.shop.db, visitor.vendor_id)
    assert profile is not None, "a browser was connected to a vendor"
    till = Till(backroom, visitor, speech_of(profile), signed_in)
    await till.load()
    return till
