-- The latest days of the year, with the rain and the worst visibility measured at the airports.
WITH days AS (
  SELECT
    date,
    count(*) AS flights,
    avg(dep_delay) AS departure_delay,
    count(*) FILTER (WHERE dep_time IS NULL) / count(*) AS cancelled
  FROM flights
  GROUP BY date
),
sky AS (
  SELECT date, sum(precip) / count(DISTINCT origin) AS rain_inches, min(visib) AS visibility_miles, max(wind_gust) AS gusts_mph
  FROM weather
  GROUP BY date
)
SELECT
  date,
  dayname(date) AS weekday,
  flights,
  round(departure_delay, 1) AS departure_delay,
  cancelled,
  round(rain_inches, 2) AS rain_inches,
  visibility_miles,
  round(gusts_mph) AS gusts_mph
FROM days
LEFT JOIN sky USING (date)
ORDER BY departure_delay DESC
LIMIT 50
