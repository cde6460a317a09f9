-- One point a day: rain at the airports, and how late flights left.
WITH days AS (
  SELECT date, avg(dep_delay) AS departure_delay, count(*) AS flights, quarter(date) AS quarter
  FROM flights
  GROUP BY date
),
sky AS (
  SELECT date, sum(precip) / count(DISTINCT origin) AS rain_inches
  FROM weather
  GROUP BY date
)
SELECT
  strftime(date, '%d %b') AS day,
  CASE WHEN month(date) BETWEEN 4 AND 9 THEN 'April to September' ELSE 'October to March' END AS half,
  rain_inches,
  departure_delay,
  flights
FROM days
JOIN sky USING (date)
ORDER BY date
