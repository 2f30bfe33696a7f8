//! What is said when a person stops a change that was sent and not answered yet.

use defender_xdr_api::Client;

use crate::exit::Exit;
use crate::output::Format;
use crate::report::Report;
use crate::world::World;

/// Watches a change. When it is dropped while the answer is still awaited, stderr says that the change may have been made.
pub(in crate::commands) struct Unsettled<'a> {
    client: &'a Client,
    /// The command that shows what was to be changed.
    shown_by: &'static str,
    id: &'a str,
    as_json: bool,
}

impl<'a> Unsettled<'a> {
    pub(in crate::commands) fn new(world: &World, client: &'a Client, id: &'a str) -> Self {
        let as_json = world.global.output.is_some_and(Format::is_machine_readable);
        Self { client, shown_by: "incidents get", id, as_json }
    }

    pub(in crate::commands) fn of_alert(world: &World, client: &'a Client, id: &'a str) -> Self {
        Self { shown_by: "alerts get", ..Self::new(world, client, id) }
    }
}

impl Drop for Unsettled<'_> {
    fn drop(&mut self) {
        if self.client.has_unsettled_change() {
            let message =
                "interrupted before the service answered; the change may have been made all the same";
            Report::new("outcome-unknown", Exit::Interrupted, message)
                .with_hint(format!(
                    "look first: `defender-xdr {} {}` shows whether it was made; do not repeat it blindly",
                    self.shown_by, self.id
                ))
                .print(self.as_json);
        }
    }
}
