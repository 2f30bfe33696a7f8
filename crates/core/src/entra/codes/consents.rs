//! Numbers about consent: what an application may do, and who said so.

use super::code::{Code, code};
use crate::auth::AuthErrorKind::{Configuration, ConsentRequired, Declined, Policy};

#[rustfmt::skip]
pub(super) const CODES: &[Code] = &[
    code(65001,   ConsentRequired, "nobody has consented to the permissions asked for", "an administrator has to consent to the permissions of this application"),
    code(65002,   ConsentRequired, "an application of Microsoft's own was not authorised for this API in advance", "use an application of your own"),
    code(65004,   Declined,        "the consent was declined", "start again and accept it"),
    code(90094,   ConsentRequired, "only an administrator may consent to these permissions", "have an administrator consent to them"),
    code(650_052, Policy,          "the service is not enabled in this tenant", "an administrator has to subscribe to it and consent"),
    code(650_056, Configuration,   "the application asks for no permission of this API, or consent is missing", "add the permission in the app registration and have an administrator consent"),
    code(650_057, Configuration,   "the API is not among the application's permissions", "add it in the app registration"),
];
