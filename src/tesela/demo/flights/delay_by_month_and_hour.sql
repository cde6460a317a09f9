SELECT
  hour,
  strftime(date, '%b') AS month_name,
  quantile_cont(dep_delay, 0.9) AS delay
FROM flights
WHERE hour BETWEEN 5 AND 23
GROUP BY hour, month_name, month
ORDER BY month, hour
