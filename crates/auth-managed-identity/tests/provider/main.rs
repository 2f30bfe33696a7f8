//! The provider alone against scripted hosts: what goes over the wire to each, and what each answer means.

#[cfg(test)]
mod app_service;
#[cfg(test)]
mod arc;
#[cfg(test)]
mod cloud_shell;
#[cfg(test)]
mod emulated_arc;
#[cfg(test)]
mod imds;
#[cfg(test)]
mod imds_patience;
#[cfg(test)]
mod machine_learning;
#[cfg(test)]
mod reach;
#[cfg(test)]
mod secrecy;
#[cfg(test)]
mod settings;
#[cfg(test)]
mod stage;
#[cfg(test)]
mod workload_identity;
