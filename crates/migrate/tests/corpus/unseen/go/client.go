package defender

import "net/http"

const baseURL = "https://api.security.microsoft.com"

type Incident struct {
	ID       int64  `json:"incidentId"`
	Name     string `json:"incidentName"`
	Status   string `json:"status"`
	Created  string `json:"createdTime"`
	Tags     []string `json:"tags"`
}

func (c *Client) Active() ([]Incident, error) {
	req, _ := http.NewRequest("GET", baseURL+"/api/incidents?$filter=status%20eq%20'Active'", nil)
	return c.do(req)
}

func open(i Incident) bool { return i.Status != "Resolved" }
