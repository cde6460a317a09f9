-- Airlines with at least ten flights a day.
SELECT
  regexp_replace(any_value(name), ' (Air Lines|Airlines)? ?(Inc\.|Co\.|Corporation)$', '') AS airline,
  count(*) FILTER (WHERE arr_delay < 15) / count(arr_delay) AS on_time
FROM flights
JOIN airlines USING (carrier)
GROUP BY carrier
HAVING count(*) >= 3650
ORDER BY on_time DESC
