SELECT
  hour,
  CASE origin WHEN 'EWR' THEN 'Newark' WHEN 'JFK' THEN 'Kennedy' ELSE 'LaGuardia' END AS airport,
  count(*) / 365.0 AS flights_a_day
FROM flights
WHERE hour BETWEEN 5 AND 23
GROUP BY ALL
ORDER BY hour, airport
