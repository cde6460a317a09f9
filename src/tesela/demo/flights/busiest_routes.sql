SELECT
  CASE origin WHEN 'EWR' THEN 'Newark' WHEN 'JFK' THEN 'Kennedy' ELSE 'LaGuardia' END AS airport,
  coalesce(any_value(airports.name), dest) || ' (' || dest || ')' AS destination,
  count(*) AS flights
FROM flights
LEFT JOIN airports ON airports.faa = dest
GROUP BY airport, dest
QUALIFY sum(count(*)) OVER (PARTITION BY dest) >= 9000
ORDER BY flights DESC
