//! The body of an answer that is no success: the first byte chooses what was asked, two more the status, and the rest is the body.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| defender_xdr_api::fuzz_error_body(bytes));
