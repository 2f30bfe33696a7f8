//! Numbers about the request itself: scope, fields, proof of the code.

use super::code::{Code, code};
use crate::auth::AuthErrorKind::{Configuration, ResourceUnknown};

const NOT_US: &str = "check `authority-host`, and whether something on the way changes requests";

#[rustfmt::skip]
pub(super) const CODES: &[Code] = &[
    code(28003,     Configuration,   "the scope is empty", "remove `scope`, or set it to one resource with /.default"),
    code(50001,     ResourceUnknown, "the API was not found or is disabled in this tenant", "check `cloud`, `tenant-id` and `scope`"),
    code(50147,     Configuration,   "the challenge of the code is malformed", NOT_US),
    code(70011,     Configuration,   "the scope is not valid", "check `scope`: one resource with /.default"),
    code(90013,     Configuration,   "a field of the request is not valid", NOT_US),
    code(90014,     Configuration,   "the request lacks a field", NOT_US),
    code(90100,     Configuration,   "a parameter of the request is not valid", NOT_US),
    code(500_011,   ResourceUnknown, "the tenant does not know this API", "check `cloud`, `tenant-id` and `scope`"),
    code(501_481,   Configuration,   "the code was started with another proof than it was redeemed with", "start again, and complete in the same place"),
    code(501_491,   Configuration,   "the proof of the code is malformed", NOT_US),
    code(700_022,   Configuration,   "the scope names several resources", "check `scope`: one resource with /.default"),
    code(900_144,   Configuration,   "the request lacks a field", NOT_US),
    code(900_561,   Configuration,   "the request arrived as something other than a POST", NOT_US),
    code(900_971,   Configuration,   "the request names no redirect address", "register one in the application and set `redirect-uri` to it"),
    code(901_002,   Configuration,   "the field `resource` is of an older protocol", NOT_US),
    code(1_002_012, Configuration,   "app-only sign-in takes exactly one scope that ends in /.default", "check `scope`"),
];
