//! PKCS#12 (RFC 7292), the format of `.pfx` and `.p12` files.

use defender_xdr_core::Secret;
use p12_keystore::Pkcs12Archive;
use zeroize::Zeroizing;

use super::material::{Material, MaterialError};
use super::pem::Section;
use super::x509::Certificate;

/// Opens the archive; without a passphrase it is taken to have an empty one.
pub(super) fn open(der: &[u8], passphrase: Option<&Secret>) -> Result<Material, MaterialError> {
    let archive = Pkcs12Archive::from_pkcs12(der, passphrase.map_or("", Secret::expose))
        // The crate's own texts may quote what it read.
        .map_err(|_| {
            MaterialError::Pkcs12(match passphrase {
                Some(_) => "the passphrase does not fit, or the encryption is not supported",
                None => "it needs `private-key-passphrase`",
            })
        })?;
    let certificates =
        archive.certs.iter().map(|bag| Certificate::parse(bag.cert.as_der())).collect::<Result<_, _>>()?;
    let keys = archive
        .keys
        .iter()
        .map(|bag| Section {
            label: "PRIVATE KEY".to_owned(),
            der: Zeroizing::new(bag.key.as_der().to_vec()),
            sealed_by_header: false,
        })
        .collect();
    Ok(Material { certificates, keys })
}
