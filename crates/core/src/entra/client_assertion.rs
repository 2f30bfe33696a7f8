//! An assertion in place of a client secret, whoever signed it (RFC 7523 section 2.2).

use crate::Secret;

/// The two form fields that carry it.
pub fn client_assertion_fields(assertion: &Secret) -> [(&'static str, String); 2] {
    [
        ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer".to_owned()),
        ("client_assertion", assertion.expose().to_owned()),
    ]
}
