-- The period chosen beside the one before it.
SELECT
  count(*) FILTER (WHERE is_now) AS flights,
  count(*) FILTER (WHERE NOT is_now) AS flights_prev,
  count(*) FILTER (WHERE is_now AND arr_delay < 15) / count(arr_delay) FILTER (WHERE is_now) AS on_time,
  count(*) FILTER (WHERE NOT is_now AND arr_delay < 15) / count(arr_delay) FILTER (WHERE NOT is_now) AS on_time_prev,
  avg(dep_delay) FILTER (WHERE is_now) AS departure_delay,
  avg(dep_delay) FILTER (WHERE NOT is_now) AS departure_delay_prev
FROM (
  SELECT *, date >= ${range.start} AND date < ${range.end} AS is_now
  FROM flights
  WHERE (date >= ${range.start} AND date < ${range.end}) OR (date >= ${range.prev_start} AND date < ${range.prev_end})
) AS both_periods
