//! A `WWW-Authenticate` header.
#![no_main]

libfuzzer_sys::fuzz_target!(|line: &str| defender_xdr_core::fuzzing::challenge(line));
