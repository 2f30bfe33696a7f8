//! The pack for the platform is made from the tables of this crate: the files that lie in `pack/` are what the tables
//! give. `DEFENDER_XDR_PACK=write cargo test -p defender-xdr-xsoar --test pack` (or `cargo xtask pack --write`) renews them.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]
#![expect(
    clippy::format_push_string,
    clippy::format_collect,
    reason = "small files, made once: the plain way reads best"
)]
#![expect(clippy::needless_pass_by_value, reason = "values that become part of a file are given away")]

mod commands_page;
mod content;
mod fields;
mod integration;
mod layout;
mod mappers;
mod yaml;

use std::fs;
use std::path::{Path, PathBuf};

/// A file of the repository, and what the tables give for it.
struct Made {
    path: String,
    content: String,
}

impl Made {
    fn new(path: impl Into<String>, content: String) -> Self {
        Self { path: path.into(), content }
    }
}

/// A file of the pack.
fn in_pack(path: &str, content: String) -> Made {
    Made::new(format!("crates/xsoar/pack/{path}"), content)
}

fn all() -> Vec<Made> {
    let integration = "Integrations/Microsoft365Defender";
    let mut made = vec![
        in_pack(&format!("{integration}/Microsoft365Defender.yml"), integration::file()),
        in_pack(&format!("{integration}/README.md"), commands_page::of_integration()),
        Made::new("docs/xsoar-commands.md", commands_page::of_documentation()),
    ];
    made.extend(content::files().into_iter().map(|(path, content)| in_pack(&path, content)));
    made
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

#[expect(
    clippy::disallowed_methods,
    reason = "a switch for whoever changed a table, not a setting; files of the repository"
)]
fn write_if_asked(made: &Made) {
    if std::env::var_os("DEFENDER_XDR_PACK").is_some_and(|word| word == "write") {
        let path = root().join(&made.path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, &made.content).expect("written");
    }
}

#[test]
fn the_files_of_the_pack_are_what_the_tables_give() {
    for made in all() {
        write_if_asked(&made);
        let found = fs::read_to_string(root().join(&made.path)).unwrap_or_default();
        assert!(
            found == made.content,
            "{} is not what the tables give: `cargo xtask pack --write`",
            made.path
        );
    }
}

#[test]
fn the_words_of_the_pack_name_this_version() {
    let version = env!("CARGO_PKG_VERSION");
    let notes = format!("crates/xsoar/pack/ReleaseNotes/{}.md", version.replace('.', "_"));
    assert!(root().join(&notes).is_file(), "{notes} is missing");
    let readme = fs::read_to_string(root().join("crates/xsoar/pack/README.md")).expect("a README");
    assert!(
        readme.contains(&format!("--tag defender-xdr/cortex:{version} ")),
        "the README builds another version"
    );
}
