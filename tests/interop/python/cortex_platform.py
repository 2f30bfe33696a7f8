"""A stand-in for the Cortex platform, as far as an integration's script can see it.

The platform gives each script an object `demisto` and a library `CommonServerPython`; neither is published as a package.
"""

import sys
import types

FETCHES = {"fetch-incidents", "fetch-credentials", "fetch-indicators", "long-running-execution"}


class Raised(Exception):
    """What a script raised to the platform."""


class Platform:
    """One instance of an integration: its form, and what is kept between two calls."""

    def __init__(self, script: str, params: dict, versioned: bool = True):
        with open(script, encoding="utf-8") as file:
            self._code = compile(file.read(), script, "exec")
        self.form = params
        self.context: dict = {}
        self.context_version = 1
        self.last_run: dict = {}
        self.versioned = versioned
        # Called just before the context is written: the place of another call that runs meanwhile.
        self.meanwhile = lambda: None

    def call(self, command: str, **arguments) -> "Call":
        """Runs the script once."""
        call = Call(self, command, arguments)
        library = types.ModuleType("CommonServerPython")
        library.return_error, library.return_results = call.return_error, call.said.append
        sys.modules["demistomock"], sys.modules["CommonServerPython"] = call.demisto(), library
        try:
            exec(self._code, {"__name__": "__main__"})
        except SystemExit as ended:
            if ended.code:
                raise
        return call


class Call:
    """One run of the script, and what it said."""

    def __init__(self, platform: Platform, command: str, arguments: dict):
        self.platform = platform
        self.command = command
        self.arguments = arguments
        self.said: list = []
        self.incidents = None
        self.set_last_run = False
        self.lines: list[tuple[str, str]] = []
        self.order: list[str] = []
        # What scripts, other than integrations, can reach: the incident they run in, and other commands.
        self.executed: list[tuple[str, dict]] = []

    def demisto(self) -> types.ModuleType:
        """The object that the script imports."""
        demisto, platform = types.ModuleType("demistomock"), self.platform
        demisto.command = lambda: self.command
        demisto.args = lambda: dict(self.arguments)
        demisto.params = lambda: dict(platform.form)
        demisto.integrationInstance = lambda: "one"
        demisto.getLastRun = lambda: dict(platform.last_run)
        demisto.setLastRun = self._set_last_run
        demisto.incidents = self._set_incidents
        demisto.results = self.said.append
        demisto.incident = lambda: {"CustomFields": {"microsoft365defenderid": 20417}}
        demisto.executeCommand = lambda name, arguments: self.executed.append((name, arguments)) or "done"
        for level in ("debug", "info", "error"):
            setattr(demisto, level, lambda line, level=level: self.lines.append((level, line)))
        if platform.versioned:
            demisto.getIntegrationContextVersioned = self._context_versioned
            demisto.setIntegrationContextVersioned = self._set_context_versioned
        demisto.getIntegrationContext = lambda: dict(platform.context)
        demisto.setIntegrationContext = self._set_context
        return demisto

    def _set_last_run(self, last_run: dict):
        if not isinstance(last_run, dict):
            raise TypeError("a last run is an object")
        self.platform.last_run = last_run
        self.order.append("last run")

    def _set_incidents(self, incidents: list):
        if self.command not in FETCHES or not isinstance(incidents, list):
            raise TypeError("only a fetch brings incidents, in a list")
        self.incidents = incidents
        self.order.append("incidents")

    def _context_versioned(self, refresh: bool = True) -> dict:
        return {"context": dict(self.platform.context), "version": self.platform.context_version}

    def _set_context(self, context: dict, *_):
        self.platform.context = context
        self.order.append("context")

    def _set_context_versioned(self, context: dict, version: int = -1, sync: bool = False):
        self.platform.meanwhile()
        if version not in (-1, self.platform.context_version):
            raise ValueError("the context has another version")
        self._set_context(context)
        self.platform.context_version += 1

    def return_error(self, message: str):
        """The platform's way to fail: raised from a fetch, an entry otherwise."""
        if self.command in FETCHES:
            raise Raised(message)
        if self.command == "get-modified-remote-data":
            message = "skip update. error: " + message
        self.said.append({"Type": 4, "ContentsFormat": "text", "Contents": message, "EntryContext": None})
        sys.exit(0)

    def only(self):
        """The one result of the call."""
        if len(self.said) != 1:
            sys.exit(f"{self.command} gave {len(self.said)} results: {self.said}")
        return self.said[0]
