//! A strict fake Microsoft tenant for tests, demonstrations and other people's clients.
//!
//! It shares no code with the client crates of this workspace, so that client and fake cannot be wrong together.
//! Rules are plain functions from state and request to a response; sockets appear only at the edge. It listens on
//! loopback addresses only, and writes nothing but `tracing` events and, if asked to, a state file.
//!
//! ```
//! use defender_xdr_emulator::{Emulator, Options, Tls};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), defender_xdr_emulator::EmulatorError> {
//! let tenant = Emulator::start(Options { tls: Tls::ThrowAway, ..Options::default() }).await?;
//! assert!(tenant.origin().starts_with("https://localhost:"));
//! assert!(tenant.control().requests().is_empty());
//! tenant.stop().await;
//! # Ok(())
//! # }
//! ```

pub mod caller;
mod clock;
mod control;
pub mod defender;
pub mod directory;
mod emulator;
mod entra;
mod error;
pub mod exchange;
mod managed_identity;
mod options;
mod server;
mod state_file;
mod world;

pub use control::fault::{BodyKind, Fault, FaultRule};
pub use control::handle::Control;
pub use control::request_log::LoggedRequest;
pub use emulator::Emulator;
pub use entra::assertion::certificate::CertificateError;
pub use entra::assertion::federation::SubjectToken;
pub use entra::authorize::script::{AuthorizeError, Choice};
pub use entra::device_code::{DecisionError, ScriptedFailure};
pub use entra::scripted::{Moment, SignInRefusal};
pub use entra::session::Ending;
pub use entra::{Bearer, MintError};
pub use error::EmulatorError;
pub use options::{
    CodeOptions, DeviceCodeOptions, ErrorTail, MOST_INCIDENTS, Options, PublicClientCheck, Rotation, Tls,
};
