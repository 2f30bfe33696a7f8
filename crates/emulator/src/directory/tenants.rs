//! The two tenants of the emulator and the words Entra takes in place of one.

/// A tenant ("directory") of the emulator.
#[derive(Debug, PartialEq, Eq)]
pub struct Tenant {
    /// The tenant GUID, lower case.
    pub id: &'static str,
    /// Its verified domain.
    pub domain: &'static str,
    /// Its display name.
    pub display_name: &'static str,
}

/// The tenant with people, applications and incidents.
pub const AURORA: Tenant = Tenant {
    id: "6f2c9a10-4b7d-4e3a-9c58-1d0e7b5a2f94",
    domain: "aurora-lab.example",
    display_name: "Aurora Lab",
};

/// A second, empty tenant, so that signing in to the wrong one can be tried.
pub const BOREALIS: Tenant = Tenant {
    id: "2b8e4f71-93c6-4d05-a1f2-7c6e0d9b3a58",
    domain: "borealis-lab.example",
    display_name: "Borealis Lab",
};

/// Every tenant.
pub const ALL: &[&Tenant] = &[&AURORA, &BOREALIS];

/// The tenant with this GUID or verified domain, in any case.
pub fn find(id_or_domain: &str) -> Option<&'static Tenant> {
    ALL.iter()
        .find(|tenant| {
            tenant.id.eq_ignore_ascii_case(id_or_domain) || tenant.domain.eq_ignore_ascii_case(id_or_domain)
        })
        .copied()
}
