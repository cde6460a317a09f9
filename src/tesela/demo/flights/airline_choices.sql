SELECT carrier, regexp_replace(name, ' (Air Lines|Airlines)? ?(Inc\.|Co\.|Corporation)$', '') AS airline
FROM airlines
WHERE carrier IN (SELECT carrier FROM flights)
ORDER BY airline
