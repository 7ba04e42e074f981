"""All terminals of one simulator, and the journal they share."""

from collections import defaultdict

from ringup.simulator.journal import Journal
from ringup.simulator.ledger import Ledger
from ringup.simulator.settings import SimulatorSettings, TerminalProfile
from ringup.simulator.terminal import Terminal


class Fleet:
    """The terminals by their number. Batches of terminals that are not there yet are kept for them.

    `held_seconds`: how long they had each ReferenceId since the start, from the request's arrival to its answer.
    """

    def __init__(self, settings: SimulatorSettings) -> None:
        self._settings = settings
        self._terminals: dict[str, Terminal] = {}
        self._ledgers: dict[str, Ledger] = {}
        self.held_seconds: defaultdict[str, float] = defaultdict(float)
        self.journal = Journal(settings.data_directory / "journal.jsonl", fsync=settings.fsync)
        for effect in self.journal:
            self._ledger(effect.tpn).apply(effect)
        for terminal in settings.terminals:
            self.put(terminal.tpn, terminal.auth_key, terminal.name, settings.profile)

    def find(self, tpn: str) -> Terminal | None:
        return self._terminals.get(tpn)

    def listed(self) -> list[Terminal]:
        return list(self._terminals.values())

    def put(self, tpn: str, auth_key: str, name: str, profile: TerminalProfile) -> Terminal:
        """Create a terminal, or change the one that has this number."""
        terminal = self._terminals.get(tpn)
        if terminal is None:
            terminal = Terminal(tpn, self._ledger(tpn), self.journal, self._settings)
            self._terminals[tpn] = terminal
        terminal.auth_key, terminal.name = auth_key, name
        terminal.change(profile)
        return terminal

    def interrupt(self) -> None:
        """Power-cycle every terminal: nobody waits any longer."""
        for terminal in self._terminals.values():
            terminal.power_cycle()

    async def close(self) -> None:
        """Stop every terminal and close the journal. What was not decided yet never happened."""
        for terminal in self._terminals.values():
            await terminal.close()
        self.journal.close()

    def _ledger(self, tpn: str) -> Ledger:
        return self._ledgers.setdefault(tpn, Ledger(self._settings.first_batch_number))
