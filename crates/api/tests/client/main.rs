//! The signed-in client against a strict tenant, and against servers that misbehave in ways no tenant would.

#[cfg(test)]
mod alerts;
#[cfg(test)]
mod both_backends;
#[cfg(test)]
mod challenges;
#[cfg(test)]
mod changes;
#[cfg(test)]
mod entities;
#[cfg(test)]
mod error_bodies;
#[cfg(test)]
mod fetch;
#[cfg(test)]
mod filters;
#[cfg(test)]
mod hunting;
#[cfg(test)]
mod links;
#[cfg(test)]
mod lost_answers;
#[cfg(test)]
mod paging;
#[cfg(test)]
mod permissions;
#[cfg(test)]
mod quotas;
#[cfg(test)]
mod requests;
#[cfg(test)]
mod same_json;
#[cfg(test)]
mod service;
#[cfg(test)]
mod tenant;
#[cfg(test)]
mod throttling;
#[cfg(test)]
mod tokens;
#[cfg(test)]
mod writing;
