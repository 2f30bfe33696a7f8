//! Checksums as `sha256sum --check` reads them.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

/// One line for each file.
pub(super) fn of(files: &[(String, Vec<u8>)]) -> String {
    files.iter().fold(String::new(), |mut text, (name, bytes)| {
        let _infallible = writeln!(text, "{}  {name}", hex(bytes));
        text
    })
}

/// The SHA-256 of bytes in hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |mut text, byte| {
        let _infallible = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn a_line_is_the_digest_two_spaces_and_the_name() {
        // FIPS 180-2, appendix B.1.
        let sums = of(&[("abc.txt".to_owned(), b"abc".to_vec())]);
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  abc.txt\n";
        assert_eq!(sums, expected);
    }
}
