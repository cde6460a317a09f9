-- Destinations with at least one flight a day.
SELECT
  dest AS destination,
  CASE
    WHEN dest IN ('SJU', 'BQN', 'STT', 'PSE') THEN 'Caribbean'
    WHEN airports.tzone = 'America/New_York' THEN 'East'
    WHEN airports.tzone = 'America/Chicago' THEN 'Central'
    WHEN airports.tzone IN ('America/Denver', 'America/Phoenix') THEN 'Mountain'
    WHEN airports.tzone = 'America/Los_Angeles' THEN 'Pacific'
    ELSE 'Alaska and Hawaii'
  END AS region,
  avg(distance) AS miles,
  avg(arr_delay) AS arrival_delay,
  count(*) AS flights
FROM flights
LEFT JOIN airports ON airports.faa = dest
GROUP BY ALL
HAVING count(*) >= (SELECT count(DISTINCT date) FROM flights)
ORDER BY miles
