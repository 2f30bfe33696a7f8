//! Numbers about the person who signs in: the account, its password, its tenant.

use super::code::{Code, code};
use crate::auth::AuthErrorKind::{Policy, SignInAgain, Tenant};

#[rustfmt::skip]
pub(super) const CODES: &[Code] = &[
    code(50020, Tenant,      "the account belongs to another tenant and is no guest here", "set `tenant-id` to the account's tenant, or have the account invited as a guest"),
    code(50034, SignInAgain, "the user is not in this directory", "check the user name and `tenant-id`, then sign in again"),
    code(50053, Policy,      "the account is locked, or the address it came from is flagged", "wait, or ask an administrator to unlock it"),
    code(50055, SignInAgain, "the password has expired", "change it, then sign in again with `defender-xdr auth login`"),
    code(50057, Policy,      "the user is disabled", "an administrator has to enable the account"),
    code(50126, SignInAgain, "the user name or password is wrong", "sign in again"),
    code(90072, Tenant,      "the account is of another tenant and unknown in this one", "set `tenant-id` to the account's tenant, or have the account invited as a guest"),
];
