const root = "https://api.security.microsoft.com";
export interface Incident { incidentId: number; incidentName: string; status: "Active" | "InProgress" | "Resolved"; }

export async function open(fetcher: Fetcher): Promise<string[]> {
  const page = await fetcher.get(`${root}/api/incidents`);
  return page.value.filter((i: Incident) => i.status === "Active").map((i: Incident) => i.incidentName);
}
