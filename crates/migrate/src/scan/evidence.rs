//! What a text shows about the API it talks to.

/// Names of fields that few other products have. Some of them together tell the API without a host.
pub(super) const SIGNATURES: &[&str] = &[
    "incidentName",
    "lastUpdateTime",
    "lastUpdatedTime",
    "mdatpDeviceId",
    "aadDeviceId",
    "evidenceCreationTime",
    "redirectIncidentId",
    "mailboxDisplayName",
];

/// So many of them tell.
const ENOUGH: u32 = 3;

/// What was seen.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Evidence {
    /// The Defender XDR API: a host, a scope, a permission, a call, a command or context of the Cortex integration.
    pub(super) xdr: bool,
    /// A hunting call of either API.
    pub(super) hunting: bool,
    /// A bit for each signature.
    signatures: u32,
}

impl Evidence {
    pub(super) fn sign(&mut self, index: usize) {
        self.signatures |= 1 << index;
    }

    /// Whether incidents of the legacy API are read here.
    pub(super) fn incidents(self) -> bool {
        self.xdr || self.signatures.count_ones() >= ENOUGH
    }

    /// Whether it is worth looking for fields and words.
    pub(super) fn tells(self) -> bool {
        self.incidents() || self.hunting
    }
}
