//! What people paste after a sign-in: an address, a query, a code.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| defender_xdr_auth_auth_code::fuzz_answer(text));
