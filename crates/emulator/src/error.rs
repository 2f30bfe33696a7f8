//! Why an emulator cannot start.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

use crate::entra::assertion::certificate::CertificateError;
use crate::options::MOST_INCIDENTS;

/// Why an emulator cannot start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EmulatorError {
    /// Other machines could reach the address.
    #[error("{0} is not a loopback address: the emulator listens on 127.0.0.0/8 or ::1 only")]
    NotLoopback(SocketAddr),
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {}", why_not(source))]
    Bind {
        /// The address asked for.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// More incidents than a world can hold.
    #[error("{0} incidents are too many: at most {MOST_INCIDENTS}")]
    TooManyIncidents(usize),
    /// The tenant's clock cannot start there.
    #[error("{0}")]
    Time(String),
    /// The state file cannot be read or written, or is damaged.
    #[error("state file {}: {reason}", path.display())]
    StateFile {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The throw-away certificates cannot be made.
    #[error("cannot make the throw-away certificates: {0}")]
    Certificates(String),
    /// A certificate to register for an application is no good.
    #[error("a certificate cannot be registered: {0}")]
    Certificate(CertificateError),
    /// The system gave no random numbers.
    #[error("the system gave no random numbers to make keys from")]
    NoRandomness,
}

fn why_not(source: &io::Error) -> String {
    match source.kind() {
        io::ErrorKind::AddrInUse => "the port is taken by another program".to_owned(),
        _ => source.to_string(),
    }
}
