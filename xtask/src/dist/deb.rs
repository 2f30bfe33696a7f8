//! A Debian package (deb(5)): an `ar` archive of a version, what dpkg has to know, and the files.

use std::fmt::Write as _;

use anyhow::{Context as _, Result};

use super::tarball::{self, Entry, Tree};
use super::{NAME, VERSION};

/// The package that puts this tree below `/`.
pub(super) fn of(tree: Tree, seconds: u64) -> Result<Vec<u8>> {
    let control = Tree::from([("control".to_owned(), Entry::File(control(&tree).into_bytes(), false))]);
    let members = [
        ("debian-binary", b"2.0\n".to_vec()),
        ("control.tar.gz", tarball::of("./", control, seconds)?),
        ("data.tar.gz", tarball::of("./", tree, seconds)?),
    ];
    let mut package = b"!<arch>\n".to_vec();
    for (name, bytes) in members {
        package.extend(member(name, bytes.len(), seconds)?.into_bytes());
        package.extend(&bytes);
        if bytes.len() % 2 == 1 {
            package.push(b'\n');
        }
    }
    Ok(package)
}

/// The header of a member (ar(5)): columns of fixed width.
fn member(name: &str, length: usize, seconds: u64) -> Result<String> {
    let header = format!("{name:<16}{seconds:<12}{:<6}{:<6}{:<8}{length:<10}`\n", 0, 0, "100644");
    (header.len() == 60).then_some(header).with_context(|| format!("{name} is too large for a package"))
}

/// Debian Policy, chapter 5. The size is that of `du`, in KiB, as dpkg-gencontrol counts.
fn control(tree: &Tree) -> String {
    let size: usize = tree
        .values()
        .map(|entry| match entry {
            Entry::Folder => 1,
            Entry::File(bytes, _) => bytes.len().div_ceil(1024),
        })
        .sum();
    let mut text = String::new();
    for (field, value) in [
        ("Package", NAME),
        ("Version", VERSION),
        ("Architecture", "amd64"),
        ("Maintainer", "The defender-xdr authors <defender-xdr@localhost>"),
        ("Installed-Size", &size.to_string()),
        ("Recommends", "ca-certificates"),
        ("Section", "admin"),
        ("Priority", "optional"),
        ("Description", "Microsoft Defender XDR for security automation"),
    ] {
        let _infallible = writeln!(text, "{field}: {value}");
    }
    text.push_str(
        " Signs in to Microsoft Defender XDR, reads and updates incidents and alerts, hunts, and\n \
         fetches new incidents, each once, on Microsoft Graph and on the legacy API.\n .\n \
         The program is linked statically. A service for each profile appends new incidents to a\n \
         file: defender-xdr-fetch@.service.\n",
    );
    text
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::{Entry, Tree, control, member, of};

    fn tree() -> Tree {
        Tree::from([
            ("usr/bin/defender-xdr".to_owned(), Entry::File(vec![7; 1500], true)),
            ("etc/defender-xdr".to_owned(), Entry::Folder),
        ])
    }

    #[test]
    fn a_package_is_three_members_with_the_version_first() {
        let package = of(tree(), 1_700_000_000).unwrap();
        assert!(
            package
                .starts_with(b"!<arch>\ndebian-binary   1700000000  0     0     100644  4         `\n2.0\n")
        );
        let text = String::from_utf8_lossy(&package);
        let control = text.find("control.tar.gz  ").unwrap();
        assert!(text.find("data.tar.gz     ").unwrap() > control && control == 72);
        assert_eq!(package, of(tree(), 1_700_000_000).unwrap());
        assert!(member("a name that is too long", 1, 1).is_err());
    }

    #[test]
    fn dpkg_is_told_what_it_needs() {
        let control = control(&tree());
        for line in ["Package: defender-xdr", "Architecture: amd64", "Installed-Size: 3"] {
            assert!(control.lines().any(|found| found == line), "{line} is not in\n{control}");
        }
        // The long description is indented, and no line of it is empty.
        let (_, long) = control.split_once("Description: ").unwrap();
        assert!(long.lines().skip(1).all(|line| line.starts_with(' ') && line.trim() != ""));
    }

    #[test]
    fn dpkg_reads_it_where_there_is_dpkg() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("some.deb");
        std::fs::write(&path, of(tree(), 1_700_000_000).unwrap()).unwrap();
        let Ok(listed) = Command::new("dpkg-deb").arg("--contents").arg(&path).output() else {
            return;
        };
        let text = String::from_utf8_lossy(&listed.stdout);
        assert!(text.contains("-rwxr-xr-x root/root      1500 2023-11-14"), "{text}");
    }
}
