SELECT
  hour,
  quantile_cont(dep_delay, 0.5) AS "half of the flights",
  quantile_cont(dep_delay, 0.75) AS "three quarters",
  quantile_cont(dep_delay, 0.9) AS "nine of ten"
FROM flights
WHERE hour BETWEEN 5 AND 23
GROUP BY hour
ORDER BY hour
