SELECT
  hour,
  left(dayname(date), 3) AS weekday,
  avg(dep_delay) AS departure_delay
FROM flights
WHERE hour BETWEEN 6 AND 22
GROUP BY hour, weekday, isodow(date)
ORDER BY isodow(date), hour
