SELECT
  origin,
  dest,
  coalesce(any_value(airports.name), dest) AS destination,
  any_value(distance) AS miles,
  count(*) AS flights,
  round(avg(dep_delay), 1) AS departure_delay,
  count(*) FILTER (WHERE dep_time IS NULL) / count(*) AS cancelled
FROM flights
LEFT JOIN airports ON airports.faa = dest
GROUP BY origin, dest
ORDER BY flights DESC
LIMIT 500
