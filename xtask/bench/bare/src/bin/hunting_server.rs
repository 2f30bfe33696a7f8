//! Answers every hunting query of Graph with the same 99,999 rows (one more may be a part of more) over plain HTTP on loopback, made beforehand: faster
//! than any client reads.
//!
//! Prints `{"origin": …, "bytes": …}` when it is ready.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

const ROWS: usize = 99_999;

fn main() {
    let answer = Arc::new(answer());
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let origin = format!("http://{}", listener.local_addr().expect("an address"));
    println!("{{\"origin\":\"{origin}\",\"bytes\":{}}}", answer.len());
    for stream in listener.incoming().flatten() {
        let answer = Arc::clone(&answer);
        thread::spawn(move || serve(stream, &answer));
    }
}

fn serve(stream: TcpStream, answer: &[u8]) {
    stream.set_nodelay(true).ok();
    let mut writer = stream.try_clone().expect("the same connection");
    let mut reader = BufReader::new(stream);
    loop {
        let mut target = String::new();
        if reader.read_line(&mut target).unwrap_or(0) == 0 {
            return;
        }
        let (mut line, mut length) = (String::new(), 0);
        while reader.read_line(&mut line).unwrap_or(0) > 2 {
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap_or(0);
            }
            line.clear();
        }
        reader.read_exact(&mut vec![0; length]).ok();
        let token = br#"{"token_type":"Bearer","expires_in":3599,"access_token":"opaque"}"#;
        let body = if target.contains("runHuntingQuery") { answer } else { token };
        let length = body.len();
        let head = format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n");
        if writer.write_all(head.as_bytes()).is_err() || writer.write_all(body).is_err() {
            return;
        }
    }
}

/// Process events as Graph sends them: sixteen columns, the numbers annotated.
fn answer() -> Vec<u8> {
    let columns = [
        ("Timestamp", "DateTime"),
        ("DeviceId", "String"),
        ("DeviceName", "String"),
        ("ActionType", "String"),
        ("FileName", "String"),
        ("FolderPath", "String"),
        ("SHA1", "String"),
        ("ProcessId", "Int64"),
        ("ProcessCommandLine", "String"),
        ("AccountDomain", "String"),
        ("AccountName", "String"),
        ("InitiatingProcessFileName", "String"),
        ("InitiatingProcessId", "Int64"),
        ("IsInitiatingProcessRemoteSession", "SByte"),
        ("AdditionalFields", "Object"),
        ("ReportId", "Int64"),
    ];
    let schema: Vec<_> =
        columns.iter().map(|(name, kind)| format!(r#"{{"name":"{name}","type":"{kind}"}}"#)).collect();
    let mut text = format!(
        r#"{{"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#microsoft.graph.security.huntingQueryResults","schema":[{}],"results":["#,
        schema.join(",")
    );
    for number in 0..ROWS {
        let (minute, second) = (number / 60 % 60, number % 60);
        let comma = if number == 0 { "" } else { "," };
        text += &format!(
            r##"{comma}{{"Timestamp":"2026-09-03T07:{minute:02}:{second:02}.9881234Z","DeviceId":"4f1c0b8d2e6a4c5f9b7d8e9f0a1b2c3d4e5f6a7b","DeviceName":"ws-atlas-{number:05}.northwind-lab.example","ActionType":"ProcessCreated","FileName":"powershell.exe","FolderPath":"C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe","SHA1":"0123456789abcdef0123456789abcdef01234567","ProcessId@odata.type":"#Int64","ProcessId":{number},"ProcessCommandLine":"powershell.exe -NoProfile -Command \"Get-Service | Where-Object Status -eq 'Running'\"","AccountDomain":"northwind","AccountName":"mika","InitiatingProcessFileName":"explorer.exe","InitiatingProcessId@odata.type":"#Int64","InitiatingProcessId":5120,"IsInitiatingProcessRemoteSession":0,"AdditionalFields":null,"ReportId@odata.type":"#Int64","ReportId":{number}}}"##
        );
    }
    text.push_str("]}");
    text.into_bytes()
}
