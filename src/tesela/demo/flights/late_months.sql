WITH months AS (
  SELECT
    date_trunc('month', date)::DATE AS month,
    count(*) FILTER (WHERE dep_delay >= 60) / count(dep_delay) AS an_hour_late,
    sum(dep_delay) FILTER (WHERE dep_delay > 0) / 60.0 AS hours_waited,
    count(*) FILTER (WHERE dep_time IS NULL) AS cancelled
  FROM flights
  GROUP BY 1
)
SELECT
  month,
  an_hour_late,
  lag(an_hour_late) OVER (ORDER BY month) AS an_hour_late_prev,
  hours_waited,
  lag(hours_waited) OVER (ORDER BY month) AS hours_waited_prev,
  cancelled,
  lag(cancelled) OVER (ORDER BY month) AS cancelled_prev
FROM months
ORDER BY month
