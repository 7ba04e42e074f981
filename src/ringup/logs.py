"""How ringup logs: one JSON object a line on standard output, without anything like a card number."""

import contextlib
import logging
import sys
from collections.abc import Iterator

import structlog
from structlog.typing import EventDict, WrappedLogger

from ringup.domain.card_numbers import mask_card_numbers

DEEPEST = 8
"""How far into an event card numbers are looked for; what lies deeper is left out."""

QUIET = ("uvicorn.access", "httpx", "httpcore")
"""They log whole addresses, with whatever a client put there. ringup logs requests by their route."""


def configure_logging(level: str) -> None:
    """Send all logs, ours and the libraries', through one chain. Safe to repeat."""
    chain: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.stdlib.ExtraAdder(),
        _without_colours,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    least = logging.getLevelNamesMapping()[level.upper()]
    rendered: list[structlog.typing.Processor] = [scrub_card_numbers, structlog.processors.JSONRenderer(default=str)]
    structlog.configure(
        processors=[*chain, *rendered],
        wrapper_class=structlog.make_filtering_bound_logger(least),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
    output = logging.StreamHandler(sys.stderr)
    output.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=chain,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *rendered],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [output]
    root.setLevel(least)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


@contextlib.contextmanager
def logging_while(level: str) -> Iterator[None]:
    """As `configure_logging`, until left: for a command, whose results alone belong on standard output."""
    root = logging.getLogger()
    handlers, least = root.handlers[:], root.level
    configure_logging(level)
    try:
        yield
    finally:
        structlog.reset_defaults()
        root.handlers[:] = handlers
        root.setLevel(least)


def _without_colours(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """uvicorn says its lines a second time, with colours."""
    event.pop("color_message", None)
    return event


def scrub_card_numbers(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Mask what looks like a card number in every text and number of an event, keys included."""
    return {mask_card_numbers(str(key)): scrubbed(value) for key, value in event.items()}


def scrubbed(value: object, depth: int = DEEPEST) -> object:
    """The value with every card number in it masked, `depth` levels down; what lies deeper is left out."""
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, int):
        masked = mask_card_numbers(str(value))
        return value if masked == str(value) else masked
    if isinstance(value, dict | list | tuple | set | frozenset) and depth == 0:
        return "..."
    if isinstance(value, dict):
        return {mask_card_numbers(str(key)): scrubbed(inner, depth - 1) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [scrubbed(inner, depth - 1) for inner in value]
    return mask_card_numbers(str(value))
