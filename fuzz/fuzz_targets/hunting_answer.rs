//! A hunting answer in pieces: the same rows wherever it is cut, those that a JSON parser finds, and values that stay
//! JSON whatever their columns' types.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| defender_xdr_api::fuzzing::hunting_answer(bytes));
