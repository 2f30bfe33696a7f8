const axios = require('axios');
const scope = 'https://api.security.microsoft.com/.default';

module.exports = async function (context) {
  const { data } = await axios.get('https://api.security.microsoft.com/api/incidents', { params: { $top: 100 } });
  for (const { incidentId, incidentName, severity } of data.value) {
    if (severity === 'High' || severity === 'UnSpecified') context.log(incidentId, incidentName);
  }
  await axios.patch(`https://api.security.microsoft.com/api/incidents/${id}`, { status: 'Resolved', comment: 'by function' });
};
