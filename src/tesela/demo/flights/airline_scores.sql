-- Five shares of the flights, each from 0 to 100, of the six airlines that fly most.
WITH scores AS (
  SELECT
    carrier,
    100.0 * count(*) FILTER (WHERE dep_delay < 15) / count(*) AS left_on_time,
    100.0 * count(*) FILTER (WHERE arr_delay < 15) / count(*) AS landed_on_time,
    100.0 * count(*) FILTER (WHERE arr_delay < dep_delay) / count(*) AS made_up_time,
    100.0 * count(dep_time) / count(*) AS not_cancelled,
    100.0 * count(*) FILTER (WHERE arr_delay < 60) / count(*) AS under_an_hour_late
  FROM flights
  GROUP BY carrier
  ORDER BY count(*) DESC
  LIMIT 6
)
SELECT regexp_replace(name, ' (Inc\.|Co\.|Corporation)$', '') AS airline, measure, score
FROM scores
JOIN airlines USING (carrier)
CROSS JOIN LATERAL (
  VALUES
    (1, 'Left on time', left_on_time),
    (2, 'Landed on time', landed_on_time),
    (3, 'Made up time in the air', made_up_time),
    (4, 'Not cancelled', not_cancelled),
    (5, 'Under an hour late', under_an_hour_late)
) AS measures (position, measure, score)
ORDER BY airline, position
