namespace Archive;

public class Incident
{
    public string Status { get; set; } = "Active";

    public static Incident Read(Stream stream) => Parser.Parse(stream);
}

public class Reader
{
    // A method, no permission.
    public Incident Next(Stream stream) => Incident.Read(stream);
    public Task<Incident> NextAsync(Stream stream) => Incident.ReadAsync(stream);
}
