-- Every second percentile from 4 % to 96 % of each airline's departure delays: the box of every flight, in few rows.
WITH delays AS (
  SELECT carrier, quantile_cont(dep_delay, [i / 50.0 for i in range(2, 49)]) AS percentiles
  FROM flights
  WHERE dep_delay IS NOT NULL
  GROUP BY carrier
  ORDER BY count(*) DESC
  LIMIT 9
)
SELECT
  regexp_replace(name, ' (Air Lines|Airlines)? ?(Inc\.|Co\.|Corporation)$', '') AS airline,
  unnest(percentiles) AS departure_delay
FROM delays
JOIN airlines USING (carrier)
ORDER BY airline, departure_delay
