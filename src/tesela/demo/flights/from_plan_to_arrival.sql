WITH counts AS (
  SELECT
    count(*) AS scheduled,
    count(dep_time) AS departed,
    count(arr_delay) AS landed,
    count(*) FILTER (WHERE arr_delay < 15) AS on_time,
    count(*) FILTER (WHERE arr_delay <= 0) AS early
  FROM flights
)
SELECT step, flights
FROM counts
CROSS JOIN LATERAL (
  VALUES
    (1, 'Scheduled', scheduled),
    (2, 'Departed', departed),
    (3, 'Landed as planned', landed),
    (4, 'Less than 15 minutes late', on_time),
    (5, 'On schedule or early', early)
) AS steps (position, step, flights)
ORDER BY position
