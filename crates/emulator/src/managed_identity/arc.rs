//! Azure Arc: a program proves that it may read a file of the agent.
//! <https://learn.microsoft.com/azure/azure-arc/servers/managed-identity-authentication>

use std::fs::{DirBuilder, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use http::StatusCode;
use http::header::WWW_AUTHENTICATE;
use serde_json::{Value, json};

use super::Host;
use super::imds::{IDS, failed, not_from_the_machine, refuse, refused, resource};
use super::selection::{Chosen, choose};
use super::switches::KeyFile;
use crate::directory::managed_identities::SYSTEM;
use crate::exchange::{Request, Response};

const VERSIONS: &[&str] = &["2019-11-01", "2020-06-01", "2021-02-01"];

/// A key larger than this must not be read.
const LARGEST_KEY: usize = 4096;

/// The keys that were written and not used yet.
#[derive(Debug)]
pub(super) struct ArcKeys {
    directory: Option<PathBuf>,
    /// Each with the files that were made for it.
    outstanding: Vec<(String, Vec<PathBuf>)>,
}

impl ArcKeys {
    pub(super) fn in_directory(directory: Option<PathBuf>) -> Self {
        Self { directory, outstanding: Vec::new() }
    }

    /// Writes a key and answers the path to name; `None` without a directory.
    fn write(&mut self, id: &str, key: &str, fault: KeyFile) -> io::Result<Option<PathBuf>> {
        let Some(directory) = &self.directory else { return Ok(None) };
        let above = directory.parent().unwrap_or(Path::new("/"));
        let good = directory.join(format!("{id}.key"));
        let (written, named) = match fault {
            KeyFile::Good | KeyFile::Oversize | KeyFile::NoHeader => (Some(good.clone()), good),
            KeyFile::Missing => (None, good),
            KeyFile::WrongSuffix => {
                let path = directory.join(format!("{id}.txt"));
                (Some(path.clone()), path)
            }
            KeyFile::Link => {
                let path = above.join(format!("{id}.elsewhere"));
                (Some(path.clone()), good)
            }
            KeyFile::Outside => {
                let path = above.join(format!("{id}.key"));
                (Some(path.clone()), path)
            }
            KeyFile::Dots => {
                let name = directory.file_name().map(PathBuf::from).unwrap_or_default();
                (Some(good.clone()), directory.join("..").join(name).join(format!("{id}.key")))
            }
        };
        if let Some(path) = written {
            let padding =
                if fault == KeyFile::Oversize { "0".repeat(LARGEST_KEY + 1) } else { String::new() };
            let content = format!("{key}{padding}");
            create_private(directory, &path, &content)?;
            let mut files = Vec::new();
            if fault == KeyFile::Link {
                link(&path, &named)?;
                files.push(named.clone());
            }
            files.push(path);
            self.outstanding.push((content, files));
        }
        Ok(Some(named))
    }

    /// Whether a key was written; it is forgotten and its file removed if it is good only once.
    fn accept(&mut self, key: &str, once: bool) -> bool {
        let Some(index) = self.outstanding.iter().position(|(known, _)| known == key) else { return false };
        if once {
            let (_, files) = self.outstanding.swap_remove(index);
            remove(&files);
        }
        true
    }
}

impl Drop for ArcKeys {
    fn drop(&mut self) {
        for (_, files) in &self.outstanding {
            remove(files);
        }
    }
}

fn remove(files: &[PathBuf]) {
    for file in files {
        if let Err(error) = std::fs::remove_file(file) {
            tracing::debug!(%error, "a key file stays behind");
        }
    }
}

#[cfg(unix)]
fn create_private(directory: &Path, path: &Path, content: &str) -> io::Result<()> {
    use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
    DirBuilder::new().recursive(true).mode(0o700).create(directory)?;
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?.write_all(content.as_bytes())
}

#[cfg(unix)]
fn link(to: &Path, from: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(to, from)
}

#[cfg(not(unix))]
fn link(to: &Path, from: &Path) -> io::Result<()> {
    std::fs::hard_link(to, from)
}

#[cfg(not(unix))]
fn create_private(directory: &Path, path: &Path, content: &str) -> io::Result<()> {
    DirBuilder::new().recursive(true).create(directory)?;
    OpenOptions::new().write(true).create_new(true).open(path)?.write_all(content.as_bytes())
}

pub(super) fn token(host: &mut Host<'_>, request: &Request) -> Response {
    if let Some(refusal) = not_from_the_machine(request, VERSIONS) {
        return refusal;
    }
    answer(host, request).unwrap_or_else(|refusal| *refusal)
}

fn answer(host: &mut Host<'_>, request: &Request) -> Result<Response, Box<Response>> {
    let resource = resource(request)?;
    let Some(authorization) = request.header("authorization") else { return challenge(host) };
    let key = authorization.strip_prefix("Basic ").unwrap_or_default();
    if !host.keys.accept(key, host.switches.arc_key_single_use) {
        let text = "The key is not the content of a file this agent named";
        return Err(Box::new(refuse(StatusCode::FORBIDDEN, "access_denied", text)));
    }
    let chosen = if host.switches.arc_user_assigned {
        choose(request, IDS, host.switches).map_err(|reason| Box::new(refused(reason)))?
    } else {
        Chosen { identity: &SYSTEM, named: None }
    };
    let issued = host
        .tokens
        .of(host.entra, chosen.identity, resource, host.now)
        .map_err(|error| Box::new(failed(&error.to_string())))?;
    let mut body = issued.in_texts(resource, host.now);
    if let Some((name, value)) = chosen.named {
        body.insert(name.to_owned(), json!(value));
    }
    Ok(Response::json(StatusCode::OK, &Value::Object(body)))
}

/// 401, and the file whose content is the key.
fn challenge(host: &mut Host<'_>) -> Result<Response, Box<Response>> {
    let (id, key) = (host.entra.fresh_guid(), host.entra.fresh_guid());
    let fault = host.switches.arc_key_file;
    let path = host
        .keys
        .write(&id, &key, fault)
        .map_err(|error| Box::new(failed(&format!("the key file was not written: {error}"))))?
        .ok_or_else(|| Box::new(failed("the emulator was started without a directory for key files")))?;
    let text = "The request has to carry the content of the key file";
    let response = refuse(StatusCode::UNAUTHORIZED, "unauthorized", text);
    Ok(if fault == KeyFile::NoHeader {
        response
    } else {
        response.with_header(WWW_AUTHENTICATE, &format!("Basic realm={}", path.display()))
    })
}
