-- One candle a week: Monday's mean departure delay, Sunday's, and the best and the worst day between them.
WITH days AS (
  SELECT date, avg(dep_delay) AS delay
  FROM flights
  WHERE date BETWEEN '2013-01-07' AND '2013-12-29'
  GROUP BY date
)
SELECT
  date_trunc('week', date)::DATE AS week,
  arg_min(delay, date) AS monday,
  max(delay) AS worst,
  min(delay) AS best,
  arg_max(delay, date) AS sunday
FROM days
GROUP BY week
ORDER BY week
