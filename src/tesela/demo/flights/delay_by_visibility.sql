SELECT
  CASE
    WHEN visib < 1 THEN 'under 1 mile'
    WHEN visib < 3 THEN '1 to 3 miles'
    WHEN visib < 6 THEN '3 to 6 miles'
    WHEN visib < 10 THEN '6 to 10 miles'
    ELSE '10 miles: clear'
  END AS visibility,
  avg(dep_delay) AS departure_delay,
  count(*) AS flights
FROM flights
JOIN weather USING (origin, time_hour)
GROUP BY visibility
ORDER BY min(visib)
