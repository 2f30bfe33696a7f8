//! From the legacy Microsoft Defender XDR API to Microsoft Graph and back: what corresponds to what, text translated
//! by it, and the places in files where the old API is still in use.
//!
//! Nothing here prints, asks the network or knows a sign-in. Names and words come from the tables the API client itself
//! translates by, so that what is told here is what it does.

pub mod compare;
pub mod correspondence;
pub mod scan;
pub mod translate;
