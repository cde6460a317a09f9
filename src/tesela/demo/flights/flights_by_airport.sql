SELECT
  origin,
  CASE origin WHEN 'EWR' THEN 'Newark' WHEN 'JFK' THEN 'Kennedy' ELSE 'LaGuardia' END AS airport,
  count(*) AS flights
FROM flights
GROUP BY origin
ORDER BY flights DESC
