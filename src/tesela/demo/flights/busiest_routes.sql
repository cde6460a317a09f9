-- The routes to the eleven destinations with the most flights.
WITH busiest AS (
  SELECT dest FROM flights GROUP BY dest ORDER BY count(*) DESC LIMIT 11
)
SELECT
  origin,
  CASE origin WHEN 'EWR' THEN 'Newark' WHEN 'JFK' THEN 'Kennedy' ELSE 'LaGuardia' END AS airport,
  dest,
  coalesce(any_value(airports.name), dest) || ' (' || dest || ')' AS destination,
  count(*) AS flights
FROM flights
JOIN busiest USING (dest)
LEFT JOIN airports ON airports.faa = dest
GROUP BY origin, dest
ORDER BY flights DESC
