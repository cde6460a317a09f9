-- title: without an interaction a clause is nothing
SELECT * FROM t WHERE 1=1 ${drill.where};
SELECT * FROM t WHERE 1=1 ;

-- title: a drill step becomes a condition
-- interaction: {"drill_path": [["country", "eq", ["ES"]]]}
-- values: ["ES"]
SELECT * FROM t WHERE 1=1 ${drill.where};
SELECT * FROM t WHERE 1=1  AND "country" = ?;

-- title: a null drill value becomes IS NULL
-- interaction: {"drill_path": [["country", "eq", [null]]]}
SELECT * FROM t WHERE 1=1 ${drill.where};
SELECT * FROM t WHERE 1=1  AND "country" IS NULL;

-- title: two drill steps, one after the other
-- interaction: {"drill_path": [["country", "eq", ["ES"]], ["city", "eq", ["Vigo"]]]}
-- values: ["ES", "Vigo"]
SELECT * FROM t WHERE a > 1 ${drill.where} GROUP BY 1;
SELECT * FROM t WHERE a > 1  AND "country" = ? AND "city" = ? GROUP BY 1;

-- title: directly after WHERE a clause needs no AND
-- interaction: {"drill_path": [["country", "eq", ["ES"]]]}
-- values: ["ES"]
SELECT * FROM t WHERE ${drill.where};
SELECT * FROM t WHERE ("country" = ?);

-- title: directly after WHERE an empty clause is true
SELECT * FROM t WHERE ${drill.where};
SELECT * FROM t WHERE 1=1;

-- title: directly after AND a clause needs no AND of its own
-- interaction: {"drill_path": [["country", "eq", ["ES"]]]}
-- values: ["ES"]
SELECT * FROM t WHERE a = 1 AND ${drill.where} ORDER BY a;
SELECT * FROM t WHERE a = 1 AND ("country" = ?) ORDER BY a;

-- title: inside parentheses
-- interaction: {"drill_path": [["country", "eq", ["ES"]]]}
-- values: ["ES"]
SELECT * FROM t WHERE (a = 1 OR b = 2) ${drill.where};
SELECT * FROM t WHERE (a = 1 OR b = 2)  AND "country" = ?;

-- title: a clause that touches the next word keeps its distance
-- interaction: {"drill_path": [["country", "eq", [null]]]}
SELECT * FROM t WHERE 1=1${drill.where}GROUP BY ALL;
SELECT * FROM t WHERE 1=1  AND "country" IS NULL GROUP BY ALL;

-- title: in the ON of a join
-- interaction: {"drill_path": [["country", "eq", ["ES"]]]}
-- values: ["ES"]
SELECT * FROM t JOIN u ON t.id = u.id ${drill.where};
SELECT * FROM t JOIN u ON t.id = u.id  AND "country" = ?;

-- title: a drill value is bound
-- interaction: {"drill_path": [["country", "eq", ["ES"]]]}
-- values: ["ES"]
SELECT * FROM t WHERE country = ${drill.value};
SELECT * FROM t WHERE country = ?;

-- title: without a drill value the predicate is true
SELECT * FROM t WHERE country = ${drill.value} AND a = 1;
SELECT * FROM t WHERE (1=1) AND a = 1;

-- title: without a value a NOT IN is true as a whole
SELECT * FROM t WHERE country NOT IN (${filter.country}) AND a = 1;
SELECT * FROM t WHERE (1=1) AND a = 1;

-- title: without a value the predicate under a NOT is false, so that it filters nothing
SELECT * FROM t WHERE NOT (country = ${drill.value} OR a IS NULL);
SELECT * FROM t WHERE NOT ((1=0) OR a IS NULL);

-- title: without a value a function that answers yes or no is true
SELECT * FROM t WHERE starts_with(lower(name), lower(${filter.name})) AND b;
SELECT * FROM t WHERE (1=1) AND b;

-- title: without a value a LIKE is true
SELECT * FROM t WHERE a = 1 AND name ILIKE '%' || ${filter.name} || '%' ORDER BY 1;
SELECT * FROM t WHERE a = 1 AND (1=1) ORDER BY 1;

-- title: without a value a LIKE with ESCAPE is true
SELECT * FROM t WHERE name LIKE ${filter.name} ESCAPE '!' AND a;
SELECT * FROM t WHERE (1=1) AND a;

-- title: BETWEEN is true when one of its ends is missing
-- interaction: {"range": {"start": "2026-01-01"}}
SELECT * FROM t WHERE day BETWEEN ${range.start} AND ${range.end} AND a = 1;
SELECT * FROM t WHERE (1=1) AND a = 1;

-- title: a range is bound
-- interaction: {"range": {"start": "2026-01-01", "end": "2026-02-01"}}
-- values: ["2026-01-01", "2026-02-01"]
SELECT * FROM t WHERE day >= ${range.start} AND day < ${range.end};
SELECT * FROM t WHERE day >= ? AND day < ?;

-- title: an open range filters only at its closed end
-- interaction: {"range": {"start": "2026-01-01"}}
-- values: ["2026-01-01"]
SELECT * FROM t WHERE day >= ${range.start} AND day < ${range.end};
SELECT * FROM t WHERE day >= ? AND (1=1);

-- title: the previous period inside a CASE
-- interaction: {"range": {"prev_start": "2025-12-01", "prev_end": "2026-01-01"}}
-- values: ["2025-12-01", "2026-01-01"]
SELECT SUM(CASE WHEN d >= ${range.prev_start} AND d < ${range.prev_end} THEN x ELSE 0 END) AS p FROM t;
SELECT SUM(CASE WHEN d >= ? AND d < ? THEN x ELSE 0 END) AS p FROM t;

-- title: without a range the CASE takes every row
SELECT SUM(CASE WHEN d >= ${range.prev_start} THEN x ELSE 0 END) AS p FROM t;
SELECT SUM(CASE WHEN (1=1) THEN x ELSE 0 END) AS p FROM t;

-- title: a list becomes several values inside IN
-- interaction: {"filters": {"country": {"values": ["ES", "PT", "FR"]}}}
-- values: ["ES", "PT", "FR"]
SELECT * FROM t WHERE country IN (${filter.country});
SELECT * FROM t WHERE country IN (?, ?, ?);

-- title: a list of one fits an equality
-- interaction: {"filters": {"country": {"values": ["ES"]}}}
-- values: ["ES"]
SELECT * FROM t WHERE country = ${filter.country};
SELECT * FROM t WHERE country = ?;

-- title: an empty list is unfiltered
-- interaction: {"filters": {"country": {"values": []}}}
SELECT * FROM t WHERE country IN (${filter.country}) OR a = 1;
SELECT * FROM t WHERE (1=1) OR a = 1;

-- title: null is unfiltered
-- interaction: {"filters": {"country": {"values": [null]}}}
SELECT * FROM t WHERE country = ${filter.country};
SELECT * FROM t WHERE (1=1);

-- title: a filter's own clause
-- interaction: {"filters": {"country": {"clauses": [["country", "in", ["ES", null]]]}}}
-- values: ["ES"]
SELECT * FROM t WHERE 1=1 ${filter.country.where};
SELECT * FROM t WHERE 1=1  AND ("country" IN (?) OR "country" IS NULL);

-- title: filters.where takes all that are not named otherwise
-- interaction: {"filters": {"a": {"values": [1], "clauses": [["a", "eq", [1]]]}, "b": {"clauses": [["b", "gte", [2]]]}, "c": {"clauses": [["c", "is_null", []]]}}}
-- values: [1, 2]
SELECT * FROM t WHERE a = ${filter.a} ${filters.where};
SELECT * FROM t WHERE a = ?  AND "b" >= ? AND "c" IS NULL;

-- title: filters.where leaves out the filter that feeds a range which the SQL names
-- interaction: {"range": {"start": "2026-01-01"}, "filters": {"d": {"feeds_range": true, "clauses": [["day", "gte", ["2026-01-01"]]]}, "b": {"clauses": [["b", "eq", [2]]]}}}
-- values: ["2026-01-01", 2]
SELECT * FROM t WHERE day > ${range.start} ${filters.where};
SELECT * FROM t WHERE day > ?  AND "b" = ?;

-- title: an in with no values does not filter
-- interaction: {"filters": {"b": {"clauses": [["b", "in", []]]}}}
SELECT * FROM t WHERE 1=1 ${filters.where};
SELECT * FROM t WHERE 1=1 ;

-- title: cross-filters
-- interaction: {"cross": [["region", "in", ["N", "S"]]]}
-- values: ["N", "S"]
SELECT * FROM t WHERE 1=1 ${cross.where};
SELECT * FROM t WHERE 1=1  AND "region" IN (?, ?);

-- title: the first drill level without a path
-- interaction: {"drill_levels": ["country", "city"]}
SELECT ${drill.field} AS dim, SUM(x) AS x FROM t WHERE 1=1 ${drill.where} GROUP BY ${drill.field};
SELECT "country" AS dim, SUM(x) AS x FROM t WHERE 1=1  GROUP BY "country";

-- title: the second level after one step, also after a table's name
-- interaction: {"drill_levels": ["country", "city"], "drill_path": [["country", "eq", ["ES"]]]}
-- values: ["ES"]
SELECT t.${drill.field} FROM t WHERE 1=1 ${drill.where};
SELECT t."city" FROM t WHERE 1=1  AND "country" = ?;

-- title: the deepest level stays when the path is as long as the levels
-- interaction: {"drill_levels": ["country"], "drill_path": [["country", "eq", ["ES"]]]}
SELECT ${drill.field} FROM t;
SELECT "country" FROM t;

-- title: a level's name is quoted, whatever it holds
-- interaction: {"drill_levels": ["a\"; DROP TABLE t; --"]}
SELECT ${drill.field} FROM t;
SELECT "a""; DROP TABLE t; --" FROM t;

-- title: detail.where takes the clicked dimensions and the drill path, each once
-- interaction: {"detail": [["month", "eq", [3]], ["country", "eq", ["ES"]]], "drill_path": [["country", "eq", ["ES"]]]}
-- values: ["ES", 3]
SELECT * FROM t WHERE 1=1 ${detail.where} LIMIT 5000;
SELECT * FROM t WHERE 1=1  AND "country" = ? AND "month" = ? LIMIT 5000;

-- title: detail.where leaves the drill path to drill.where
-- interaction: {"detail": [["month", "eq", [3]]], "drill_path": [["country", "eq", ["ES"]]]}
-- values: [3, "ES"]
SELECT * FROM t WHERE 1=1 ${detail.where} ${drill.where};
SELECT * FROM t WHERE 1=1  AND "month" = ?  AND "country" = ?;

-- title: the user
-- interaction: {"user_id": "u1", "user_attributes": {"region": "N"}}
-- values: ["u1", "N"]
SELECT * FROM t WHERE owner = ${user.id} AND region = ${user.region};
SELECT * FROM t WHERE owner = ? AND region = ?;

-- title: a placeholder that is not closed is refused, even in a string
select  a, '${' FROM t;
ERROR unknown_placeholder line 1, column 13;

-- title: question marks and dollars in strings and comments stay as they are
-- interaction: {"drill_path": [["country", "eq", ["ES"]]]}
-- values: ["ES"]
select  'a ? $1 :x %s' AS "b ?" , $$c ? $$ /* ? $1 */ FROM t	where 1 = 1 ${drill.where} -- ?;
select  'a ? $1 :x %s' AS "b ?" , $$c ? $$ /* ? $1 */ FROM t	where 1 = 1  AND "country" = ? -- ?;

-- title: a value in a LIMIT
-- interaction: {"filters": {"top": {"values": [5]}}}
-- values: [5]
SELECT * FROM t ORDER BY a LIMIT ${filter.top};
SELECT * FROM t ORDER BY a LIMIT ?;

-- title: a value in a LIMIT cannot do without
SELECT * FROM t ORDER BY a LIMIT ${filter.top};
ERROR needs_value needs a value for filter.top;

-- title: a value among the columns cannot do without
SELECT ${drill.value} AS v FROM t;
ERROR needs_value needs a value for drill.value;

-- title: a user's attribute that is not there never opens the filter
SELECT * FROM t WHERE region = ${user.region};
ERROR needs_value needs a value for user.region;

-- title: drill.field needs levels
SELECT ${drill.field} FROM t;
ERROR needs_value needs drill_levels;

-- title: several values do not fit an equality
-- interaction: {"filters": {"country": {"values": ["ES", "PT"]}}}
SELECT * FROM t WHERE country = ${filter.country};
ERROR query_refused write IN (${filter.country});

-- title: a predicate in a subquery
SELECT * FROM t WHERE a IN (SELECT b FROM u WHERE c = ${filter.c} AND d = 1) AND e = 2;
SELECT * FROM t WHERE a IN (SELECT b FROM u WHERE (1=1) AND d = 1) AND e = 2;

-- title: a value that is part of a scalar subquery takes the comparison with it
SELECT * FROM t WHERE a > (SELECT avg(b) * ${filter.k} FROM u) AND e = 2;
SELECT * FROM t WHERE (1=1) AND e = 2;

-- title: a value in the filter of an aggregate
SELECT COUNT(*) FILTER (WHERE c = ${filter.c}) AS n FROM t;
SELECT COUNT(*) FILTER (WHERE (1=1)) AS n FROM t;

-- title: a value in an ON
SELECT * FROM t LEFT JOIN u ON t.a = u.a AND u.c = ${filter.c} LEFT JOIN v ON v.d = ${filter.d};
SELECT * FROM t LEFT JOIN u ON t.a = u.a AND (1=1) LEFT JOIN v ON (1=1);

-- title: a value in a HAVING and a QUALIFY
SELECT a, SUM(b) AS s FROM t GROUP BY a HAVING SUM(b) > ${filter.min} QUALIFY rank() OVER (ORDER BY s) <= ${filter.top};
SELECT a, SUM(b) AS s FROM t GROUP BY a HAVING (1=1) QUALIFY (1=1);

-- title: values after a cast and before one
-- interaction: {"filters": {"d": {"values": ["2026-01-01"]}}}
-- values: ["2026-01-01", "2026-01-01"]
SELECT * FROM t WHERE d::date = ${filter.d}::date AND e >= CAST(${filter.d} AS date);
SELECT * FROM t WHERE d::date = ?::date AND e >= CAST(? AS date);

-- title: without a value casts go too
SELECT * FROM t WHERE d::date = ${filter.d}::date AND e >= CAST(${filter.d} AS date);
SELECT * FROM t WHERE (1=1) AND (1=1);

-- title: IS NOT DISTINCT FROM
SELECT * FROM t WHERE a IS NOT DISTINCT FROM ${filter.a} OR b = 1;
SELECT * FROM t WHERE (1=1) OR b = 1;

-- title: the value on the left, and in parentheses
SELECT * FROM t WHERE (${filter.a} = a) AND (${filter.a} < b + 1);
SELECT * FROM t WHERE ((1=1)) AND ((1=1));

-- title: a value in one of several filters in a CTE
WITH x AS (SELECT * FROM t WHERE a = ${filter.a} AND b = 2) SELECT c, COUNT(*) AS n FROM x GROUP BY c;
WITH x AS (SELECT * FROM t WHERE (1=1) AND b = 2) SELECT c, COUNT(*) AS n FROM x GROUP BY c;

-- title: postgres regular expressions and arrays
-- dialect: postgres
SELECT * FROM t WHERE a ~* ${filter.a} AND b = ANY(ARRAY[${filter.b}]) AND j ->> 'k' = ${filter.c} AND j ? 'x';
SELECT * FROM t WHERE (1=1) AND (1=1) AND (1=1) AND j ? 'x';

-- title: sqlite
-- dialect: sqlite
-- interaction: {"filters": {"a": {"values": [1, 2]}}, "drill_path": [["b", "eq", ["x"]]]}
-- values: [1, 2, "x"]
SELECT * FROM t WHERE a IN (${filter.a}) ${drill.where};
SELECT * FROM t WHERE a IN (?, ?)  AND "b" = ?;

-- title: mysql quotes with backticks
-- dialect: mysql
-- interaction: {"drill_levels": ["my col"], "drill_path": [["my col", "eq", ["x"]]]}
-- values: ["x"]
SELECT ${drill.field} FROM t WHERE 1=1 ${drill.where};
SELECT `my col` FROM t WHERE 1=1  AND `my col` = ?;
