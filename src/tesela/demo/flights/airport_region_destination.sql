SELECT
  CASE origin WHEN 'EWR' THEN 'Newark' WHEN 'JFK' THEN 'Kennedy' ELSE 'LaGuardia' END AS airport,
  CASE
    WHEN dest IN ('SJU', 'BQN', 'STT', 'PSE') THEN 'Caribbean'
    WHEN airports.tzone = 'America/New_York' THEN 'East'
    WHEN airports.tzone = 'America/Chicago' THEN 'Central'
    WHEN airports.tzone IN ('America/Denver', 'America/Phoenix') THEN 'Mountain'
    WHEN airports.tzone = 'America/Los_Angeles' THEN 'Pacific'
    ELSE 'Alaska and Hawaii'
  END AS region,
  dest AS destination,
  count(*) AS flights
FROM flights
LEFT JOIN airports ON airports.faa = dest
GROUP BY ALL
HAVING count(*) >= 2 * (SELECT count(DISTINCT date) FROM flights)
ORDER BY airport, region, flights DESC
