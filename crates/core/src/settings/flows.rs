//! The flows of the product by name only, so that a program built without one can say which feature is missing.

/// A flow that some build of the product has.
#[derive(Debug, Clone, Copy)]
pub struct KnownFlow {
    /// Its id.
    pub id: &'static str,
    /// The feature of the cli that adds it; `None` while no build of this version has it.
    pub feature: Option<&'static str>,
    /// Other names people use for it.
    pub aliases: &'static [&'static str],
}

/// Every flow of the product.
pub const KNOWN_FLOWS: &[KnownFlow] = &[
    KnownFlow { id: "auth-code", feature: Some("auth-code"), aliases: &["Authorization Code"] },
    KnownFlow {
        id: "client-credentials",
        feature: Some("client-credentials"),
        aliases: &["Client Credentials"],
    },
    KnownFlow {
        id: "cortex-xsoar-app",
        feature: Some("device-code"),
        aliases: &["Cortex XSOAR App", "Cortex XSOAR App (Using Device Code Flow)"],
    },
    KnownFlow { id: "device-code", feature: Some("device-code"), aliases: &["Device Code"] },
    KnownFlow {
        id: "managed-identity",
        feature: Some("managed-identity"),
        aliases: &["Azure Managed Identities", "Managed Identity"],
    },
];
