SELECT
  carrier,
  regexp_replace(any_value(name), ' (Air Lines|Airlines)? ?(Inc\.|Co\.|Corporation)$', '') AS airline,
  count(*) AS flights,
  count(DISTINCT dest) AS destinations,
  count(DISTINCT tailnum) AS aircraft,
  round(avg(dep_delay), 1) AS departure_delay,
  round(avg(arr_delay), 1) AS arrival_delay,
  count(*) FILTER (WHERE arr_delay < 15) / count(arr_delay) AS on_time,
  count(*) FILTER (WHERE dep_time IS NULL) / count(*) AS cancelled
FROM flights
JOIN airlines USING (carrier)
GROUP BY carrier
ORDER BY flights DESC
