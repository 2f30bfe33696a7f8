//! An integration as one file: description, script, image and text in one, as the platform takes it.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::read;

/// Where the script goes.
const PLACE: &str = "script: \"-\"\n";

/// What a script imports for tests on a developer's machine: the platform has it there already.
const GIVEN: [&str; 2] = ["import demistomock as demisto", "from CommonServerPython import *"];

/// What only the platform that does not mirror hides; in the file for one platform it is yes or no.
const HIDDEN: &str = "  hidden:\n  - marketplacev2\n";

/// The integration whose files begin with `stem`, for a platform that mirrors incidents or does not.
pub(super) fn integration(stem: &Path, mirrors: bool) -> Result<String> {
    let shown = if mirrors { "  hidden: false\n" } else { "  hidden: true\n" };
    let description = text(stem, ".yml")?.replace(HIDDEN, shown);
    let mut whole = with_script(&description, &text(stem, ".py")?)?;
    let detail = serde_json::to_string(&text(stem, "_description.md")?).context("a text is JSON")?;
    let image = STANDARD.encode(file(stem, "_image.png")?);
    write!(whole, "detaileddescription: {detail}\nimage: data:image/png;base64,{image}\n")
        .context("a text grows")?;
    Ok(whole)
}

/// The script whose files begin with `stem`.
pub(super) fn script(stem: &Path) -> Result<String> {
    with_script(&text(stem, ".yml")?, &text(stem, ".py")?)
}

fn file(stem: &Path, end: &str) -> Result<Vec<u8>> {
    let mut path = stem.as_os_str().to_owned();
    path.push(end);
    read(Path::new(&path))
}

fn text(stem: &Path, end: &str) -> Result<String> {
    String::from_utf8(file(stem, end)?).with_context(|| format!("{}{end} is no text", stem.display()))
}

/// `description` with the script in its place, two deeper than the name before it.
fn with_script(description: &str, script: &str) -> Result<String> {
    let Some((before, after)) = description.split_once(PLACE) else {
        bail!("the description has no place for a script")
    };
    let depth = before.len() - before.trim_end_matches(' ').len() + 2;
    let mut whole = format!("{before}script: |-2\n");
    for line in script.lines().filter(|line| !GIVEN.iter().any(|given| line.starts_with(given))) {
        let indent = if line.is_empty() { 0 } else { depth };
        writeln!(whole, "{}{line}", " ".repeat(indent)).context("a text grows")?;
    }
    whole.push_str(after);
    Ok(whole)
}

#[cfg(test)]
mod tests {
    use super::with_script;

    #[test]
    fn the_script_stands_in_the_place_that_the_description_keeps_for_it() {
        let script =
            "import demistomock as demisto  # noqa\nfrom CommonServerPython import *\n\nif 1:\n    go()\n";
        let whole = with_script("script:\n  script: \"-\"\n  type: python\n", script).unwrap();
        assert_eq!(whole, "script:\n  script: |-2\n\n    if 1:\n        go()\n  type: python\n");
        let whole = with_script("name: a\nscript: \"-\"\ntype: python\n", script).unwrap();
        assert_eq!(whole, "name: a\nscript: |-2\n\n  if 1:\n      go()\ntype: python\n");
        assert!(with_script("script: x\n", script).is_err());
    }
}
