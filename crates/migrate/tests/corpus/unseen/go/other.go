package tickets

type Incident struct {
	ID   int64  `json:"incidentId"`
	Name string `json:"incidentName"`
}

func open(i Incident) bool { return i.Name != "" && i.Status() == "Active" }
