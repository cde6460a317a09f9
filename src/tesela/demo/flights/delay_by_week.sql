SELECT
  date_trunc('week', date)::DATE AS week,
  origin,
  CASE origin WHEN 'EWR' THEN 'Newark' WHEN 'JFK' THEN 'Kennedy' ELSE 'LaGuardia' END AS airport,
  avg(dep_delay) AS departure_delay
FROM flights
WHERE date BETWEEN '2013-01-07' AND '2013-12-29' -- whole weeks only
GROUP BY week, origin
ORDER BY week, airport
