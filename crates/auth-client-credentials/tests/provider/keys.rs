//! Throw-away keys and certificates, made by the `openssl` program: an encoder that is not ours.

use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

use tempfile::TempDir;

/// A directory of files made for this test run and gone after it.
pub(crate) struct Keys(TempDir);

/// Runs `openssl` in `directory` and gives what it printed.
pub(crate) fn openssl(directory: &std::path::Path, arguments: &str) -> String {
    let output = Command::new("openssl")
        .args(arguments.split_whitespace())
        .current_dir(directory)
        .output()
        .expect("these tests need the openssl program");
    assert!(output.status.success(), "openssl {arguments}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

/// The keys of this process: making RSA keys is slow.
pub(crate) fn keys() -> &'static Keys {
    static KEYS: OnceLock<Keys> = OnceLock::new();
    KEYS.get_or_init(|| {
        let keys = Keys(tempfile::tempdir().expect("a directory"));
        let run = |arguments: &str| openssl(keys.0.path(), arguments);
        // Starts now by openssl's clock; `CLOCK` of the tests lies within. A chain: root, then our own.
        run("req -x509 -newkey rsa:2048 -nodes -keyout root.key -out root.pem -days 3650 -subj /CN=root");
        run("req -new -newkey rsa:2048 -nodes -keyout own.key -out own.csr -subj /CN=defender-xdr");
        run("x509 -req -in own.csr -CA root.pem -CAkey root.key -CAcreateserial -days 365 -out own.pem");
        run("x509 -in own.pem -outform DER -out own.der");
        run("rsa -in own.key -traditional -out own.pkcs1");
        run("pkcs8 -topk8 -in own.key -v2 aes-256-cbc -passout pass:planted-pass -out own.sealed");
        run("pkcs8 -topk8 -in own.key -scrypt -passout pass:planted-pass -out own.scrypt");
        run("rsa -in own.key -traditional -aes128 -passout pass:planted-pass -out own.old");
        run("pkcs12 -export -in own.pem -inkey own.key -certfile root.pem -passout pass:planted-pass -out own.pfx");
        run("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ec.key -out ec.pem -days 365 -subj /CN=ec");
        run("genrsa -out short.key 1024");
        std::fs::copy(keys.0.path().join("own.pem"), keys.0.path().join("both.pem")).expect("copied");
        keys.join("chain.pem", &["root.pem", "own.pem"]);
        keys.join("both.pem", &["own.key", "own.pem", "root.pem"]);
        keys
    })
}

impl Keys {
    pub(crate) fn directory(&self) -> &std::path::Path {
        self.0.path()
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// The path as settings have it.
    pub(crate) fn setting(&self, name: &str) -> String {
        self.path(name).display().to_string()
    }

    pub(crate) fn text(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).expect("made")
    }

    pub(crate) fn bytes(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).expect("made")
    }

    fn join(&self, name: &str, parts: &[&str]) {
        let text: String = parts.iter().map(|part| self.text(part)).collect();
        defender_xdr_core::store::atomic::replace(&self.path(name), text.as_bytes()).expect("written");
    }

    /// The public key of a certificate, as RFC 8017 appendix A.1.1 has it, by way of openssl.
    pub(crate) fn public_key(&self, certificate: &str) -> Vec<u8> {
        openssl(self.directory(), &format!("x509 -in {certificate} -pubkey -noout -out {certificate}.pub"));
        openssl(
            self.directory(),
            &format!(
                "rsa -pubin -in {certificate}.pub -RSAPublicKey_out -outform DER -out {certificate}.rsa"
            ),
        );
        self.bytes(&format!("{certificate}.rsa"))
    }

    /// `openssl x509 -fingerprint`: digits with colons.
    pub(crate) fn fingerprint(&self, certificate: &str, digest: &str) -> String {
        let line =
            openssl(self.directory(), &format!("x509 -in {certificate} -noout -fingerprint -{digest}"));
        line.trim().split_once('=').expect("name and digits").1.to_owned()
    }
}
