"""The script of the Cortex pack under a real Python, every command on both APIs, against the emulator."""

import argparse
import json
import os
import re
import stat
import sys
import tempfile
import urllib.request
from datetime import datetime, timedelta, timezone

from cortex_answers import differences
from cortex_platform import Platform, Raised

CONTEXT = "Microsoft365Defender.Incident(val.incidentId && val.incidentId == obj.incidentId)"
PREFIX = "microsoft-365-defender-"
# The platform calls these two without being told in the description of the integration.
UNTOLD = {"test-module", "fetch-incidents"}


class World:
    """One API of the emulator, instances at it, and what they were told."""

    def __init__(self, given: argparse.Namespace, api: str):
        self.given, self.api, self.emulator = given, api, given.emulator
        self.called: set[str] = set()
        self.answers: dict[str, object] = {}

    def instance(self, **more) -> Platform:
        params = {
            "base_url": self.emulator,
            "api": self.api,
            "creds_client_id": {"identifier": "", "password": self.given.client_id},
            "creds_tenant_id": {"identifier": "", "password": self.given.tenant},
            "first_fetch": "20 days",
            "max_fetch": "40",
            "fetch_timeout": "30",
            "mirror_direction": "Incoming And Outgoing",
            "close_incident": True,
            "close_out": True,
            "comment_tag": "CommentToMicrosoft365Defender",
            "comment_tag_from_microsoft365defender": "CommentFromMicrosoft365Defender",
            "insecure": False,
            "proxy": False,
            **more,
        }
        return Platform(self.given.script, params)

    def application(self) -> Platform:
        secret = {"identifier": "", "password": self.given.client_secret}
        return self.instance(client_credentials=True, credentials=secret)

    def ask(self, platform: Platform, command: str, **arguments):
        """A command, its answer kept under its name."""
        call = platform.call(command, **arguments)
        self.called.add(command)
        if command != "fetch-incidents":
            self.answers[f"{len(self.answers)} {command}"] = call.said
        return call

    def entry(self, platform: Platform, command: str, **arguments) -> dict:
        """The same for one that must succeed with an entry."""
        entry = self.ask(platform, PREFIX + command, **arguments).only()
        if entry["Type"] != 1:
            sys.exit(f"{self.api}: {command} failed: {entry['Contents']}")
        return entry


def expect(condition: bool, what: str, *shown):
    if not condition:
        sys.exit(f"{what}: {' '.join(str(one) for one in shown)}"[:2000])


def sign_in_as_a_person(world: World):
    platform = world.instance()
    refused = world.ask(platform, PREFIX + "incidents-list").only()
    expect(refused["Type"] == 4 and "auth-start" in refused["Contents"], "the gate", refused)
    started = platform.call(PREFIX + "auth-start").only()["HumanReadable"]
    code = re.search(r"\*\*([A-Z0-9]+)\*\*", started).group(1)
    body = json.dumps({"user": "dana@aurora-lab.example"}).encode()
    approve = urllib.request.Request(
        f"{world.emulator}/_control/device/{code}/approve", body, {"Content-Type": "application/json"}
    )
    urllib.request.urlopen(approve, timeout=10).close()
    world.called.add(PREFIX + "auth-start")
    world.entry(platform, "auth-complete")
    expect("current_refresh_token" in platform.context, "a sign-in is in the context", list(platform.context))
    world.entry(platform, "auth-test")
    expect(world.ask(platform, "test-module").only() == "ok", "test-module")
    world.entry(platform, "auth-reset")
    expect(not platform.context, "a reset leaves nothing", list(platform.context))


def read(world: World):
    platform = world.application()
    expect(world.ask(platform, "test-module").only() == "ok", "test-module")
    listed = world.entry(platform, "incidents-list", status="InProgress", limit="100")["EntryContext"][CONTEXT]
    expect(10 < len(listed) < 100, "a whole list", len(listed))
    for identifier in sorted(incident["incidentId"] for incident in listed)[-5:]:
        world.entry(platform, "incident-get", id=str(identifier))
    query = "DeviceInfo | project DeviceName, OSPlatform"
    hunted = world.entry(platform, "advanced-hunting", query=query, limit="3")
    expect("### " in hunted["HumanReadable"], "rows", hunted)
    failed = world.ask(platform, PREFIX + "incident-get", id="999999999").only()
    expect(failed["Type"] == 4 and "Failed to execute" in failed["Contents"], "a failure", failed)


def change(world: World, other: World):
    """What one API changed is what the other reads."""
    identifier = str(world.answers["fetched"][0 if world.api == "Legacy" else 1][0].split()[-1])
    world.called.add(PREFIX + "incident-update")
    updated = world.application().call(
        PREFIX + "incident-update",
        id=identifier,
        status="Resolved",
        classification="FalsePositive",
        comment="Żółć | `x`\nof a 🦀 and half a \ud83e",
        tags="one,two",
        assigned_to="dana@aurora-lab.example",
    ).only()
    expect(updated["Type"] == 1, "an update", updated)
    now = updated["Contents"]
    expect(now["determination"] == "Other" and now["tags"] == ["one", "two"], "an update", now)
    expect(now["comments"][-1]["comment"].endswith("half a ?"), "a comment", now["comments"])
    seen = other.application().call(PREFIX + "incident-get", id=identifier).only()
    expect(updated["HumanReadable"].split(":", 1)[1] == seen["HumanReadable"].split(":", 1)[1], "the same row", updated, seen)
    name = f"change by {world.api}"
    world.answers[name], other.answers[name] = updated["Contents"], seen["Contents"]


def fetch(world: World):
    platform, raw = world.application(), []
    for _ in range(50):
        call = world.ask(platform, "fetch-incidents")
        expect(call.order[-2:] == ["incidents", "last run"], "incidents come before the last run", call.order)
        raw += call.incidents
        if not call.incidents:
            break
    names = [incident["name"] for incident in raw]
    expect(len(names) == len(set(names)) > 40, "each incident once", len(names), len(set(names)))
    world.answers["fetched"] = [[incident["name"], incident["occurred"]] for incident in raw]
    # The emulator plants oddities of real payloads into older ones, in one API alone.
    world.answers["newest"] = raw[-20:]
    platform.form["first_fetch"], platform.last_run = "abc", {}
    try:
        platform.call("fetch-incidents")
        sys.exit("a fetch from nowhere did not fail")
    except Raised as error:
        expect("Could not parse" in str(error), "a fetch from nowhere", error)


def mirror(world: World):
    platform = world.application()
    world.ask(platform, "get-mapping-fields")
    since = (datetime.now(timezone.utc) - timedelta(days=3)).strftime("%Y-%m-%dT%H:%M:%SZ")
    names = world.ask(platform, "get-modified-remote-data", lastUpdate=since).only()["Contents"]
    for identifier in sorted(names)[:3]:
        world.ask(platform, "get-remote-data", id=identifier, lastUpdate=since)


def write_back(world: World):
    platform = world.application()
    identifier = str(world.answers["fetched"][2 if world.api == "Legacy" else 3][0].split()[-1])
    world.called.add("update-remote-system")
    written = platform.call(
        "update-remote-system",
        remoteId=identifier,
        incidentChanged=True,
        status=1,
        data={"status": "InProgress"},
        delta={"status": "InProgress", "tags": ["mirrored"]},
        entries=[
            {
                "id": "1@1",
                "type": 1,
                "format": "text",
                "contents": "from the War Room",
                "user": "ann",
                "tags": ["CommentToMicrosoft365Defender"],
            }
        ],
    )
    expect(written.only() == identifier, "the id of what was written", written.said)
    shown = platform.call(PREFIX + "incident-get", id=identifier).only()["EntryContext"][CONTEXT]
    expect(shown["status"] == "InProgress" and "mirrored" in shown["tags"], "a field that was written", shown)
    expect(any("Mirrored from" in one["comment"] for one in shown["comments"]), "a comment that was written", shown)


def keep_what_another_call_wrote(world: World):
    platform = world.application()

    def another_call():
        platform.meanwhile = lambda: None
        platform.context = {**platform.context, "theirs": "kept"}
        platform.context_version += 1

    platform.meanwhile = another_call
    platform.call(PREFIX + "auth-test").only()
    expect(platform.context.get("theirs") == "kept", "what another call wrote", list(platform.context))
    expect("access_token" in platform.context, "what this call wrote", list(platform.context))
    platform = world.application()
    platform.versioned = False
    platform.call(PREFIX + "auth-test").only()
    expect("access_token" in platform.context, "a platform without versions", list(platform.context))


def survive_a_bad_program(world: World):
    programs = {
        "": "cannot be started",
        "#!/bin/sh\necho garbage; echo why >&2; exit 0\n": "gave no answer (exit code 0). why",
        "#!/bin/sh\necho '{\"results\": null}'\n": "gave no answer",
        "#!/bin/sh\nexit 3\n": "gave no answer (exit code 3)",
        "#!/bin/sh\nkill -9 $$\n": "gave no answer (exit code -9)",
    }
    path = os.environ["PATH"]
    try:
        for program, text in programs.items():
            with tempfile.TemporaryDirectory() as folder:
                os.environ["PATH"] = folder
                if program:
                    name = os.path.join(folder, "defender-xdr")
                    with open(name, "w", encoding="utf-8") as file:
                        file.write(program)
                    os.chmod(name, stat.S_IRWXU)
                failed = world.application().call(PREFIX + "incidents-list").only()
                expect(failed["Type"] == 4 and text in failed["Contents"], "a bad program", failed)
                try:
                    world.application().call("fetch-incidents")
                    sys.exit("a fetch with a bad program did not fail")
                except Raised as error:
                    expect(text in str(error), "a fetch with a bad program", error)
    finally:
        os.environ["PATH"] = path


def scripts(folder: str):
    """What mappers and layouts call."""

    def run(name: str, **arguments):
        return Platform(os.path.join(folder, name, name + ".py"), {}).call("", **arguments)

    counted = run("MS365DefenderCountIncidentCategories", value="a,b,a").only()
    expect(counted == [{"category": "a", "count": 2}, {"category": "b", "count": 1}], "categories", counted)
    users = run("MS365DefenderUserListToTable", value="u1,u2").only()
    expect(users == [{"User": "u1"}, {"User": "u2"}], "users", users)
    for name in ("MS365DefenderCountIncidentCategories", "MS365DefenderUserListToTable"):
        expect(run(name, value=[7]).only() == [7], "what is no text", name)
    update = PREFIX + "incident-update"
    added = run("MS365DefenderAddComment", id="none", comment="c", instance_name="two")
    expect(added.executed == [(update, {"id": 20417, "comment": "c", "using": "two"})], "a comment", added.executed)
    added = run("MS365DefenderAddComment", id="7", comment="c")
    expect(added.executed == [(update, {"id": "7", "comment": "c"})], "a comment", added.executed)


def main():
    parser = argparse.ArgumentParser()
    for name in ("script", "scripts", "description", "program", "emulator", "tenant", "client-id", "client-secret"):
        parser.add_argument(f"--{name}", required=True)
    given = parser.parse_args()
    os.environ["PATH"] = given.program + os.pathsep + os.environ.get("PATH", "")
    os.environ["DEFENDER_XDR_QUOTA"] = "observed"
    os.environ["DEFENDER_XDR_AUTHORITY_HOST"] = given.emulator
    scripts(given.scripts)
    worlds = [World(given, "Legacy"), World(given, "Graph")]
    for scene in (sign_in_as_a_person, read, fetch, mirror):
        for world in worlds:
            scene(world)
    for world, other in (worlds, reversed(worlds)):
        change(world, other)
        write_back(world)
    keep_what_another_call_wrote(worlds[0])
    survive_a_bad_program(worlds[0])
    with open(given.description, encoding="utf-8") as file:
        told = set(re.findall(r"^  - name: (\S+)$", file.read(), re.MULTILINE))
    expect(len(told) > 10, "the commands of the description", told)
    for world in worlds:
        expect(world.called == told | UNTOLD, f"{world.api}: not called", (told | UNTOLD) ^ world.called)
    legacy, graph = (world.answers for world in worlds)
    found = differences(legacy, graph)
    if found:
        sys.exit("\n".join(["the two APIs answer otherwise:", *found[:4000]]))
    print(f"the pack's script: {len(told | UNTOLD)} commands, {len(legacy)} answers the same on both APIs")


if __name__ == "__main__":
    main()
