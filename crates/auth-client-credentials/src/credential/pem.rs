//! PEM (RFC 7468), read as people paste it: line ends lost, turned into blanks, or written as `\n`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

const BEGIN: &str = "-----BEGIN ";
const END: &str = "-----END ";
const DASHES: &str = "-----";

/// One section. No `Debug`: it may be a private key.
pub(super) struct Section {
    /// What stands between `BEGIN` and the dashes.
    pub(super) label: String,
    /// The content; empty when `sealed_by_header`.
    pub(super) der: Zeroizing<Vec<u8>>,
    /// OpenSSL's own encryption, told by a `Proc-Type` header (RFC 1421) instead of the label.
    pub(super) sealed_by_header: bool,
}

/// Text that is not PEM. Never holds any of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum PemError {
    #[error("has a PEM section without its END line")]
    Unfinished,
    #[error("has a PEM section that is not base64")]
    NotBase64,
}

pub(super) fn looks_like_pem(text: &str) -> bool {
    text.contains(BEGIN)
}

pub(super) fn holds_private_key(text: &str) -> bool {
    looks_like_pem(text) && text.contains("PRIVATE KEY")
}

/// All sections, in order. Text around them, such as bag attributes, is skipped.
pub(super) fn sections(text: &str) -> Result<Vec<Section>, PemError> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find(BEGIN) {
        let (label, body) = rest[start + BEGIN.len()..].split_once(DASHES).ok_or(PemError::Unfinished)?;
        let end = format!("{END}{label}{DASHES}");
        let (body, after) = body.split_once(end.as_str()).ok_or(PemError::Unfinished)?;
        let sealed_by_header = body.contains("Proc-Type:");
        let der = if sealed_by_header { Zeroizing::default() } else { decode(body)? };
        found.push(Section { label: label.to_owned(), der, sealed_by_header });
        rest = after;
    }
    Ok(found)
}

fn decode(body: &str) -> Result<Zeroizing<Vec<u8>>, PemError> {
    // Base64 knows no backslash, so `\n` and `\r` can only be line ends that somebody escaped.
    let mut digits = Zeroizing::new(String::with_capacity(body.len()));
    let mut characters = body.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\\' if matches!(characters.peek(), Some('n' | 'r')) => {
                characters.next();
            }
            blank if blank.is_whitespace() => {}
            digit => digits.push(digit),
        }
    }
    STANDARD.decode(digits.as_bytes()).map(Zeroizing::new).map_err(|_| PemError::NotBase64)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINES: &str = "-----BEGIN PRIVATE KEY-----\nSGVs\nbG8=\n-----END PRIVATE KEY-----\n";

    fn read(text: &str) -> Vec<(String, Vec<u8>)> {
        let sections = sections(text).expect("PEM");
        sections.into_iter().map(|section| (section.label, section.der.to_vec())).collect()
    }

    #[test]
    fn line_ends_may_be_anything_or_nothing() {
        let expected = vec![("PRIVATE KEY".to_owned(), b"Hello".to_vec())];
        for replacement in ["\n", "", " ", "\r\n", "\\n", "\\r\\n", "\n\n"] {
            assert_eq!(read(&LINES.replace('\n', replacement)), expected, "{replacement:?}");
        }
    }

    #[test]
    fn several_sections_keep_their_order_and_text_around_them_is_skipped() {
        let text = format!("Bag Attributes\n    friendlyName: x\n{LINES}subject=/CN=x\n{LINES}").replacen(
            "PRIVATE KEY",
            "CERTIFICATE",
            2,
        );
        let labels: Vec<_> = read(&text).into_iter().map(|(label, _)| label).collect();
        assert_eq!(labels, ["CERTIFICATE", "PRIVATE KEY"]);
    }

    #[test]
    fn what_is_cut_off_or_garbled_is_told() {
        let error = |text: &str| sections(text).err();
        assert_eq!(error("-----BEGIN PRIVATE KEY-----\nSGVs"), Some(PemError::Unfinished));
        assert_eq!(error("-----BEGIN PRIVATE"), Some(PemError::Unfinished));
        assert_eq!(error(&LINES.replace("SGVs", "S*Vs")), Some(PemError::NotBase64));
        assert_eq!(error("no PEM at all"), None);
    }

    #[test]
    fn the_encryption_of_old_openssl_is_recognised() {
        let text = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nSGVs\n-----END RSA PRIVATE KEY-----";
        assert!(sections(text).expect("PEM")[0].sealed_by_header);
    }
}
