//! The provider alone against a scripted authority: start, poll, renew, and a restart in between.

#[cfg(test)]
mod authority;
#[cfg(test)]
mod configured_session;
#[cfg(test)]
mod cortex_app;
#[cfg(test)]
mod endings;
#[cfg(test)]
mod pace;
#[cfg(test)]
mod renewal;
#[cfg(test)]
mod restart;
#[cfg(test)]
mod secrecy;
#[cfg(test)]
mod start;
