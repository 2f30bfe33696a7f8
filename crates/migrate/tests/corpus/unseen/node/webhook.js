app.post('/api/incidents', (req, res) => {
  const { incidentId, status } = req.body;
  if (status === 'Active') store.put(incidentId, req.body.tags);
  res.json({ severity: 'High', lastUpdateTime: Date.now() });
});
