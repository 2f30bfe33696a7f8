//! How many, as people write it on the command line.

/// A whole number from zero.
pub(crate) fn whole(text: &str) -> Result<usize, String> {
    text.parse().map_err(|_| "use a whole number from 0".to_owned())
}

#[cfg(test)]
mod tests {
    use super::whole;

    #[test]
    fn only_whole_numbers_from_zero_count() {
        assert_eq!(whole("25"), Ok(25));
        for wrong in ["-1", "1.5", "ten", "", "99999999999999999999999"] {
            assert!(whole(wrong).is_err(), "{wrong}");
        }
    }
}
