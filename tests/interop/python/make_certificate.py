"""Makes a key and a self-signed certificate, and says its thumbprints: by another hand than the product's."""

import argparse
import datetime
import json
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID


def main() -> None:
    """Writes `certificate.pem`, `key.pem` and `encrypted_key.pem` into a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--passphrase", default="not-a-real-passphrase")
    given = parser.parse_args()

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "interop client")])
    now = datetime.datetime.now(datetime.timezone.utc)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(minutes=5))
        .not_valid_after(now + datetime.timedelta(days=90))
        .sign(key, hashes.SHA256())
    )

    def write(file: str, content: bytes) -> str:
        path = given.folder / file
        path.touch(mode=0o600)
        path.write_bytes(content)
        return str(path)

    def pem(encryption: serialization.KeySerializationEncryption) -> bytes:
        return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption)

    files = {
        "certificate": write("certificate.pem", certificate.public_bytes(serialization.Encoding.PEM)),
        "key": write("key.pem", pem(serialization.NoEncryption())),
        "encrypted_key": write(
            "encrypted_key.pem", pem(serialization.BestAvailableEncryption(given.passphrase.encode()))
        ),
    }
    thumbprints = {
        "sha1": certificate.fingerprint(hashes.SHA1()).hex(),
        "sha256": certificate.fingerprint(hashes.SHA256()).hex(),
    }
    print(json.dumps({**files, "passphrase": given.passphrase, **thumbprints}))


if __name__ == "__main__":
    main()
