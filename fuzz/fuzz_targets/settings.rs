//! A settings file, as people write and break it.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| defender_xdr_core::fuzzing::settings_file(text));
