//! What commands leave in the context.

use super::Output;

const fn output(path: &'static str, kind: &'static str, description: &'static str) -> Output {
    Output { path, description, kind }
}

/// An incident. The whole object of the service is there; these are the members that playbooks can count on.
pub const INCIDENT_OUTPUTS: &[Output] = &[
    output("Microsoft365Defender.Incident.incidentId", "Number", "The ID of the incident."),
    output(
        "Microsoft365Defender.Incident.redirectIncidentId",
        "Unknown",
        "The incident that this one was merged into, if it was.",
    ),
    output("Microsoft365Defender.Incident.incidentName", "String", "The name of the incident."),
    output("Microsoft365Defender.Incident.createdTime", "Date", "When the incident was created."),
    output("Microsoft365Defender.Incident.lastUpdateTime", "Date", "When the incident was last changed."),
    output("Microsoft365Defender.Incident.assignedTo", "String", "The owner of the incident."),
    output("Microsoft365Defender.Incident.classification", "String", "The classification of the incident."),
    output("Microsoft365Defender.Incident.determination", "String", "The determination of the incident."),
    output("Microsoft365Defender.Incident.status", "String", "The status of the incident."),
    output("Microsoft365Defender.Incident.severity", "String", "The severity of the incident."),
    output(
        "Microsoft365Defender.Incident.alerts",
        "Unknown",
        "The alerts of the incident, with their devices and entities.",
    ),
    output("Microsoft365Defender.Incident.tags", "Unknown", "The custom tags of the incident."),
    output("Microsoft365Defender.Incident.comments", "Unknown", "The comments on the incident."),
];

/// The result of a query.
pub const HUNT_OUTPUTS: &[Output] = &[
    output("Microsoft365Defender.Hunt.query", "String", "The query as it was sent, its limit included."),
    output("Microsoft365Defender.Hunt.results", "Unknown", "The rows of the result."),
];
