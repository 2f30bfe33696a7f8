//! What people and administrators consented to while the emulator ran, beside what was consented before.

use serde::{Deserialize, Serialize};

use crate::caller::Audience;
use crate::directory::applications::Application;
use crate::directory::people::Person;
use crate::directory::resources;

/// A consent given on the sign-in page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Consent {
    application_id: String,
    /// The person it holds for; everybody when an administrator gave it.
    user: Option<String>,
    graph: bool,
    permission: String,
}

/// Every consent given so far.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Consents(Vec<Consent>);

/// What a permission lacks before a token may carry it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lacking {
    /// The person's own consent.
    Consent,
    /// An administrator's.
    AdministratorsConsent,
}

impl Consents {
    /// The delegated permissions a token for this person may carry.
    pub(crate) fn of(&self, application: &Application, person: &Person, audience: &Audience) -> Vec<String> {
        let mut all: Vec<String> =
            application.permissions(audience).delegated.iter().map(|&name| name.to_owned()).collect();
        let given = self.0.iter().filter(|consent| {
            consent.application_id == application.id
                && consent.graph == (*audience == Audience::Graph)
                && consent.user.as_deref().is_none_or(|user| user == person.user_principal_name)
        });
        for consent in given {
            if !all.contains(&consent.permission) {
                all.push(consent.permission.clone());
            }
        }
        all
    }

    /// Records a person's consent, for everybody if the person may.
    pub(crate) fn give(
        &mut self,
        application: &Application,
        person: &Person,
        audience: &Audience,
        permission: &str,
    ) {
        let consent = Consent {
            application_id: application.id.to_owned(),
            user: (!person.administrator).then(|| person.user_principal_name.to_owned()),
            graph: *audience == Audience::Graph,
            permission: permission.to_owned(),
        };
        if !self.0.contains(&consent) {
            self.0.push(consent);
        }
    }
}

/// Whose consent a permission needs from this person; `None` when the API has no such permission.
pub(crate) fn needed(person: &Person, audience: &Audience, permission: &str) -> Option<Lacking> {
    let offered = resources::delegated(audience).iter();
    let known = offered.into_iter().find(|offer| offer.name.eq_ignore_ascii_case(permission))?;
    Some(if known.admin_only && !person.administrator {
        Lacking::AdministratorsConsent
    } else {
        Lacking::Consent
    })
}
