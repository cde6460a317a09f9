SELECT
  origin,
  dest,
  any_value(airports.name) AS destination,
  any_value(distance) AS miles,
  count(*) AS flights,
  round(avg(dep_delay), 1) AS departure_delay,
  round(avg(arr_delay), 1) AS arrival_delay,
  count(*) FILTER (WHERE arr_delay < 15) / count(arr_delay) AS on_time,
  count(*) FILTER (WHERE dep_time IS NULL) / count(*) AS cancelled
FROM flights
LEFT JOIN airports ON airports.faa = dest
GROUP BY origin, dest
HAVING count(arr_delay) > 0
ORDER BY flights DESC
