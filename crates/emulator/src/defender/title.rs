//! The title of an incident, the same in both APIs.

use super::world::World;
use super::world::quirk::Quirk;
use super::world::record::Record;

/// What the incident is called; `None` when it has no name.
pub(crate) fn of(world: &World, record: &Record) -> Option<String> {
    if let Some(name) = &record.display_name {
        return Some(name.clone());
    }
    match record.quirk {
        Quirk::NamelessIncident => None,
        Quirk::NameIsNumber => Some(record.id.to_string()),
        quirk => {
            let (device, user) = world.cast(record.id);
            let title =
                World::story(record).title.replace("{host}", &device.host).replace("{user}", user.account);
            Some(if quirk == Quirk::DirtyText { format!("{title} <b>\u{FFFD}</b>\r\n=1+1") } else { title })
        }
    }
}
