-- Aircraft that left New York at least once in the month, their mean age, and how often each one left.
WITH months AS (
  SELECT
    date_trunc('month', date)::DATE AS month,
    count(DISTINCT tailnum) AS aircraft,
    avg(2013 - planes.year) AS age,
    count(*) / count(DISTINCT tailnum) AS departures_each
  FROM flights
  JOIN planes USING (tailnum)
  WHERE dep_time IS NOT NULL
  GROUP BY 1
)
SELECT
  month,
  aircraft,
  lag(aircraft) OVER (ORDER BY month) AS aircraft_prev,
  age,
  lag(age) OVER (ORDER BY month) AS age_prev,
  departures_each,
  lag(departures_each) OVER (ORDER BY month) AS departures_each_prev
FROM months
ORDER BY month
