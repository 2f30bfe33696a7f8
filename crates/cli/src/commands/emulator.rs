//! `emulator`: the invented tenant as a server, for tests and for other people's clients.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, Write as _};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use clap::builder::RangedU64ValueParser;
use clap::{Args, ValueEnum};
use defender_xdr_emulator::directory::applications;
use defender_xdr_emulator::directory::tenants::AURORA;
use defender_xdr_emulator::{Emulator, EmulatorError, MOST_INCIDENTS, Options, Rotation, Tls};
use jiff::Timestamp;
use serde_json::json;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Format;
use crate::report::Report;
use crate::world::World;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Port on the loopback address; 0 takes a free one.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Serve HTTPS with a throw-away certificate authority that lives as long as the emulator.
    #[arg(long)]
    https: bool,
    /// Write the authority's certificate here, for clients to trust.
    #[arg(long, value_name = "FILE", requires = "https")]
    certificate_out: Option<PathBuf>,
    /// The seed of the invented world.
    #[arg(long)]
    seed: Option<u64>,
    /// How many incidents there are; 260 unless given.
    #[arg(long, value_parser = RangedU64ValueParser::<usize>::new().range(..=MOST_INCIDENTS as u64))]
    incidents: Option<usize>,
    /// Start the world's clock here (RFC 3339); it still ticks.
    #[arg(long, value_name = "TIME")]
    now: Option<Timestamp>,
    /// Do not enforce call quotas.
    #[arg(long)]
    no_limits: bool,
    /// What becomes of an old refresh token when a new one is given.
    #[arg(long, value_enum, default_value_t = OldRefreshToken::Keep)]
    old_refresh_token: OldRefreshToken,
    /// Register this certificate (PEM) for the seeded application that signs in with one.
    #[arg(long, value_name = "FILE")]
    application_certificate: Option<PathBuf>,
    /// Where the emulated Azure Arc agent writes its key files.
    #[arg(long, value_name = "DIRECTORY")]
    arc_key_directory: Option<PathBuf>,
    /// Keep the world in this file between runs.
    #[arg(long, value_name = "FILE")]
    state_file: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum OldRefreshToken {
    /// It stays valid, as at Microsoft.
    Keep,
    /// It dies at once, as at stricter services.
    Revoke,
    /// No new one is given.
    Only,
}

pub(crate) async fn run(world: &World, arguments: Arguments) -> Result<Exit, Failure> {
    let defaults = Options::default();
    let options = Options {
        listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), arguments.port),
        tls: if arguments.https { Tls::ThrowAway } else { Tls::Off },
        seed: arguments.seed.unwrap_or(defaults.seed),
        incidents: arguments.incidents.unwrap_or(defaults.incidents),
        now: arguments.now,
        limits: !arguments.no_limits,
        rotation: match arguments.old_refresh_token {
            OldRefreshToken::Keep => Rotation::KeepOld,
            OldRefreshToken::Revoke => Rotation::RevokeOld,
            OldRefreshToken::Only => Rotation::OmitNew,
        },
        certificates: application_certificate(arguments.application_certificate.as_deref())?,
        arc_key_directory: arguments.arc_key_directory.map(std::path::absolute).transpose().map_err(
            |error| {
                Report::new("settings", Exit::Settings, error.to_string())
                    .with_source("flag --arc-key-directory")
            },
        )?,
        state_file: arguments.state_file,
        ..defaults
    };
    let emulator = Emulator::start(options).await.map_err(|error| cannot_start(&error))?;
    if let (Some(path), Some(pem)) = (&arguments.certificate_out, emulator.authority_certificate_pem()) {
        write(path, pem).map_err(|error| {
            let message = format!("cannot write {}: {error}", path.display());
            Report::new("settings", Exit::Settings, message).with_source("flag --certificate-out")
        })?;
    }
    let mut output = world.output();
    if world.output_format() == Format::Table {
        output.line(&for_people(&emulator, arguments.certificate_out.as_ref()))?;
    } else {
        output.raw(&ready(&emulator, arguments.certificate_out.as_ref()))?;
    }
    output.finish()?;
    // Until Ctrl-C, which ends every command.
    std::future::pending::<()>().await;
    Ok(Exit::Ok)
}

/// The certificate of the seeded application that signs in with one.
fn application_certificate(path: Option<&Path>) -> Result<Vec<(String, String)>, Failure> {
    let Some(path) = path else { return Ok(Vec::new()) };
    let pem = std::fs::read_to_string(path).map_err(|error| {
        let message = format!("cannot read {}: {error}", path.display());
        Report::new("settings", Exit::Settings, message).with_source("flag --application-certificate")
    })?;
    Ok(vec![(applications::CERTIFICATE.id.to_owned(), pem)])
}

fn cannot_start(error: &EmulatorError) -> Report {
    let report = Report::new("settings", Exit::Settings, format!("the emulator cannot start: {error}"));
    match error {
        EmulatorError::Bind { .. } => report
            .with_source("flag --port")
            .with_hint("leave `--port` out to get a free one, or stop the program that has it"),
        EmulatorError::StateFile { .. } => report.with_source("flag --state-file"),
        EmulatorError::Certificate(_) => report.with_source("flag --application-certificate"),
        EmulatorError::Time(_) => report.with_source("flag --now"),
        _ => report,
    }
}

/// Writes a file that is no secret and that the next run writes again.
fn write(path: &Path, text: &str) -> io::Result<()> {
    File::create(path)?.write_all(text.as_bytes())
}

/// One line, so that a test can read it and go on.
fn ready(emulator: &Emulator, certificate: Option<&PathBuf>) -> String {
    let applications: Vec<_> = applications::ALL
        .iter()
        .map(|application| {
            json!({
                "name": application.name,
                "application_id": application.id,
                "client_secret": application.secret.as_ref().map(|secret| secret.value),
                "public_client": application.public_client,
                "redirect_uris": application.redirects.iter().map(|redirect| redirect.uri).collect::<Vec<_>>(),
            })
        })
        .collect();
    json!({
        "ready": true,
        "origin": emulator.origin(),
        "authority_host": emulator.origin(),
        "endpoint": emulator.origin(),
        "tenant_id": AURORA.id,
        "certificate": certificate,
        "applications": applications,
        "managed_identity": emulator.control().managed_identity()["hosts"],
    })
    .to_string()
}

fn for_people(emulator: &Emulator, certificate: Option<&PathBuf>) -> String {
    let origin = emulator.origin();
    let mut text = format!(
        "An invented tenant is served at {origin} until Ctrl-C. In another shell:\n\n\
         export DEFENDER_XDR_CLOUD=custom\n\
         export DEFENDER_XDR_AUTHORITY_HOST={origin}\n\
         export DEFENDER_XDR_ENDPOINT={origin}\n\
         export DEFENDER_XDR_TENANT_ID={}\n\
         export DEFENDER_XDR_AUTHENTICATION_FLOW=client-credentials\n\
         export DEFENDER_XDR_APPLICATION_ID={}\n\
         export DEFENDER_XDR_CLIENT_SECRET='{}'\n",
        AURORA.id,
        applications::AUTOMATION.id,
        applications::AUTOMATION.secret.as_ref().map_or("", |secret| secret.value),
    );
    if let Some(path) = certificate {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "export DEFENDER_XDR_CA_FILE={}", path.display());
    }
    text.push_str("defender-xdr incidents list");
    text
}
