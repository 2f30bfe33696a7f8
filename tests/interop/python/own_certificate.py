"""A key and a certificate made here and now, registered with the tenant: nobody else has seen them."""

import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from situation import Situation
from tenant import NIGHT_JOB, control


class OwnCertificate:
    """PEM texts and the SHA-1 thumbprint as libraries want it."""

    def __init__(self, situation: Situation) -> None:
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
        self.certificate = certificate.public_bytes(serialization.Encoding.PEM).decode()
        self.key = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ).decode()
        self.thumbprint = certificate.fingerprint(hashes.SHA1()).hex()
        control(situation, "POST", f"entra/applications/{NIGHT_JOB}/certificates", {"pem": self.certificate})
