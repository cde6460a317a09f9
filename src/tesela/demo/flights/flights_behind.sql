SELECT date, sched_dep_time AS scheduled, origin AS "from", dest AS "to", carrier, flight, tailnum AS aircraft, dep_delay, arr_delay
FROM flights
WHERE 1 = 1 ${detail.where} ${drill.where}
ORDER BY date, scheduled
