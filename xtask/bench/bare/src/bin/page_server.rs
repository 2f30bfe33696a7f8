//! The other end of `cargo xtask bench cold`: over TLS 1.3 a token for whoever asks and one ready-made page of
//! a hundred incidents, about 1 MB. It answers from memory, so what is measured is the client.
//!
//!     page_server CERTIFICATE_OUT
//!
//! Writes the certificate authority to CERTIFICATE_OUT and prints one JSON line when it listens.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::{Value, json};

type Failure = Box<dyn std::error::Error>;

const INCIDENTS: u32 = 100;
const ALERTS_EACH: u32 = 4;
const ENTITIES_EACH: u32 = 3;

fn main() -> Result<(), Failure> {
    let out = std::env::args().nth(1).ok_or("page_server CERTIFICATE_OUT")?;
    let tls = Arc::new(tls(&out)?);
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let origin = format!("https://localhost:{}", listener.local_addr()?.port());
    let page = Arc::new(
        json!({ "@odata.context": format!("{origin}/api/$metadata#Incidents"), "value": incidents() })
            .to_string(),
    );
    println!("{}", json!({ "ready": true, "origin": origin, "page_bytes": page.len() }));
    for stream in listener.incoming() {
        let (tls, page) = (Arc::clone(&tls), Arc::clone(&page));
        std::thread::spawn(move || {
            // A client that goes away in the middle is its own measurement's failure.
            let _ended = stream.map_err(Failure::from).and_then(|stream| serve(stream, tls, &page));
        });
    }
    Ok(())
}

/// A throw-away authority and a leaf for `localhost`, as strict verifiers want them.
fn tls(out: &str) -> Result<ServerConfig, Failure> {
    let authority_key = KeyPair::generate()?;
    let mut authority = CertificateParams::new(Vec::new())?;
    authority.distinguished_name.push(DnType::CommonName, "defender-xdr benchmark");
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    authority.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    std::fs::write(out, authority.self_signed(&authority_key)?.pem())?;

    let key = KeyPair::generate()?;
    let mut leaf = CertificateParams::new(vec!["localhost".to_owned()])?;
    leaf.distinguished_name.push(DnType::CommonName, "localhost");
    leaf.use_authority_key_identifier_extension = true;
    leaf.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    leaf.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let leaf = leaf.signed_by(&key, &Issuer::new(authority, authority_key))?;
    let private = PrivateKeyDer::try_from(key.serialize_der())?;
    Ok(ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![leaf.der().clone()], private)?)
}

fn serve(stream: TcpStream, tls: Arc<ServerConfig>, page: &str) -> Result<(), Failure> {
    stream.set_nodelay(true)?;
    let mut stream = BufReader::new(StreamOwned::new(ServerConnection::new(tls)?, stream));
    loop {
        let mut request = String::new();
        if stream.read_line(&mut request)? == 0 {
            return Ok(());
        }
        let (mut length, mut bearer) = (0, false);
        loop {
            let mut header = String::new();
            stream.read_line(&mut header)?;
            let header = header.trim_end().to_ascii_lowercase();
            if header.is_empty() {
                break;
            }
            if let Some(value) = header.strip_prefix("content-length:") {
                length = value.trim().parse()?;
            }
            bearer |= header.starts_with("authorization: bearer ");
        }
        std::io::copy(&mut (&mut stream).take(length), &mut std::io::sink())?;
        let token = token();
        let (status, body) = match request.split(' ').collect::<Vec<_>>().as_slice() {
            ["POST", path, _] if path.ends_with("/oauth2/v2.0/token") => ("200 OK", token.as_str()),
            ["GET", path, _] if path.starts_with("/api/incidents") && bearer => ("200 OK", page),
            ["GET", path, _] if path.ends_with("/.well-known/openid-configuration") => {
                let host = request.split('/').nth(1).unwrap_or_default().to_owned();
                let metadata = metadata(&stream.get_ref().sock, &host)?;
                write(&mut stream, "200 OK", &metadata)?;
                continue;
            }
            _ => ("404 Not Found", "{}"),
        };
        write(&mut stream, status, body)?;
    }
}

fn write(
    stream: &mut BufReader<StreamOwned<ServerConnection, TcpStream>>,
    status: &str,
    body: &str,
) -> Result<(), Failure> {
    let stream = stream.get_mut();
    let length = body.len();
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
    )?;
    stream.flush()?;
    Ok(())
}

/// MSAL reads the tenant's metadata before it asks for a token.
fn metadata(socket: &TcpStream, tenant: &str) -> Result<String, Failure> {
    let authority = format!("https://localhost:{}/{tenant}", socket.local_addr()?.port());
    Ok(json!({
        "issuer": format!("{authority}/v2.0"),
        "authorization_endpoint": format!("{authority}/oauth2/v2.0/authorize"),
        "token_endpoint": format!("{authority}/oauth2/v2.0/token"),
        "device_authorization_endpoint": format!("{authority}/oauth2/v2.0/devicecode"),
        "jwks_uri": format!("{authority}/discovery/v2.0/keys"),
    })
    .to_string())
}

/// As long as Entra's tokens are; header and claims can be read, the signature is filling.
fn token() -> String {
    // {"alg":"RS256","typ":"JWT"} and {"aud":"https://api.security.microsoft.com","roles":["Incident.Read.All"]}
    const HEADER: &str = "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9";
    const CLAIMS: &str =
        "eyJhdWQiOiJodHRwczovL2FwaS5zZWN1cml0eS5taWNyb3NvZnQuY29tIiwicm9sZXMiOlsiSW5jaWRlbnQuUmVhZC5BbGwiXX0";
    let token = format!("{HEADER}.{CLAIMS}.{}", "A".repeat(1200));
    json!({ "token_type": "Bearer", "expires_in": 3599, "ext_expires_in": 3599, "access_token": token })
        .to_string()
}

/// Incidents in the legacy API's own shape, invented.
fn incidents() -> Vec<Value> {
    let severities = ["Informational", "Low", "Medium", "High"];
    (1..=INCIDENTS)
        .map(|id| {
            json!({
                "incidentId": id,
                "incidentUri": format!("https://security.microsoft.com/incidents/{id}"),
                "redirectIncidentId": null,
                "incidentName": format!("Multi-stage incident {id} involving initial access and lateral movement"),
                "createdTime": format!("2026-03-{:02}T08:{:02}:11.25Z", id % 28 + 1, id % 60),
                "lastUpdateTime": format!("2026-03-{:02}T09:{:02}:47.5Z", id % 28 + 1, id % 60),
                "assignedTo": null,
                "classification": "Unknown",
                "determination": "NotAvailable",
                "status": "Active",
                "severity": severities[id as usize % severities.len()],
                "tags": ["interim", "reviewed"],
                "comments": [],
                "alerts": (1..=ALERTS_EACH).map(|alert| self::alert(id, alert)).collect::<Vec<_>>(),
            })
        })
        .collect()
}

fn alert(incident: u32, alert: u32) -> Value {
    json!({
        "alertId": format!("da{incident:08}_{alert}"),
        "incidentId": incident,
        "serviceSource": "MicrosoftDefenderForEndpoint",
        "detectionSource": "WindowsDefenderAtp",
        "title": format!("Suspicious process tree on a workstation, part {alert}"),
        "description": "A process started by an office document opened a connection to an address that no other \
                        device in this organisation has ever used, then read the memory of another process.",
        "category": "LateralMovement",
        "status": "New",
        "severity": "Medium",
        "classification": null,
        "determination": null,
        "investigationState": "UnsupportedAlertType",
        "assignedTo": null,
        "actorName": null,
        "threatFamilyName": null,
        "mitreTechniques": ["T1021", "T1055", "T1566.001"],
        "creationTime": "2026-03-02T08:11:11.2566667Z",
        "lastUpdatedTime": "2026-03-02T09:47:05.3433333Z",
        "resolvedTime": null,
        "firstActivity": "2026-03-02T08:02:01.9Z",
        "lastActivity": "2026-03-02T08:10:01.9Z",
        "devices": [{
            "mdatpDeviceId": format!("{:040x}", incident * 131 + alert),
            "deviceDnsName": format!("ws-{incident:04}.aurora-lab.example"),
            "osPlatform": "Windows11",
            "healthStatus": "Active",
            "riskScore": "Medium",
            "firstSeen": "2025-11-05T10:01:10.1Z",
            "loggedOnUsers": [{ "accountName": "user", "domainName": "AURORA" }],
        }],
        "entities": (1..=ENTITIES_EACH).map(entity).collect::<Vec<_>>(),
    })
}

fn entity(number: u32) -> Value {
    json!({
        "entityType": "Process",
        "evidenceCreationTime": "2026-03-02T08:11:12.3Z",
        "verdict": "Suspicious",
        "remediationStatus": "None",
        "sha256": format!("{number:064x}"),
        "fileName": "powershell.exe",
        "filePath": "C:\\Windows\\System32\\WindowsPowerShell\\v1.0",
        "processId": 4000 + number,
        "processCommandLine": "powershell.exe -NoProfile -EncodedCommand",
        "parentProcessId": 700 + number,
        "detectionStatus": "Detected",
    })
}
