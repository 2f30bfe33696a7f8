//! A tar with nothing in it that changes from one machine to the next, compressed.

use std::collections::BTreeMap;
use std::io::Write as _;

use anyhow::{Context as _, Result};
use flate2::write::GzEncoder;
use flate2::{Compression, GzBuilder};
use tar::{Builder, EntryType, Header};

/// What a package has at one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Entry {
    Folder,
    /// Bytes, and whether they are a program.
    File(Vec<u8>, bool),
}

/// Places without a leading `/`, in order.
pub(super) type Tree = BTreeMap<String, Entry>;

/// The tree below `prefix` (which ends in `/`), as root owns it, with every folder on the way.
pub(super) fn of(prefix: &str, mut tree: Tree, seconds: u64) -> Result<Vec<u8>> {
    let on_the_way: Vec<String> = tree.keys().flat_map(|path| folders_above(path)).collect();
    for folder in on_the_way {
        tree.entry(folder).or_insert(Entry::Folder);
    }
    let mut tar = Builder::new(gzip(Vec::new()));
    append(&mut tar, prefix, EntryType::Directory, 0o755, &[], seconds)?;
    for (path, entry) in &tree {
        match entry {
            Entry::Folder => {
                append(&mut tar, &format!("{prefix}{path}/"), EntryType::Directory, 0o755, &[], seconds)?;
            }
            Entry::File(bytes, program) => {
                let mode = if *program { 0o755 } else { 0o644 };
                append(&mut tar, &format!("{prefix}{path}"), EntryType::Regular, mode, bytes, seconds)?;
            }
        }
    }
    let gzip = tar.into_inner().context("the archive has no end")?;
    gzip.finish().context("the archive has no end")
}

/// One file compressed, as manual pages are.
pub(super) fn compressed(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut gzip = gzip(Vec::new());
    gzip.write_all(bytes)?;
    Ok(gzip.finish()?)
}

fn gzip(into: Vec<u8>) -> GzEncoder<Vec<u8>> {
    GzBuilder::new().mtime(0).operating_system(255).write(into, Compression::best())
}

fn append(
    tar: &mut Builder<GzEncoder<Vec<u8>>>,
    path: &str,
    kind: EntryType,
    mode: u32,
    bytes: &[u8],
    seconds: u64,
) -> Result<()> {
    let mut header = Header::new_ustar();
    // Written as it is: the library's own setter drops the `./` that Debian's tools have.
    let name = header.as_old_mut().name.get_mut(..path.len());
    name.with_context(|| format!("{path} is too long for a tar"))?.copy_from_slice(path.as_bytes());
    header.set_entry_type(kind);
    header.set_mode(mode);
    header.set_uid(0);
    header.set_gid(0);
    header.set_username("root")?;
    header.set_groupname("root")?;
    header.set_mtime(seconds);
    header.set_size(bytes.len() as u64);
    header.set_cksum();
    tar.append(&header, bytes).with_context(|| format!("{path} does not fit into a tar"))
}

fn folders_above(path: &str) -> impl Iterator<Item = String> {
    path.match_indices('/').filter_map(|(end, _)| path.get(..end)).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use flate2::read::GzDecoder;

    use super::{Entry, Tree, of};

    fn tree() -> Tree {
        Tree::from([
            ("usr/share/doc/README".to_owned(), Entry::File(b"read me".to_vec(), false)),
            ("usr/bin/program".to_owned(), Entry::File(b"run me".to_vec(), true)),
            ("etc/program".to_owned(), Entry::Folder),
        ])
    }

    #[test]
    fn an_archive_is_sorted_owned_by_root_and_of_the_time_given() {
        let bytes = of("./", tree(), 1_700_000_000).unwrap();
        let mut archive = tar::Archive::new(GzDecoder::new(bytes.as_slice()));
        let mut seen = Vec::new();
        for entry in archive.entries().unwrap() {
            let mut entry = entry.unwrap();
            let mut content = String::new();
            entry.read_to_string(&mut content).unwrap();
            let header = entry.header();
            assert_eq!((header.uid().unwrap(), header.gid().unwrap()), (0, 0));
            assert_eq!(header.mtime().unwrap(), 1_700_000_000);
            let path = String::from_utf8(header.path_bytes().into_owned()).unwrap();
            seen.push((path, header.mode().unwrap(), content));
        }
        let expected = [
            ("./", 0o755, ""),
            ("./etc/", 0o755, ""),
            ("./etc/program/", 0o755, ""),
            ("./usr/", 0o755, ""),
            ("./usr/bin/", 0o755, ""),
            ("./usr/bin/program", 0o755, "run me"),
            ("./usr/share/", 0o755, ""),
            ("./usr/share/doc/", 0o755, ""),
            ("./usr/share/doc/README", 0o644, "read me"),
        ];
        let expected = expected.map(|(path, mode, text)| (path.to_owned(), mode, text.to_owned()));
        assert_eq!(seen, expected);
    }

    #[test]
    fn the_same_tree_gives_the_same_bytes_and_a_long_name_is_an_error() {
        assert_eq!(of("./", tree(), 7).unwrap(), of("./", tree(), 7).unwrap());
        let long = Tree::from([("a".repeat(120), Entry::Folder)]);
        assert!(of("./", long, 7).unwrap_err().to_string().contains("too long"));
    }
}
