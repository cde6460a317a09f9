SELECT
  hour,
  origin,
  CASE origin WHEN 'EWR' THEN 'Newark' WHEN 'JFK' THEN 'Kennedy' ELSE 'LaGuardia' END AS airport,
  count(*) / (SELECT count(DISTINCT date) FROM flights) AS flights_a_day
FROM flights
WHERE hour BETWEEN 5 AND 23
GROUP BY hour, origin
ORDER BY hour, airport
