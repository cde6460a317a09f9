SELECT hour, avg(dep_delay) AS departure_delay
FROM flights
WHERE hour >= 5
GROUP BY hour
ORDER BY hour
