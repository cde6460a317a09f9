-- Five shares of the flights, each from 0 to 100, of the four airlines that fly most.
WITH shares AS (
  SELECT
    carrier,
    100.0 * count(*) FILTER (WHERE distance >= 1000) / count(*) AS long_flights,
    100.0 * count(*) FILTER (WHERE origin = 'EWR') / count(*) AS from_newark,
    100.0 * count(*) FILTER (WHERE dep_delay <= 0) / count(*) AS left_early,
    100.0 * count(*) FILTER (WHERE arr_delay < dep_delay) / count(*) AS made_up_time,
    100.0 * count(*) FILTER (WHERE arr_delay < 15) / count(*) AS on_time
  FROM flights
  GROUP BY carrier
  ORDER BY count(*) DESC
  LIMIT 4
)
SELECT
  regexp_replace(name, ' (Air Lines|Airlines)? ?(Inc\.|Co\.|Corporation)$', '') AS airline,
  measure,
  share
FROM shares
JOIN airlines USING (carrier)
CROSS JOIN LATERAL (
  VALUES
    (1, 'From Newark', from_newark),
    (2, '1,000 miles or more', long_flights),
    (3, 'Left on the minute', left_early),
    (4, 'Made up time', made_up_time),
    (5, 'Landed on time', on_time)
) AS measures (position, measure, share)
ORDER BY airline, position
