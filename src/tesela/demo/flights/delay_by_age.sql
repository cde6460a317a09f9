-- Ages with at least 1,000 flights.
SELECT
  2013 - planes.year AS age,
  avg(dep_delay) AS departure,
  avg(arr_delay) AS arrival
FROM flights
JOIN planes USING (tailnum)
WHERE planes.year IS NOT NULL
GROUP BY age
HAVING count(*) >= 1000
ORDER BY age
