//! Whatever answers at the token endpoint: a token, an error, a device authorization, or nonsense.
#![no_main]

libfuzzer_sys::fuzz_target!(|body: &[u8]| defender_xdr_core::fuzzing::token_response(body));
