//! Numbers about the app registration: whether it is there, what it may be used for, where it answers.

use super::code::{Code, code};
use crate::auth::AuthErrorKind::{Configuration, InvalidClient, Tenant, UnknownApplication};

#[rustfmt::skip]
pub(super) const CODES: &[Code] = &[
    code(50011,     Configuration,      "the redirect address is not registered", "register exactly this redirect URI in the application, or use the registered one"),
    code(70001,     UnknownApplication, "the application is disabled or not in this tenant", "check `application-id` and `tenant-id`"),
    code(70003,     Configuration,      "the tenant does not know this kind of request", "check `authority-host`"),
    code(90124,     Tenant,             "the API cannot be used with `common` or `consumers`", "set `tenant-id` to your tenant"),
    code(90130,     Tenant,             "this application cannot be used with `common`", "set `tenant-id` to your tenant"),
    code(90133,     Tenant,             "the device code flow cannot be used with `common` here", "set `tenant-id` to your tenant, or `organizations`"),
    code(500_112,   Configuration,      "the code was redeemed with another redirect address than it was given for", "keep one `redirect-uri` from start to end"),
    code(500_113,   Configuration,      "the application has no redirect address", "register one under \"Mobile and desktop applications\""),
    code(500_119,   Configuration,      "a redirect address may not start with `urn:` here", "register `http://localhost` and set `redirect-uri` to it"),
    code(700_016,   UnknownApplication, "the application is not known in this tenant", "check `application-id`, `tenant-id` and `cloud`; an application of another tenant needs an administrator's consent first"),
    code(700_025,   Configuration,      "the application is public and takes no secret", "remove `client-secret`, or register the redirect address as \"Web\""),
    code(700_054,   Configuration,      "the application may not answer in this form", "enable the response type in the app registration"),
    code(7_000_112, UnknownApplication, "the application is disabled in this tenant", "an administrator has to enable it (Enterprise applications, Properties)"),
    code(7_000_218, InvalidClient,      "the application is not a public client, and no secret was sent", "set \"Allow public client flows\" to Yes in its registration, or use a flow with a secret").wants_a_credential(),
    code(7_000_229, UnknownApplication, "the application has no service principal in this tenant", "an administrator has to consent to it"),
    code(9_002_331, Tenant,             "the application is for personal accounts only", "use an application for work or school accounts"),
    code(9_002_332, Tenant,             "the application is for work and school accounts, not for personal ones", "set `tenant-id` to your tenant"),
];
