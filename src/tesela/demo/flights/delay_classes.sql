SELECT
  regexp_replace(any_value(name), ' (Inc\.|Co\.|Corporation)$', '') AS airline,
  count(*) FILTER (WHERE arr_delay <= 0) / count(*) AS "early or on schedule",
  count(*) FILTER (WHERE arr_delay BETWEEN 1 AND 14) / count(*) AS "up to 15 minutes late",
  count(*) FILTER (WHERE arr_delay BETWEEN 15 AND 59) / count(*) AS "up to an hour late",
  count(*) FILTER (WHERE arr_delay >= 60) / count(*) AS "an hour late or more",
  count(*) FILTER (WHERE arr_delay IS NULL) / count(*) AS "cancelled or diverted"
FROM flights
JOIN airlines USING (carrier)
GROUP BY carrier
HAVING count(*) >= 3650
ORDER BY "early or on schedule"
