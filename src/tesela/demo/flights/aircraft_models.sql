SELECT
  CASE
    WHEN manufacturer LIKE 'AIRBUS%' THEN 'Airbus'
    WHEN manufacturer LIKE 'BOEING%' THEN 'Boeing'
    WHEN manufacturer LIKE 'MCDONNELL%' THEN 'McDonnell Douglas'
    WHEN manufacturer LIKE 'EMBRAER%' THEN 'Embraer'
    WHEN manufacturer IN ('BOMBARDIER INC', 'CANADAIR') THEN 'Bombardier'
    ELSE 'Others'
  END AS maker,
  model,
  count(*) AS flights
FROM flights
JOIN planes USING (tailnum)
GROUP BY ALL
ORDER BY flights DESC
LIMIT 40
