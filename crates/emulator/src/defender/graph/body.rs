//! Reading the JSON body of a Graph write.

use serde_json::{Map, Value};

use super::errors::GraphError;
use crate::defender::path;
use crate::exchange::Request;

/// The members of a body, which has to be declared and formed as a JSON object.
pub(crate) fn members(request: &Request) -> Result<Map<String, Value>, GraphError> {
    if !path::says_json(request) {
        return Err(GraphError::content_type());
    }
    serde_json::from_slice(&request.body)
        .map_err(|_| GraphError::bad_request("Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format."))
}

/// A value that does not fit its property.
pub(crate) fn invalid(name: &str, value: &Value) -> GraphError {
    GraphError::bad_request(format!(
        "Cannot convert the value {value} of the property '{name}' to the expected type."
    ))
}

/// A property that does not exist or cannot be written.
pub(crate) fn unknown(name: &str, kind: &str) -> GraphError {
    GraphError::bad_request(format!(
        "The property '{name}' does not exist on type 'microsoft.graph.security.{kind}' or cannot be updated."
    ))
}

/// A string.
pub(crate) fn text(name: &str, value: &Value) -> Result<String, GraphError> {
    value.as_str().map(str::to_owned).ok_or_else(|| invalid(name, value))
}

/// A string or null.
pub(crate) fn nullable(name: &str, value: &Value) -> Result<Option<String>, GraphError> {
    if value.is_null() { Ok(None) } else { text(name, value).map(Some) }
}

/// An enum word, in any case, that `read` knows.
pub(crate) fn word<T>(name: &str, value: &Value, read: fn(&str) -> Option<T>) -> Result<T, GraphError> {
    value.as_str().and_then(read).ok_or_else(|| invalid(name, value))
}

/// The text of a comment (Microsoft Graph, "Create comment for incident").
pub(crate) fn comment(request: &Request) -> Result<String, GraphError> {
    let mut text = None;
    for (name, value) in &members(request)? {
        match name.as_str() {
            "@odata.type" => {
                let declared = value.as_str().unwrap_or_default().trim_start_matches('#');
                if declared != "microsoft.graph.security.alertComment" {
                    return Err(invalid(name, value));
                }
            }
            "comment" => text = value.as_str().filter(|text| !text.is_empty()).map(str::to_owned),
            _ => return Err(unknown(name, "alertComment")),
        }
    }
    text.ok_or_else(|| {
        GraphError::bad_request("The body has to hold the comment as the non-empty string 'comment'.")
    })
}
