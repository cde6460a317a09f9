-- Airlines with at least ten flights a day.
SELECT
  carrier,
  regexp_replace(any_value(name), ' (Air Lines|Airlines)? ?(Inc\.|Co\.|Corporation)$', '') AS airline,
  count(*) FILTER (WHERE arr_delay < 15) / count(arr_delay) AS on_time
FROM flights
JOIN airlines USING (carrier)
GROUP BY carrier
HAVING count(*) >= 10 * (SELECT count(DISTINCT date) FROM flights)
ORDER BY on_time DESC
