SELECT date, sched_dep_time AS scheduled, origin AS "from", dest AS "to", carrier, flight, tailnum AS aircraft, dep_delay, arr_delay
FROM (SELECT *, left(dayname(date), 3) AS weekday FROM flights) AS flights
WHERE 1 = 1 ${detail.where}
ORDER BY date, scheduled
