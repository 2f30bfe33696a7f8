//! Roots of the context of the Cortex integrations.
//!
//! Source: the outputs of the integrations "Microsoft 365 Defender" and "Microsoft Graph Security" of Cortex XSOAR.

/// A root below which an integration keeps what it read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Context {
    /// The root of the original integration.
    pub legacy: &'static str,
    /// Where the same lies when Graph is asked.
    pub graph: &'static str,
    /// Whether what lies below are incidents, with fields of incidents.
    pub incidents: bool,
    /// What to know.
    pub note: &'static str,
}

/// All of them.
pub const CONTEXTS: &[Context] = &[
    Context {
        legacy: "Microsoft365Defender.Incident",
        graph: "Microsoft365Defender.Incident",
        incidents: true,
        note: "defender-xdr writes this context with the legacy names on both APIs, so with it nothing has to change; content that reads Graph's own objects needs the new names",
    },
    Context {
        legacy: "Microsoft365Defender.Hunt",
        graph: "MsGraph.Hunt",
        incidents: false,
        note: "defender-xdr writes this context on both APIs; the Microsoft Graph Security integration has another root, and a switch to keep this one",
    },
];
