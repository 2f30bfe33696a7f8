//! The two APIs that serve the same incidents.

use std::fmt;

/// Which API the commands speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Backend {
    /// Microsoft Graph security, `https://graph.microsoft.com/v1.0/security`.
    Graph,
    /// The legacy Microsoft Defender XDR API, `https://api.security.microsoft.com/api`, until
    /// [`LEGACY_RETIREMENT`].
    Legacy,
}

/// The day Microsoft turns the legacy API off (message center post MC1220762), as `YYYY-MM-DD`. For texts; what depends on
/// the day asks the [calendar](crate::retirement::Calendar).
pub const LEGACY_RETIREMENT: &str = "2027-02-01";

/// Applications known to lack consent on Microsoft Graph: for them the legacy API is the default. The one here is
/// the public application of Cortex XSOAR.
const WITHOUT_GRAPH: &[&str] = &["9093c354-630a-47f1-b087-6768eb9427e6"];

impl Backend {
    /// The API to speak when the settings choose none, as long as there are two.
    pub fn default_for(application_id: &str) -> Self {
        if WITHOUT_GRAPH.iter().any(|id| id.eq_ignore_ascii_case(application_id)) {
            Self::Legacy
        } else {
            Self::Graph
        }
    }

    /// Both, in the order they are offered.
    pub const ALL: [Self; 2] = [Self::Graph, Self::Legacy];

    /// The word used in settings: `graph` or `legacy`.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Graph => "graph",
            Self::Legacy => "legacy",
        }
    }

    /// Reads the word used in settings, in any case.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|backend| backend.id().eq_ignore_ascii_case(text.trim()))
    }
}

impl fmt::Display for Backend {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.id())
    }
}
