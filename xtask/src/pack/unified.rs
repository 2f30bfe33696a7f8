//! An integration as one file: description, script, image and text in one, as the platform takes it.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::read;

/// Where the script goes.
const PLACE: &str = "\n  script: \"-\"\n";

/// What a script imports for tests on a developer's machine: the platform has it there already.
const GIVEN: [&str; 2] = ["import demistomock as demisto", "from CommonServerPython import *"];

/// What only the platform that does not mirror hides; in the file for one platform it is yes or no.
const HIDDEN: &str = "  hidden:\n  - marketplacev2\n";

/// The integration whose files begin with `stem`, for a platform that mirrors incidents or does not.
pub(super) fn integration(stem: &Path, mirrors: bool) -> Result<String> {
    let file = |end: &str| {
        let mut path = stem.as_os_str().to_owned();
        path.push(end);
        read(Path::new(&path))
    };
    let text = |end: &str| String::from_utf8(file(end)?).with_context(|| format!("{end} is no text"));
    let image = format!("data:image/png;base64,{}", STANDARD.encode(file("_image.png")?));
    let description =
        text(".yml")?.replace(HIDDEN, if mirrors { "  hidden: false\n" } else { "  hidden: true\n" });
    unified(&description, &text(".py")?, &text("_description.md")?, &image)
}

fn unified(description: &str, script: &str, detail: &str, image: &str) -> Result<String> {
    let Some((before, after)) = description.split_once(PLACE) else {
        bail!("the description has no place for a script")
    };
    let script: String = script
        .lines()
        .filter(|line| !GIVEN.iter().any(|given| line.starts_with(given)))
        .map(|line| if line.is_empty() { "\n".to_owned() } else { format!("    {line}\n") })
        .collect();
    let mut whole = format!("{before}\n  script: |-2\n{script}{after}");
    let detail = serde_json::to_string(detail).context("a text is JSON")?;
    write!(whole, "detaileddescription: {detail}\nimage: {image}\n").context("a text grows")?;
    Ok(whole)
}

#[cfg(test)]
mod tests {
    use super::unified;

    #[test]
    fn the_script_stands_in_the_place_that_the_description_keeps_for_it() {
        let script =
            "import demistomock as demisto  # noqa\nfrom CommonServerPython import *\n\nif 1:\n    go()\n";
        let whole =
            unified("script:\n  script: \"-\"\n  type: python\n", script, "a \"b\"\n", "data:x").unwrap();
        let expected = "script:\n  script: |-2\n\n    if 1:\n        go()\n  type: python\n\
            detaileddescription: \"a \\\"b\\\"\\n\"\nimage: data:x\n";
        assert_eq!(whole, expected);
        assert!(unified("script: x\n", script, "", "").is_err());
    }
}
