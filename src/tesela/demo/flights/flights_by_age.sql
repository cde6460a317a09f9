SELECT
  CASE
    WHEN manufacturer LIKE 'AIRBUS%' THEN 'Airbus'
    WHEN manufacturer LIKE 'BOEING%' THEN 'Boeing'
    WHEN manufacturer LIKE 'MCDONNELL%' THEN 'McDonnell Douglas'
    WHEN manufacturer LIKE 'EMBRAER%' THEN 'Embraer'
    WHEN manufacturer IN ('BOMBARDIER INC', 'CANADAIR') THEN 'Bombardier'
    ELSE 'Others'
  END AS maker,
  2013 - planes.year AS age,
  count(*) AS flights
FROM flights
JOIN planes USING (tailnum)
WHERE 2013 - planes.year BETWEEN 0 AND 29
GROUP BY ALL
ORDER BY age, maker
