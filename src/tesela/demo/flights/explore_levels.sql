-- Airports of departure; below each its airlines; below each of those its destinations.
WITH names AS (
  SELECT carrier AS code, regexp_replace(name, ' (Air Lines|Airlines)? ?(Inc\.|Co\.|Corporation)$', '') AS name
  FROM airlines
  UNION ALL
  SELECT faa, name FROM airports
)
SELECT
  ${drill.field},
  coalesce(any_value(names.name), ${drill.field}) AS name,
  count(*) AS flights
FROM flights
LEFT JOIN names ON names.code = ${drill.field}
WHERE 1 = 1 ${drill.where}
GROUP BY ${drill.field}
ORDER BY flights DESC
