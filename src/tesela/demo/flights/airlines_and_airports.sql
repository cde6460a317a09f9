SELECT
  carrier,
  regexp_replace(any_value(name), ' (Air Lines|Airlines)? ?(Inc\.|Co\.|Corporation)$', '') AS airline,
  CASE origin WHEN 'EWR' THEN 'Newark' WHEN 'JFK' THEN 'Kennedy' ELSE 'LaGuardia' END AS airport,
  count(*) AS flights
FROM flights
JOIN airlines USING (carrier)
GROUP BY carrier, airport
QUALIFY sum(count(*)) OVER (PARTITION BY carrier) >= 27 * (SELECT count(DISTINCT date) FROM flights)
ORDER BY flights DESC
