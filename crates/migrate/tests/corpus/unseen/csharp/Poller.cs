public sealed class Poller
{
    private const string Root = "https://swa.api.security.microsoft.com/api/";
    private static readonly string[] Scopes = { "https://api.security.microsoft.com//.default" };

    [JsonPropertyName("lastUpdateTime")] public DateTimeOffset Updated { get; init; }
    [JsonPropertyName("alerts")] public Alert[] Alerts { get; init; }

    public bool IsOpen(JsonElement incident) =>
        incident.GetProperty("status").GetString() is "Active" or "InProgress"
        && incident.GetProperty("incidentId").GetInt64() > 0;
}
