-- title: a quoted value
SELECT * FROM t WHERE a = '${drill.value}';
ERROR query_refused line 1, column 28: remove the quotes around ${drill.value};

-- title: a value inside a LIKE pattern
SELECT * FROM t
WHERE a LIKE '%${filter.name}%';
ERROR query_refused line 2, column 16: write LIKE '%' || ${filter.name} || '%' instead of;

-- title: a value inside a LIKE pattern in MySQL
-- dialect: mysql
SELECT * FROM t WHERE a LIKE '${filter.name}%';
ERROR query_refused write LIKE CONCAT(${filter.name}, '%') instead of;

-- title: a value inside a longer string
SELECT * FROM t WHERE a = 'x ${drill.value} y';
ERROR query_refused stands inside quotes;

-- title: a placeholder in a comment
SELECT * FROM t -- for ${drill.value}
WHERE 1=1;
ERROR query_refused line 1, column 24: ${drill.value} stands inside a comment;

-- title: a placeholder in a dollar-quoted string
-- dialect: postgres
SELECT $$ ${drill.value} $$;
ERROR query_refused stands inside quotes;

-- title: a placeholder in a quoted name
SELECT "${drill.field}" FROM t;
ERROR query_refused stands inside a quoted name; write it without the quotes;

-- title: an unknown placeholder, with the nearest
SELECT * FROM t
 WHERE a = ${drill.valeu};
ERROR unknown_placeholder line 2, column 12: ${drill.valeu} is not a placeholder; the nearest is ${drill.value};

-- title: the wrong case
SELECT ${DRILL.VALUE};
ERROR unknown_placeholder the nearest is ${drill.value};

-- title: a bare word
SELECT * FROM t WHERE c = ${country};
ERROR unknown_placeholder the nearest is ${filter.<name>};

-- title: space inside the braces
SELECT * FROM t WHERE c = ${ drill.value };
ERROR unknown_placeholder the nearest is ${drill.value};

-- title: not closed
SELECT * FROM t WHERE c = ${drill.value;
ERROR unknown_placeholder ${drill.value is not closed with };

-- title: one inside another
SELECT ${filter.${drill.value}};
ERROR unknown_placeholder line 1, column 8;

-- title: a value as an alias
SELECT 1 AS ${drill.value};
ERROR query_refused line 1, column 13: ${drill.value} cannot stand here;

-- title: a value as a table
SELECT * FROM ${filter.table};
ERROR query_refused ${filter.table} cannot stand here;

-- title: a level as a table
SELECT * FROM ${drill.field};
ERROR query_refused ${drill.field} cannot stand here;

-- title: a level as a function
SELECT ${drill.field}(1) FROM t;
ERROR query_refused ${drill.field} cannot stand here;

-- title: a value after a table's name
SELECT t.${drill.value} FROM t;
ERROR query_refused cannot follow a table's name;

-- title: a value as a sort key
SELECT * FROM t ORDER BY ${filter.a} DESC;
ERROR query_refused is a value; it cannot be a condition, a column or a sort key;

-- title: a value as a group key
SELECT 1 FROM t GROUP BY ${filter.a};
ERROR query_refused is a value;

-- title: a value as a condition
SELECT * FROM t WHERE a = 1 AND ${filter.a};
ERROR query_refused is a value;

-- title: a value as a unit
SELECT date_trunc(${filter.unit}, d) FROM t;
ERROR query_refused ${filter.unit} cannot stand here;

-- title: a list without parentheses
SELECT * FROM t WHERE a IN ${filter.a};
ERROR query_refused after IN needs parentheses;

-- title: a clause among the columns
SELECT ${drill.where} FROM t;
ERROR query_refused ${drill.where} follows a condition;

-- title: a clause without a WHERE
SELECT * FROM t ${drill.where};
ERROR query_refused line 1, column 18: the SQL cannot be read near AND; ${drill.where} follows a condition, as in WHERE 1=1;

-- title: a clause after a sort key
SELECT * FROM t ORDER BY a ${drill.where};
ERROR query_refused belongs after a condition;

-- title: a clause in the middle of a BETWEEN
SELECT * FROM t WHERE a BETWEEN 1 ${drill.where} AND 5;
ERROR query_refused belongs after a condition;

-- title: a clause after an OR without parentheses would filter half of it
SELECT * FROM t WHERE a = 1 OR b = 2 ${drill.where};
ERROR query_refused follows a condition with OR; put that condition in parentheses;

-- title: a clause under a NOT
SELECT * FROM t WHERE NOT (a = 1 ${drill.where});
ERROR query_refused belongs after a condition;

-- title: a raw marker beside a placeholder
SELECT ? FROM t WHERE a = ${drill.value};
ERROR query_refused line 1, column 8: write ${...} placeholders instead of ?;

-- title: a second statement
SELECT * FROM t WHERE a = ${drill.value}; DROP TABLE t;
ERROR query_refused write exactly one statement; this is 2;

-- title: a parse error keeps its place after placeholders
SELECT ${drill.field} FROM t WHERE a = ${drill.value} AND b = = 1;
ERROR query_refused line 1, column 63: the SQL cannot be read near =;
