SELECT
  CASE origin WHEN 'EWR' THEN 'Newark' WHEN 'JFK' THEN 'Kennedy' ELSE 'LaGuardia' END AS airport,
  count(*) AS flights
FROM flights
GROUP BY airport
ORDER BY flights DESC
