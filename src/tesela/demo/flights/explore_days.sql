SELECT date, count(*) AS flights, count(*) FILTER (WHERE dep_time IS NULL) AS cancelled
FROM flights
GROUP BY date
ORDER BY date
