//! A query of incidents, translated for both APIs.
#![no_main]

libfuzzer_sys::fuzz_target!(|query: &str| defender_xdr_api::fuzzing::filter(query));
