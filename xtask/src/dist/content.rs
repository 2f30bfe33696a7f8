//! What is in the packages: the program, what it says about itself, and the plain files of `packaging`.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use super::tarball::{self, Entry, Tree};
use super::{NAME, VERSION};

/// The files, before they have a place.
pub(super) struct Content {
    program: Vec<u8>,
    /// Manual pages by file name.
    manual: Vec<(String, Vec<u8>)>,
    bash: Vec<u8>,
    zsh: Vec<u8>,
    fish: Vec<u8>,
    unit: Vec<u8>,
    settings: Vec<u8>,
    copyright: Vec<u8>,
    readme: Vec<u8>,
    changelog: Vec<u8>,
    licences: [(&'static str, Vec<u8>); 2],
    sbom: Vec<u8>,
}

/// Collects them. The program is run to write its manual and completions.
pub(super) fn of(root: &Path, binary: &Path, sbom: &[u8]) -> Result<Content> {
    let read = |path: &str| fs::read(root.join(path)).with_context(|| format!("cannot read {path}"));
    // The scripts call the program by the name it was called by.
    let folder = tempfile::tempdir().context("no place for the program")?;
    let program = fs::read(binary).with_context(|| format!("cannot read {}", binary.display()))?;
    fs::copy(binary, folder.path().join(NAME)).context("no place for the program")?;
    let completions = |shell: &str| said(folder.path(), &["completions", shell]);
    Ok(Content {
        manual: manual(folder.path())?,
        bash: completions("bash")?,
        zsh: completions("zsh")?,
        fish: completions("fish")?,
        unit: read("packaging/systemd/defender-xdr-fetch@.service")?,
        settings: read("packaging/config.toml")?,
        copyright: read("packaging/copyright")?,
        readme: read("README.md")?,
        changelog: read("CHANGELOG.md")?,
        licences: [("LICENSE-APACHE", read("LICENSE-APACHE")?), ("LICENSE-MIT", read("LICENSE-MIT")?)],
        sbom: sbom.to_vec(),
        program,
    })
}

fn said(folder: &Path, arguments: &[&str]) -> Result<Vec<u8>> {
    let mut path = folder.as_os_str().to_owned();
    path.push(":");
    path.push(std::env::var_os("PATH").unwrap_or_default());
    let mut command = Command::new(NAME);
    command.current_dir(folder).args(arguments).env_clear().env("PATH", path).env("HOME", folder);
    let output = command.output().context("cannot run the program that is to be packed")?;
    let told = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "`{NAME} {}` failed: {told}", arguments.join(" "));
    Ok(output.stdout)
}

fn manual(folder: &Path) -> Result<Vec<(String, Vec<u8>)>> {
    said(folder, &["man", "--dir", "pages"])?;
    let mut pages = Vec::new();
    for page in fs::read_dir(folder.join("pages")).context("the program wrote no manual")? {
        let page = page?;
        pages.push((page.file_name().to_string_lossy().into_owned(), fs::read(page.path())?));
    }
    ensure!(!pages.is_empty(), "the program wrote no manual");
    Ok(pages)
}

impl Content {
    /// The archive for people who put files where they like.
    pub(super) fn archive(&self, seconds: u64) -> Result<Vec<u8>> {
        let mut tree = Tree::from([
            (NAME.to_owned(), Entry::File(self.program.clone(), true)),
            plain("README.md", &self.readme),
            plain("CHANGELOG.md", &self.changelog),
            plain("sbom.cdx.json", &self.sbom),
            plain("completions/defender-xdr.bash", &self.bash),
            plain("completions/_defender-xdr", &self.zsh),
            plain("completions/defender-xdr.fish", &self.fish),
            plain("systemd/defender-xdr-fetch@.service", &self.unit),
            plain("config.toml", &self.settings),
        ]);
        tree.extend(self.licences.iter().map(|(name, text)| plain(name, text)));
        tree.extend(self.manual.iter().map(|(name, page)| plain(&format!("man/man1/{name}"), page)));
        tarball::of(&format!("{NAME}-{VERSION}-x86_64-linux/"), tree, seconds)
    }

    /// Where a distribution has them.
    pub(super) fn installed(&self) -> Result<Tree> {
        let doc = |name: &str| format!("usr/share/doc/{NAME}/{name}");
        let mut tree = Tree::from([
            ("usr/bin/defender-xdr".to_owned(), Entry::File(self.program.clone(), true)),
            ("etc/defender-xdr".to_owned(), Entry::Folder),
            plain("usr/lib/systemd/system/defender-xdr-fetch@.service", &self.unit),
            plain("usr/share/bash-completion/completions/defender-xdr", &self.bash),
            plain("usr/share/zsh/vendor-completions/_defender-xdr", &self.zsh),
            plain("usr/share/fish/vendor_completions.d/defender-xdr.fish", &self.fish),
            plain(&doc("copyright"), &self.copyright),
            plain(&doc("README.md"), &self.readme),
            plain(&doc("changelog.gz"), &tarball::compressed(&self.changelog)?),
            plain(&doc("sbom.cdx.json"), &self.sbom),
            plain(&doc("examples/config.toml"), &self.settings),
        ]);
        for (name, page) in &self.manual {
            let page = tarball::compressed(page)?;
            tree.extend([plain(&format!("usr/share/man/man1/{name}.gz"), &page)]);
        }
        Ok(tree)
    }
}

fn plain(path: &str, bytes: &[u8]) -> (String, Entry) {
    (path.to_owned(), Entry::File(bytes.to_vec(), false))
}
