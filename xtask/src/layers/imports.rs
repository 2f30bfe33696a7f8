//! Keeps the end-to-end tests honest: they see the product as a user does, through the binary.
//!
//! Cargo cannot tell, because they are compiled as a test target of the cli and so could import whatever it
//! imports; hence a look at the source itself.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

const ALLOWED: &str = "defender_xdr_emulator";
const OURS: &str = "defender_xdr";

/// One sentence per forbidden name in the `.rs` files below `tests`; none when the folder does not exist.
pub(crate) fn violations(tests: &Path) -> Result<Vec<String>> {
    let mut found = Vec::new();
    if tests.is_dir() {
        walk(tests, &mut found)?;
    }
    Ok(found)
}

/// Installed packages and build output are not our source.
const NOT_SOURCE: [&str; 3] = ["node_modules", ".venv", "target"];

fn walk(folder: &Path, found: &mut Vec<String>) -> Result<()> {
    let entries = fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    for entry in entries {
        let path = entry.with_context(|| format!("cannot read {}", folder.display()))?.path();
        if path.is_dir() && !NOT_SOURCE.iter().any(|name| path.ends_with(name)) {
            walk(&path, found)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let source =
                fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
            for (line, name) in forbidden(&source) {
                found.push(format!(
                    "{}:{line} names the library `{name}`: the end-to-end tests may only use the binary and \
                     `{ALLOWED}`; test it beside its code instead",
                    path.display()
                ));
            }
        }
    }
    Ok(())
}

/// Line numbers and names of our libraries where code imports them or goes through them, outside of line
/// comments and string literals. A function or variable may be called the same.
fn forbidden(source: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    for (number, line) in source.lines().enumerate() {
        let before_comment = line.split("//").next().unwrap_or(line);
        let statement = before_comment.trim_start().trim_start_matches("pub ");
        let imports = statement.starts_with("use ") || statement.starts_with("extern crate ");
        for code in before_comment.split('"').step_by(2) {
            found.extend(names(code, imports).map(|name| (number + 1, name)));
        }
    }
    found
}

fn names(code: &str, imports: bool) -> impl Iterator<Item = &str> {
    let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    code.match_indices(OURS).filter_map(move |(start, _)| {
        let end = code[start..].find(|letter| !is_word(letter)).map_or(code.len(), |length| start + length);
        let (name, before, after) = (&code[start..end], &code[..start], code[end..].trim_start());
        let whole = !before.ends_with(is_word) && (name == OURS || name.starts_with("defender_xdr_"));
        let used = imports || after.starts_with("::") || after.starts_with("as ");
        (whole && used && name != ALLOWED).then_some(name)
    })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{forbidden, violations};

    #[test]
    fn every_way_of_naming_one_of_our_libraries_is_found() {
        for source in [
            "use defender_xdr_core::Secret;",
            "use {defender_xdr_api as api};",
            "extern crate defender_xdr_core;",
            "fn f() { defender_xdr::run(); }",
            "let s: ::defender_xdr_auth_device_code::Flow = x;",
            "use defender_xdr_emulator::Tenant; use defender_xdr_core::Clock;",
        ] {
            assert_eq!(forbidden(source).len(), 1, "{source}");
        }
    }

    #[test]
    fn the_emulator_comments_strings_and_variables_are_not_imports() {
        for source in [
            "use defender_xdr_emulator::Tenant;",
            "// like defender_xdr_core does",
            "let path = env!(\"CARGO_BIN_EXE_defender-xdr\");",
            "let module = \"defender_xdr_core\";",
            "std::env::var(\"DEFENDER_XDR_TEST_SLIM_BINARY\")",
            "fn defender_xdr(arguments: &[&str]) -> Output {",
            "let output = defender_xdr(&[\"auth\", \"flows\"]);",
        ] {
            assert_eq!(forbidden(source), [], "{source}");
        }
    }

    #[test]
    fn files_in_subfolders_are_read_and_the_line_is_named() {
        let tests = tempfile::tempdir().unwrap();
        let folder = tests.path().join("e2e/sign_in");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("device.rs"), "//! a\n\nuse defender_xdr_core::x;\n").unwrap();
        let found = violations(tests.path()).unwrap();
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].contains("device.rs:3 names the library `defender_xdr_core`"), "{found:?}");
    }

    #[test]
    fn a_workspace_without_the_folder_has_nothing_to_find() {
        let nowhere = tempfile::tempdir().unwrap();
        assert_eq!(violations(&nowhere.path().join("tests")).unwrap(), Vec::<String>::new());
    }
}
