//! The provider alone against a scripted authority: the page's address, the code by hand, by settings and by browser.

#[cfg(test)]
mod authority;
#[cfg(test)]
mod browser;
#[cfg(test)]
mod codes_of_settings;
#[cfg(test)]
mod pasted;
#[cfg(test)]
mod renewal;
#[cfg(test)]
mod secrecy;
#[cfg(test)]
mod settings;
#[cfg(test)]
mod warnings;
