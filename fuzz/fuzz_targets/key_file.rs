//! A certificate or key file: PEM, DER, base64, or nonsense.
#![no_main]

libfuzzer_sys::fuzz_target!(|content: &[u8]| defender_xdr_auth_client_credentials::fuzz_key_file(content));
