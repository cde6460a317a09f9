-- One row a month, each beside the month before it. On time: landed less than 15 minutes late.
WITH months AS (
  SELECT
    date_trunc('month', date)::DATE AS month,
    count(*) AS flights,
    avg(CASE WHEN arr_delay < 15 THEN 1.0 ELSE 0.0 END) FILTER (WHERE arr_delay IS NOT NULL) AS on_time,
    avg(dep_delay) AS departure_delay,
    avg(CASE WHEN dep_time IS NULL THEN 1.0 ELSE 0.0 END) AS cancelled
  FROM flights
  GROUP BY 1
)
SELECT
  month,
  flights,
  lag(flights) OVER (ORDER BY month) AS flights_prev,
  on_time,
  lag(on_time) OVER (ORDER BY month) AS on_time_prev,
  departure_delay,
  lag(departure_delay) OVER (ORDER BY month) AS departure_delay_prev,
  cancelled,
  lag(cancelled) OVER (ORDER BY month) AS cancelled_prev
FROM months
ORDER BY month
