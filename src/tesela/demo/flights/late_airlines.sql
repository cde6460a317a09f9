-- Airlines with at least ten flights a day; what is missing to 100 % landed less than 15 minutes late.
SELECT
  carrier,
  regexp_replace(any_value(name), ' (Air Lines|Airlines)? ?(Inc\.|Co\.|Corporation)$', '') AS airline,
  count(*) FILTER (WHERE arr_delay BETWEEN 15 AND 59) / count(*) AS "up to an hour late",
  count(*) FILTER (WHERE arr_delay >= 60) / count(*) AS "an hour late or more",
  count(*) FILTER (WHERE arr_delay IS NULL) / count(*) AS "cancelled or diverted"
FROM flights
JOIN airlines USING (carrier)
GROUP BY carrier
HAVING count(*) >= 10 * (SELECT count(DISTINCT date) FROM flights)
ORDER BY count(*) FILTER (WHERE arr_delay >= 15 OR arr_delay IS NULL) / count(*) DESC
