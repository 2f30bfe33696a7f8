//! What one writes first: reqwest, structs that own their texts, one line of JSON per incident. Follows the links.

use std::io::{BufWriter, Write};

use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
struct Page {
    value: Vec<Incident>,
    #[serde(rename = "@odata.nextLink")]
    next_link: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Incident {
    id: String,
    tenant_id: Option<String>,
    status: String,
    severity: String,
    incident_web_url: Option<String>,
    redirect_incident_id: Option<String>,
    display_name: Option<String>,
    created_date_time: String,
    last_update_date_time: String,
    assigned_to: Option<String>,
    classification: Option<String>,
    determination: Option<String>,
    custom_tags: Vec<String>,
    system_tags: Vec<String>,
    description: Option<String>,
    summary: Option<String>,
    resolving_comment: Option<String>,
    last_modified_by: Option<String>,
    priority_score: Option<i32>,
    comments: Vec<serde_json::Value>,
    alerts: Vec<Alert>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Alert {
    id: String,
    incident_id: Option<String>,
    status: String,
    severity: String,
    classification: Option<String>,
    determination: Option<String>,
    service_source: String,
    detection_source: Option<String>,
    title: Option<String>,
    description: Option<String>,
    category: Option<String>,
    assigned_to: Option<String>,
    mitre_techniques: Vec<String>,
    created_date_time: String,
    last_update_date_time: String,
    evidence: Vec<Evidence>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Evidence {
    #[serde(rename = "@odata.type")]
    kind: String,
    created_date_time: String,
    verdict: String,
    remediation_status: String,
    remediation_status_details: Option<String>,
    roles: Vec<String>,
    detailed_roles: Vec<String>,
    tags: Vec<String>,
    detection_status: Option<String>,
    process_id: Option<i64>,
    parent_process_id: Option<i64>,
    process_command_line: Option<String>,
    mde_device_id: Option<String>,
    image_file: Option<ImageFile>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ImageFile {
    sha1: Option<String>,
    sha256: Option<String>,
    file_name: Option<String>,
    file_path: Option<String>,
    file_size: Option<i64>,
}

fn main() {
    let origin = std::env::args().nth(1).expect("an origin");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
        provider.as_ref().clone().install_default().ok();
        let client = reqwest::Client::builder().no_proxy().build().expect("a client");
        let mut stdout = BufWriter::new(std::io::stdout().lock());
        let mut next = Some(format!("{origin}/v1.0/security/incidents?$top=50&$expand=alerts"));
        while let Some(url) = next {
            let body = client.get(url).send().await.expect("an answer").bytes().await.expect("a body");
            let page: Page = serde_json::from_slice(&body).expect("a page");
            for incident in &page.value {
                serde_json::to_writer(&mut stdout, incident).expect("written");
                stdout.write_all(b"\n").expect("written");
            }
            next = page.next_link;
        }
    });
}
