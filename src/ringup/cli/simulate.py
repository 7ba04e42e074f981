"""`ringup simulate`: card terminals that take no money."""

from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from ringup.cli.database import loop_runner
from ringup.cli.lifetime import spare_the_collector, stop_when_stdin_ends, until_stopped
from ringup.cli.output import AsJson, CannotRun, print_json, results
from ringup.settings import load_settings
from ringup.simulator.server import serve
from ringup.simulator.settings import SimulatorSettings, TerminalSettings


def simulate(
    *,
    terminals: Annotated[
        list[str] | None,
        typer.Option("--terminal", metavar="TPN:AUTHKEY[:NAME]", help="A terminal to begin with. Repeatable."),
    ] = None,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0: any free port, which is printed.")] = 0,
    data_dir: Annotated[
        Path | None, typer.Option(help="Where the journal is kept. Default: simulator, in RINGUP_DATA_DIR.")
    ] = None,
    exit_with_stdin: Annotated[bool, typer.Option(hidden=True)] = False,
    as_json: AsJson = False,
) -> None:
    """Simulate card terminals: the vendor's protocol over HTTP, a journal of what was charged, and faults on demand.

    A TPN has 10 to 12 letters or digits, a key exactly 10 characters. More terminals, and
    faults, can be added while it runs: see /control/openapi.json.

    Example: ringup simulate --port 9000 --terminal DEMO00000001:ABCDEFGHIJ
    """
    settings = SimulatorSettings(
        data_directory=data_dir or load_settings().data_dir / "simulator",
        terminals=tuple(_read_terminal(text) for text in terminals or ()),
    )

    def announce(bound: int) -> None:
        url = f"http://{host}:{bound}"
        if as_json:
            print_json({"url": url, "control_url": f"{url}/control", "port": bound})
        else:
            results().print(f"Simulated terminals at {url}, their control API at {url}/control")

    with until_stopped(), loop_runner() as runner:
        if exit_with_stdin:
            stop_when_stdin_ends()
        spare_the_collector()
        try:
            runner.run(serve(settings, host, port, announce))
        except OSError as failure:
            raise CannotRun(
                f"cannot listen on {host}, port {port}: {failure.strerror}", "Choose another: --port 0"
            ) from failure


def _read_terminal(text: str) -> TerminalSettings:
    tpn, _, rest = text.partition(":")
    auth_key, _, name = rest.partition(":")
    try:
        return TerminalSettings(tpn=tpn, auth_key=auth_key, name=name)
    except ValidationError as failure:
        problems = "; ".join(f"{error['loc'][0]}: {error['msg']}" for error in failure.errors())
        # The text itself is not repeated: the key in it may be a real one.
        raise typer.BadParameter(problems, param_hint="--terminal") from None
