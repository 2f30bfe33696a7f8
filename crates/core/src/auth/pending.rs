//! A sign-in that waits for a person, as a record that survives a restart.

use jiff::Timestamp;

use crate::Secret;

/// What the person is to do.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Instruction {
    /// Enter a code on a page (RFC 8628). The page is shown as received, never taken from `message`.
    DeviceCode {
        /// The page.
        verification_uri: String,
        /// The same page with the code filled in, if the service has one.
        verification_uri_complete: Option<String>,
        /// The code.
        user_code: String,
        /// When both end.
        expires_at: Timestamp,
        /// The service's own text in the person's language, if it sent one.
        message: Option<String>,
    },
    /// Sign in on a page that leads back with a code (RFC 6749 section 4.1).
    Authorize {
        /// The page. It answers in the address it leads back to, which a person can copy.
        authorize_url: String,
        /// The same page for a browser that this process opens itself and waits for: it answers with a form, which
        /// stays in no history.
        browser_url: Option<String>,
        /// Where it leads back to.
        redirect_uri: String,
        /// When the start is forgotten.
        expires_at: Timestamp,
    },
}

/// A started sign-in, sealed like a token.
#[derive(Debug, Clone)]
pub struct Pending {
    /// What the flow needs to go on, in the flow's own form.
    pub state: Secret,
    /// When it is over.
    pub expires_at: Timestamp,
    /// Asking earlier is useless or punished.
    pub not_before: Timestamp,
}
