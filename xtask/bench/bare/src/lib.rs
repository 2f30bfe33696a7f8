//! Fifty thousand incidents with their alerts, the same bytes for everybody who is measured.

/// How many incidents there are.
pub const COUNT: usize = 50_000;

/// What a page holds at most, as the real service has it.
pub const PAGE: usize = 50;

/// Records one behind the other, each followed by a comma.
pub struct Records {
    text: Vec<u8>,
    ends: Vec<usize>,
}

impl Records {
    /// Makes all of them: about 540 MB.
    pub fn make() -> Self {
        Self::of(COUNT, 4, 3)
    }

    /// Makes so many incidents with so many alerts each, and so many pieces of evidence in each of those.
    pub fn of(incidents: usize, alerts_each: usize, evidence_each: usize) -> Self {
        let alerts = alerts(alerts_each, evidence_each);
        let mut records = Self { text: Vec::new(), ends: Vec::with_capacity(incidents) };
        records.text.reserve(incidents * (alerts.len() + 700));
        for number in 0..incidents {
            let (id, at) = (20_000 + number, time(number));
            let record = format!(
                r#"{{"id":"{id}","tenantId":"11111111-2222-4333-8444-555555555555","status":"active","severity":"high","incidentWebUrl":"https://security.microsoft.com/incident2/{id}/overview?tid=11111111-2222-4333-8444-555555555555","redirectIncidentId":null,"displayName":"Credential theft followed by mailbox rule on one user","createdDateTime":"{at}","lastUpdateDateTime":"{at}","assignedTo":null,"classification":"unknown","determination":"unknown","customTags":["site-oslo"],"systemTags":[],"description":"An unusual process read LSASS memory","summary":null,"resolvingComment":null,"lastModifiedBy":null,"priorityScore":88,"comments":[],"alerts":[{alerts}]}},"#
            );
            records.text.extend_from_slice(record.as_bytes());
            records.ends.push(records.text.len());
        }
        records
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// A page as its beginning, its records and its end.
    pub fn page(&self, from: usize, link: Option<&str>) -> [Vec<u8>; 3] {
        let to = (from + PAGE).min(self.len());
        let begin = if from == 0 { 0 } else { self.ends[from - 1] };
        let end = if to == from { begin } else { self.ends[to - 1] - 1 };
        let link = link.map(|link| format!(r#""@odata.nextLink":"{link}","#)).unwrap_or_default();
        let head = format!(r#"{{"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#security/incidents(alerts())",{link}"value":["#);
        [head.into_bytes(), self.text[begin..end].to_vec(), b"]}".to_vec()]
    }
}

/// One second after the other.
pub fn time(number: usize) -> String {
    let (minutes, second) = (number / 60, number % 60);
    let (hours, minute) = (minutes / 60, minutes % 60);
    format!("2026-09-{:02}T{:02}:{minute:02}:{second:02}.5233333Z", 1 + hours / 24, hours % 24)
}

/// The first record created at or after a time.
pub fn number_of(at: &str) -> usize {
    let part = |from: usize| at.get(from..from + 2).and_then(|text| text.parse::<usize>().ok()).unwrap_or(0);
    (((part(8) - 1) * 24 + part(11)) * 60 + part(14)) * 60 + part(17)
}

/// Four alerts with three pieces of evidence each make ten kilobytes.
fn alerts(count: usize, evidence_each: usize) -> String {
    let piece = |number: usize| {
        format!(
            r##"{{"@odata.type":"#microsoft.graph.security.processEvidence","createdDateTime":"2026-09-03T07:41:10.9Z","verdict":"suspicious","remediationStatus":"none","remediationStatusDetails":null,"roles":["attacked"],"detailedRoles":[],"tags":[],"detectionStatus":"detected","processId":{number},"parentProcessId":5120,"processCommandLine":"pd64.exe -ma lsass.exe out.bin","mdeDeviceId":"4f1c0b8d2e6a4c5f9b7d8e9f0a1b2c3d4e5f6a7b","imageFile":{{"sha1":"0123456789abcdef0123456789abcdef01234567","sha256":null,"fileName":"pd64.exe","filePath":"C:\\Users\\mika\\AppData\\Local\\Temp","fileSize":412544}}}}"##
        )
    };
    let alert = |number: usize| {
        let evidence: Vec<String> = (0..evidence_each).map(|piece_number| piece(7000 + number * 5 + piece_number)).collect();
        format!(
            r##"{{"id":"da6389264751203456{number:02}_-1203948576","incidentId":"20417","status":"inProgress","severity":"high","classification":null,"determination":null,"serviceSource":"microsoftDefenderForEndpoint","detectionSource":"antivirus","title":"LSASS memory read by unusual process","description":"A process opened a handle to LSASS and read its memory, which is how credentials are stolen from a machine.","category":"CredentialAccess","assignedTo":"Automation","mitreTechniques":["T1003.001"],"createdDateTime":"2026-09-03T07:41:10.8466667Z","lastUpdateDateTime":"2026-09-03T09:02:43.9Z","evidence":[{}]}}"##,
            evidence.join(",")
        )
    };
    (0..count).map(alert).collect::<Vec<_>>().join(",")
}
