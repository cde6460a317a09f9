-- Ages with at least 1,000 flights a year.
SELECT
  2013 - planes.year AS age,
  avg(dep_delay) AS departure,
  avg(arr_delay) AS arrival
FROM flights
JOIN planes USING (tailnum)
WHERE planes.year IS NOT NULL
GROUP BY age
HAVING count(*) >= 1000 / 365.0 * (SELECT count(DISTINCT date) FROM flights)
ORDER BY age
