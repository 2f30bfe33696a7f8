//! How long a server asks to wait: the first line is the header, the rest the body of a 429.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| defender_xdr_core::fuzzing::stated_wait(text));
