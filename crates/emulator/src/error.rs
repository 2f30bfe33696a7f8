//! Why an emulator cannot start.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

/// Why an emulator cannot start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EmulatorError {
    /// Other machines could reach the address.
    #[error("{0} is not a loopback address: the emulator listens on 127.0.0.0/8 or ::1 only")]
    NotLoopback(SocketAddr),
    /// The address cannot be listened on.
    #[error("cannot listen on {address}")]
    Bind {
        /// The address asked for.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
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
    /// The system gave no random numbers.
    #[error("the system gave no random numbers to make keys from")]
    NoRandomness,
}
