import demistomock as demisto  # noqa: F401
from CommonServerPython import *  # noqa: F401

"""Hands each call of the platform to the program `defender-xdr`, and plays back its answer.

All that the integration knows is in the program: this file passes JSON through and decides nothing.
"""

import json
import subprocess

PROGRAM = ["defender-xdr", "xsoar", "run"]
# How much of what the program says in a fault is repeated.
MOST_SAID = 2000
# How often the integration context is written anew when somebody else wrote it meanwhile.
MOST_TRIES = 5


class NoAnswer(Exception):
    """The program gave no answer."""


def read_context():
    """The integration context, and its version where the platform counts them."""
    if hasattr(demisto, "getIntegrationContextVersioned"):
        kept = demisto.getIntegrationContextVersioned(True)
        return kept.get("context") or {}, kept.get("version", -1)
    return demisto.getIntegrationContext() or {}, None


def write_context(before, version, after):
    """Writes what changed. What another call wrote meanwhile stays."""
    if version is None:
        demisto.setIntegrationContext(after)
        return
    written = after
    for tries_left in reversed(range(MOST_TRIES)):
        try:
            demisto.setIntegrationContextVersioned(written, version, True)
            return
        except Exception as error:
            if not tries_left:
                raise
            demisto.debug("the integration context is written again: {}".format(error))
            now, version = read_context()
            written = dict(now)
            for key in set(before) | set(after):
                if key not in after:
                    written.pop(key, None)
                elif key not in before or before[key] != after[key]:
                    written[key] = after[key]


def ask(request):
    """Gives the program a request and returns its answer."""
    # Half a character, which Python can hold and JSON cannot, becomes a question mark.
    text = json.dumps(request, ensure_ascii=False, default=str).encode("utf-8", "replace")
    try:
        done = subprocess.run(PROGRAM, input=text, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    except OSError as error:
        raise NoAnswer(
            "the program {} cannot be started ({}): the integration needs the image it was made for".format(PROGRAM[0], error)
        )
    try:
        answer = json.loads(done.stdout.decode("utf-8"))
    except ValueError:
        answer = None
    if done.returncode != 0 or not isinstance(answer, dict) or not isinstance(answer.get("results"), list):
        said = done.stderr.decode("utf-8", "replace").strip()[-MOST_SAID:]
        raise NoAnswer("the program {} gave no answer (exit code {}). {}".format(PROGRAM[0], done.returncode, said))
    return answer


def log(lines):
    for line in lines:
        level = line.get("level")
        say = {"debug": demisto.debug, "info": demisto.info}.get(level, demisto.error)
        say(line.get("message"))


def main():
    command = demisto.command()
    is_fetch = command == "fetch-incidents"
    try:
        before, version = read_context()
        answer = ask(
            {
                "command": command,
                "args": demisto.args(),
                "params": demisto.params(),
                "integrationContext": before,
                "lastRun": demisto.getLastRun() if is_fetch else {},
                "instance": demisto.integrationInstance(),
            }
        )
        log(answer.get("logs") or [])
        # A new refresh token first: the old one may be worth nothing by now.
        if answer.get("integrationContext") is not None:
            write_context(before, version, answer["integrationContext"])
        # Incidents before the place up to which they were read: rather twice than never.
        if answer.get("incidents") is not None:
            demisto.incidents(answer["incidents"])
        if answer.get("lastRun") is not None:
            demisto.setLastRun(answer["lastRun"])
        for result in answer["results"]:
            if is_fetch and isinstance(result, dict) and result.get("Type") == 4:
                # The platform wants this failure raised; `return_error` knows how.
                return_error(result.get("Contents"))
            else:
                demisto.results(result)
    except NoAnswer as error:
        return_error("Failed to execute {} command.\nError:\n{}".format(command, error))


if __name__ in ("__main__", "__builtin__", "builtins"):
    main()
