"""The strict models of `demisto-sdk` over each file of the pack, and its way to build the pack beside ours."""

import ast
import json
import pathlib
import sys
import zipfile

import yaml
from demisto_sdk.commands.content_graph.strict_objects.classifier import StrictClassifier
from demisto_sdk.commands.content_graph.strict_objects.incident_field import StrictIncidentField
from demisto_sdk.commands.content_graph.strict_objects.incident_type import StrictIncidentType
from demisto_sdk.commands.content_graph.strict_objects.integration import StrictIntegration
from demisto_sdk.commands.content_graph.strict_objects.layout import StrictLayout
from demisto_sdk.commands.content_graph.strict_objects.mapper import StrictMapper
from demisto_sdk.commands.content_graph.strict_objects.pack_meta_data import StrictPackMetadata
from demisto_sdk.commands.content_graph.strict_objects.script import StrictScript
from pydantic import ValidationError

# The first that fits: the beginning of a file's place in the pack.
MODELS = {
    "Integrations/": StrictIntegration,
    "Scripts/": StrictScript,
    "Classifiers/classifier-mapper": StrictMapper,
    "Classifiers/": StrictClassifier,
    "IncidentFields/": StrictIncidentField,
    "IncidentTypes/": StrictIncidentType,
    "Layouts/": StrictLayout,
    "pack_metadata.json": StrictPackMetadata,
}

MIRRORING = {"get-modified-remote-data", "get-remote-data", "update-remote-system", "get-mapping-fields"}


def check_files(pack: pathlib.Path) -> int:
    checked = 0
    for path in sorted(pack.rglob("*")):
        place = path.relative_to(pack).as_posix()
        model = next((model for start, model in MODELS.items() if place.startswith(start)), None)
        if path.suffix in (".yml", ".json") and model:
            content = yaml.safe_load(path.read_text(encoding="utf-8"))
            model(**content)
            checked += 1
            # A judge that takes everything is none.
            try:
                model(**content, foreign="member")
                sys.exit(f"{place}: the model takes members that do not exist")
            except ValidationError:
                pass
    return checked


def check_zip(ours: pathlib.Path, theirs: pathlib.Path):
    with zipfile.ZipFile(ours) as mine, zipfile.ZipFile(theirs) as other:
        if mine.testzip() is not None:
            sys.exit("our zip is broken")
        names = [{name for name in zipped.namelist() if not name.endswith("/")} for zipped in (mine, other)]
        if names[0] != names[1]:
            sys.exit(f"our zip and theirs hold other files: {sorted(names[0] ^ names[1])}")
        items = [json.loads(zipped.read("metadata.json"))["contentItems"] for zipped in (mine, other)]
    for kind, named in items[0].items():
        # They name an integration by what people see.
        if kind != "integration" and {item["name"] for item in named} != {item["name"] for item in items[1][kind]}:
            sys.exit(f"metadata.json: other {kind}s than theirs")


def unified(ours: pathlib.Path) -> dict:
    with zipfile.ZipFile(ours) as zipped:
        return yaml.safe_load(zipped.read("Integrations/integration-Microsoft365Defender.yml"))


def compare(ours: dict, theirs: dict, where: str):
    # The kit drops a word from every text for XSIAM, choices of the form included.
    ours, theirs = (json.loads(json.dumps(unified).replace("Cortex XSOAR", "Cortex")) for unified in (ours, theirs))
    for name in ("configuration", "commonfields", "image", "name", "defaultmapperin", "defaultmapperout"):
        if ours[name] != theirs[name]:
            sys.exit(f"{where}: {name} is another one")
    more = [command for command in ours["script"]["commands"] if command not in theirs["script"]["commands"]]
    # For XSIAM, the kit takes out what only mirroring calls; there it is as good as hidden.
    if len(ours["script"]["commands"]) - len(more) != len(theirs["script"]["commands"]) or {
        command["name"] for command in more
    } not in (set(), MIRRORING):
        sys.exit(f"{where}: the commands are others")
    # Theirs says more about itself; what is defined must be the same.
    if definitions(ours) != definitions(theirs):
        sys.exit(f"{where}: the script is another one")


def definitions(unified: dict) -> dict:
    tree = ast.parse(unified["script"]["script"])
    return {node.name: ast.dump(node) for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))}


def main():
    pack, zipped, *pairs = map(pathlib.Path, sys.argv[1:])
    checked = check_files(pack)
    # Made for XSOAR, as the first of ours is.
    check_zip(pairs[0], zipped)
    for ours, prepared in zip(pairs[::2], pairs[1::2]):
        compare(unified(ours), yaml.safe_load(prepared.read_text(encoding="utf-8")), str(ours))
    print(f"{checked} files fit their strict models, and our zips hold what theirs hold")


if __name__ == "__main__":
    main()
