"""The command line: one file per command group."""

from ringup.cli.commands import app


def main() -> None:
    """The console entry point `ringup`. Ends the process: 0 well, 1 something is wrong, 2 asked wrongly."""
    app(prog_name="ringup")
