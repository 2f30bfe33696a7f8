//! What an emulator is started with.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;

/// The largest world there is, about a gigabyte of memory.
pub const MOST_INCIDENTS: usize = 100_000;

/// How clients reach the listener.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tls {
    /// Plain http.
    #[default]
    Off,
    /// https with a certificate authority made at start and forgotten at the end.
    ThrowAway,
}

/// What becomes of a refresh token when it is redeemed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Rotation {
    /// The answer carries a new one and the old one stays valid: what the real service does.
    #[default]
    KeepOld,
    /// The answer carries a new one and the old one is refused from then on (AADSTS50173).
    RevokeOld,
    /// The answer carries none; the client has to keep the one it has.
    OmitNew,
}

/// When an application that is no public client learns so in the device code flow (AADSTS7000218). Reports say
/// after the approval; the moment is not documented, so both can be tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PublicClientCheck {
    /// Once a person has approved.
    #[default]
    AfterApproval,
    /// At the first poll.
    BeforeApproval,
}

/// How the tail of an `error_description` (trace id, correlation id, timestamp) is separated; clients meet both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ErrorTail {
    /// Single blanks: newer answers.
    #[default]
    Blanks,
    /// Carriage return and line feed: older answers.
    LineBreaks,
}

/// The device code flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeviceCodeOptions {
    /// Life of a code, in whole seconds (900 s).
    pub expires_in: Duration,
    /// Least time between two polls, in whole seconds (5 s).
    pub interval: Duration,
    /// Answer `slow_down` to polls that come faster (RFC 8628 section 3.5), and add 5 s to the interval. Whether
    /// the real service ever does is not documented.
    pub slow_down: bool,
    /// When an application that is no public client is refused.
    pub public_client_check: PublicClientCheck,
    /// The AADSTS number of `authorization_declined`, which is not documented.
    pub declined_code: u32,
}

impl Default for DeviceCodeOptions {
    fn default() -> Self {
        Self {
            expires_in: Duration::from_mins(15),
            interval: Duration::from_secs(5),
            slow_down: true,
            public_client_check: PublicClientCheck::default(),
            declined_code: 65004,
        }
    }
}

/// The authorization code flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodeOptions {
    /// Life of a code, in whole seconds (600 s).
    pub expires_in: Duration,
    /// Refuse another `redirect_uri` than that of the authorization request with `invalid_client` in place of
    /// `invalid_grant` (AADSTS500112 either way): which of them the real service says is not documented.
    pub redirect_mismatch_is_invalid_client: bool,
    /// A code redeemed again ends the refresh token it brought (RFC 6749 section 4.1.2).
    pub replay_revokes: bool,
}

impl Default for CodeOptions {
    fn default() -> Self {
        Self {
            expires_in: Duration::from_mins(10),
            redirect_mismatch_is_invalid_client: false,
            replay_revokes: false,
        }
    }
}

/// What an emulator is started with; `Default` is a lived-in tenant on a free port of 127.0.0.1.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where to listen: a loopback address; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Plain http or https.
    pub tls: Tls,
    /// What the tenant's incidents are generated from: same seed, same incidents.
    pub seed: u64,
    /// How many incidents to generate, at most [`MOST_INCIDENTS`].
    pub incidents: usize,
    /// What the tenant's clock shows at start; it ticks on from there. The machine's time if absent.
    pub now: Option<Timestamp>,
    /// Where everything that changes is kept across restarts (but not the clock); nowhere if absent.
    pub state_file: Option<PathBuf>,
    /// Enforce the APIs' call quotas.
    pub limits: bool,
    /// Refresh token rotation.
    pub rotation: Rotation,
    /// Life of access tokens, in whole seconds (3599 s).
    pub access_token_lifetime: Duration,
    /// The device code flow.
    pub device_code: DeviceCodeOptions,
    /// The authorization code flow.
    pub authorization_code: CodeOptions,
    /// Certificates applications sign in with: the application's GUID and a PEM text.
    pub certificates: Vec<(String, String)>,
    /// Refuse client assertions whose `jti` was used before.
    pub single_use_assertions: bool,
    /// Life of the tokens of managed identities, in whole seconds (86399 s).
    pub managed_identity_token_lifetime: Duration,
    /// Where the emulated Azure Arc agent writes its key files; without it that host refuses.
    pub arc_key_directory: Option<PathBuf>,
    /// For demonstrations: somebody approves each device code by themselves after this time.
    pub approve_device_codes_after: Option<Duration>,
    /// Layout of error descriptions.
    pub error_tail: ErrorTail,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            tls: Tls::default(),
            seed: 1,
            incidents: 260,
            now: None,
            state_file: None,
            limits: false,
            rotation: Rotation::default(),
            access_token_lifetime: Duration::from_secs(3599),
            device_code: DeviceCodeOptions::default(),
            authorization_code: CodeOptions::default(),
            certificates: Vec::new(),
            single_use_assertions: false,
            managed_identity_token_lifetime: Duration::from_secs(86399),
            arc_key_directory: None,
            approve_device_codes_after: None,
            error_tail: ErrorTail::default(),
        }
    }
}
