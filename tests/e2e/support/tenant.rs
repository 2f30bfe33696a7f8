//! The invented tenant, served on a thread of its own for as long as a test lasts.

use std::sync::mpsc;
use std::thread::JoinHandle;

use defender_xdr_emulator::{BodyKind, Control, Emulator, Fault, FaultRule, Options};
use serde_json::Value;

use super::wire;

/// A running tenant.
pub(crate) struct Tenant {
    origin: String,
    certificate: Option<String>,
    control: Control,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Tenant {
    pub(crate) fn start(options: Options) -> Self {
        let (ready, started) = mpsc::channel();
        let (stop, stopped) = tokio::sync::oneshot::channel();
        let thread = std::thread::spawn(move || {
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async {
                let emulator = Emulator::start(options).await.expect("the emulator starts");
                let facts = (
                    emulator.origin().to_owned(),
                    emulator.authority_certificate_pem().map(str::to_owned),
                    emulator.control().clone(),
                );
                ready.send(facts).expect("somebody waits");
                // An error means that the test is over, too.
                stopped.await.ok();
            });
        });
        let (origin, certificate, control) = started.recv().expect("the emulator started");
        Self { origin, certificate, control, stop: Some(stop), thread: Some(thread) }
    }

    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }

    /// The certificate to trust, of a tenant that serves https.
    pub(crate) fn certificate(&self) -> &str {
        self.certificate.as_deref().expect("a tenant that serves https")
    }

    pub(crate) fn control(&self) -> &Control {
        &self.control
    }

    /// Lets `times` requests to a path go wrong, once `after` have passed.
    pub(crate) fn fault(&self, path_prefix: &str, after: u32, times: u32, fault: Fault) {
        let rule = FaultRule { after, times, ..FaultRule::once(path_prefix, fault) };
        self.control.add_fault(rule);
    }

    /// Turns switches of the incident routes.
    pub(crate) fn switch(&self, switches: &Value) {
        let reply = wire::post_json(
            &format!("{}/_control/defender/options", self.origin),
            None,
            &switches.to_string(),
        );
        assert_eq!(reply.status, 200, "{}", reply.body);
    }

    /// How many requests had a path that starts like this.
    pub(crate) fn requests_to(&self, path_prefix: &str) -> usize {
        self.control.requests().iter().filter(|request| request.path.starts_with(path_prefix)).count()
    }
}

impl Drop for Tenant {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            // The thread may have ended already.
            stop.send(()).ok();
        }
        if let Some(thread) = self.thread.take() {
            thread.join().ok();
        }
    }
}

/// A bare status as a fault.
pub(crate) fn status(status: u16, retry_after: Option<u64>) -> Fault {
    Fault::Status { status, retry_after, body: None, body_kind: BodyKind::Json }
}
