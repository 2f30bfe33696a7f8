//! Numbers about the tenant, its cloud, and the service behind it.

use super::code::{Code, code};
use crate::auth::AuthErrorKind::{Configuration, Tenant, Throttled, Unavailable};

#[rustfmt::skip]
pub(super) const CODES: &[Code] = &[
    code(50049,     Configuration, "the sign-in host is not known", "check `authority-host` and `cloud`"),
    code(50050,     Configuration, "the request names a sign-in host that is not known", "check `authority-host` and `cloud`"),
    code(50059,     Tenant,        "the request names no tenant", "set `tenant-id` to the tenant's GUID or domain instead of `common` or `organizations`"),
    code(50194,     Tenant,        "the application is single-tenant", "set `tenant-id` to its tenant"),
    code(90002,     Tenant,        "the tenant was not found", "check `tenant-id`, and `cloud` if it lives in another cloud"),
    code(90019,     Tenant,        "the request names no tenant", "set `tenant-id` to the tenant's GUID or domain"),
    code(90033,     Unavailable,   "Entra has a passing fault", "try again"),
    code(90038,     Tenant,        "the tenant lives in another cloud", "set `cloud`"),
    code(90055,     Throttled,     "the tenant is throttled", "try again later"),
    code(100_007,   Configuration, "regional sign-in hosts are for Microsoft's own services", "remove `authority-host`"),
    code(900_023,   Tenant,        "`tenant-id` is neither a tenant GUID nor a domain", "set it to one of the two"),
    code(900_432,   Tenant,        "an application with a secret cannot sign in across clouds", "register the application in the tenant's own cloud and set `cloud`"),
    code(9_001_023, Tenant,        "this sign-in does not work with `common` or `organizations`", "set `tenant-id` to the tenant's GUID or domain"),
];
