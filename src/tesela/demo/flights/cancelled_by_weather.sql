SELECT
  CASE
    WHEN precip >= 0.1 THEN 'heavy rain or snow'
    WHEN precip > 0 THEN 'light rain or snow'
    WHEN wind_speed >= 23 THEN 'dry, strong wind'
    ELSE 'dry and calm'
  END AS sky,
  count(*) FILTER (WHERE dep_time IS NULL) / count(*) AS cancelled,
  count(*) FILTER (WHERE dep_delay >= 60) / count(*) AS an_hour_late
FROM flights
JOIN weather USING (origin, time_hour)
GROUP BY sky
ORDER BY cancelled
