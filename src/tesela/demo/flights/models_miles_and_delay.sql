-- Models with at least 1,000 flights a year.
SELECT
  model,
  CASE
    WHEN any_value(manufacturer) LIKE 'AIRBUS%' THEN 'Airbus'
    WHEN any_value(manufacturer) LIKE 'BOEING%' THEN 'Boeing'
    WHEN any_value(manufacturer) LIKE 'MCDONNELL%' THEN 'McDonnell Douglas'
    WHEN any_value(manufacturer) LIKE 'EMBRAER%' THEN 'Embraer'
    WHEN any_value(manufacturer) IN ('BOMBARDIER INC', 'CANADAIR') THEN 'Bombardier'
    ELSE 'Others'
  END AS maker,
  avg(distance) AS miles,
  avg(dep_delay) AS departure_delay,
  count(*) AS flights
FROM flights
JOIN planes USING (tailnum)
GROUP BY model
HAVING count(*) >= 1000 / 365.0 * (SELECT count(DISTINCT date) FROM flights)
ORDER BY flights DESC
