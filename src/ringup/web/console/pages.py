"""stub"""

from ringup.web.backroom import Backroom


def add(backroom: Backroom) -> None: ...
