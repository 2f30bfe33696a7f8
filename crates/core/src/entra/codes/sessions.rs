//! Numbers about codes, refresh tokens and sign-ins that are over, used up or not finished.

use super::code::{Code, code};
use crate::auth::AuthErrorKind::{
    Configuration, Declined, Expired, InteractionRequired, Paused, Pending, SignInAgain,
};

const AGAIN: &str = "sign in again with `defender-xdr auth login`";
const START: &str = "start again with `defender-xdr auth start` or `defender-xdr auth login`";

#[rustfmt::skip]
pub(super) const CODES: &[Code] = &[
    code(16000,     InteractionRequired, "several accounts could be meant", "sign in again with `defender-xdr auth login` and choose one"),
    code(50058,     InteractionRequired, "nobody is signed in", AGAIN),
    code(50085,     SignInAgain,   "the sign-in is no longer valid", AGAIN),
    code(50089,     SignInAgain,   "the sign-in has expired", AGAIN),
    code(50132,     SignInAgain,   "the sign-in was revoked or has expired", AGAIN),
    code(50133,     SignInAgain,   "the sign-in ended with a change or the expiry of the password", AGAIN),
    code(50134,     SignInAgain,   "the sign-in was made at another data centre", START),
    code(50173,     SignInAgain,   "the sign-in was revoked, for example by a password change", AGAIN),
    code(50196,     Paused,        "Entra saw the same request too often", "wait some minutes before trying again, and look for a job that repeats itself"),
    code(54005,     SignInAgain,   "the code has been used already", START),
    code(70000,     SignInAgain,   "the code or refresh token is malformed, or of another application or cloud", "check `application-id` and `cloud`, then sign in again with `defender-xdr auth login`"),
    code(70008,     SignInAgain,   "the code or the sign-in has expired", AGAIN),
    code(70016,     Pending,       "the sign-in is not completed yet", "finish it in the browser; `defender-xdr auth complete` waits for that"),
    code(70017,     Declined,      "the sign-in was declined", START),
    code(70018,     SignInAgain,   "the code that was typed is wrong", "start again with `defender-xdr auth start` and type the new code as shown"),
    code(70019,     Expired,       "the code has expired", START),
    code(70020,     Expired,       "the device code has expired", START),
    code(70043,     SignInAgain,   "a sign-in frequency policy ended the session", AGAIN),
    code(90119,     SignInAgain,   "the code that was typed is not valid", "start again with `defender-xdr auth start` and type the new code as shown"),
    code(90120,     SignInAgain,   "the code has been approved or declined already", START),
    code(700_005,   SignInAgain,   "the code was given for another tenant", "keep one `tenant-id` from start to end, then start again"),
    code(700_082,   SignInAgain,   "the sign-in was not used for 90 days", AGAIN),
    code(700_084,   SignInAgain,   "the sign-in of a single-page application ends after 24 hours", "sign in again with `defender-xdr auth login`; a redirect address of the platform \"Mobile and desktop applications\" lasts 90 days"),
    code(7_000_014, SignInAgain,   "the code is not known", START),
    code(9_002_313, SignInAgain,   "the code or token is malformed, perhaps cut off", "enter it again, whole and with nothing around it, or sign in again"),
    code(9_002_325, Configuration, "a single-page application must redeem its code with PKCE", "register the redirect address as \"Mobile and desktop applications\""),
    code(9_002_326, Configuration, "the redirect address belongs to a single-page application, which only a browser may use", "register it as \"Mobile and desktop applications\" instead"),
    code(9_002_327, Configuration, "the code of a single-page application was redeemed outside a browser", "register the redirect address as \"Mobile and desktop applications\" instead"),
];
