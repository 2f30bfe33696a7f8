//! From the legacy Microsoft Defender XDR API to Microsoft Graph and back: what corresponds to what, text translated
//! by it, and the places in files where the old API is still in use.
//!
//! Nothing here prints, asks the network or knows a sign-in. Names and words come from the tables the API client itself
//! translates by, so that what is told here is what it does.
//!
//! ```
//! use defender_xdr_core::backend::Backend;
//! use defender_xdr_migrate::translate;
//!
//! let rows = translate::field("incidentName", Backend::Graph)?;
//! assert!(format!("{rows:?}").contains("displayName"));
//! # Ok::<(), translate::TranslateError>(())
//! ```

pub mod compare;
pub mod correspondence;
pub mod scan;
pub mod translate;
