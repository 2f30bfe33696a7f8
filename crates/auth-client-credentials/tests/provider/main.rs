//! The provider alone against a scripted token endpoint: what goes over the wire, and what each answer means.

#[cfg(test)]
mod assertions;
#[cfg(test)]
mod authority;
#[cfg(test)]
mod certificate_faults;
#[cfg(test)]
mod certificates;
#[cfg(test)]
mod choice;
#[cfg(test)]
mod federated;
#[cfg(test)]
mod github_actions;
#[cfg(test)]
mod keys;
#[cfg(test)]
mod odd_answers;
#[cfg(test)]
mod refusals;
#[cfg(test)]
mod scopes;
#[cfg(test)]
mod secrecy;
#[cfg(test)]
mod secret_references;
#[cfg(test)]
mod settings;
#[cfg(test)]
mod throttling;
#[cfg(test)]
mod tokens;
#[cfg(test)]
mod warnings;
