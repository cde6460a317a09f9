SELECT 100.0 * count(*) FILTER (WHERE arr_delay < 15) / count(arr_delay) AS on_time
FROM flights
