//! The people who can sign in.

use super::tenants::{AURORA, Tenant};

/// The built-in directory role that decides what a person may do in Defender.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecurityRole {
    /// Reads and changes incidents.
    SecurityOperator,
    /// Reads incidents.
    SecurityReader,
}

/// Somebody with an account.
#[derive(Debug, PartialEq, Eq)]
pub struct Person {
    /// Object GUID (`oid`).
    pub object_id: &'static str,
    /// Sign-in name (`upn`).
    pub user_principal_name: &'static str,
    /// Display name (`name`).
    pub display_name: &'static str,
    /// The home tenant.
    pub tenant: &'static Tenant,
    /// The security role held, if any.
    pub security_role: Option<SecurityRole>,
    /// Whether the person may consent for everybody (Cloud Application Administrator).
    pub administrator: bool,
}

/// Dana Rook, Security Operator.
pub const DANA: Person = Person {
    object_id: "1f0a7c52-6d3e-4b98-8a41-c27e5d9f0b36",
    user_principal_name: "dana@aurora-lab.example",
    display_name: "Dana Rook",
    tenant: &AURORA,
    security_role: Some(SecurityRole::SecurityOperator),
    administrator: false,
};

/// Mika Holm, Security Reader.
pub const MIKA: Person = Person {
    object_id: "74c3e9b1-20d5-4f6a-b87c-e1594a6d3f08",
    user_principal_name: "mika@aurora-lab.example",
    display_name: "Mika Holm",
    tenant: &AURORA,
    security_role: Some(SecurityRole::SecurityReader),
    administrator: false,
};

/// Noor Vale, who may sign in but holds no security role.
pub const NOOR: Person = Person {
    object_id: "b95d2f47-8e1c-4037-9f6a-3d70c8a1e264",
    user_principal_name: "noor@aurora-lab.example",
    display_name: "Noor Vale",
    tenant: &AURORA,
    security_role: None,
    administrator: false,
};

/// Ada Quist, who consents for everybody but holds no security role.
pub const ADA: Person = Person {
    object_id: "d3a8f056-4b91-4c2e-a76d-5e0f9b2c8147",
    user_principal_name: "ada@aurora-lab.example",
    display_name: "Ada Quist",
    tenant: &AURORA,
    security_role: None,
    administrator: true,
};

/// Everybody.
pub const ALL: &[&Person] = &[&DANA, &MIKA, &NOOR, &ADA];

/// The person with this sign-in name, in any case.
pub fn find(user_principal_name: &str) -> Option<&'static Person> {
    ALL.iter().find(|person| person.user_principal_name.eq_ignore_ascii_case(user_principal_name)).copied()
}
