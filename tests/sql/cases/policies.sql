-- title: the table itself
SELECT * FROM sales
-- title: some of its columns
SELECT id, region, owner FROM sales
-- title: an alias
SELECT s.* FROM sales s
-- title: an alias that is the name of another table
SELECT products.* FROM sales AS products
-- title: an alias with names for the columns
SELECT * FROM sales AS s(a, b, c, d, e)
-- title: in its schema
SELECT * FROM {schema}.sales
-- title: in its schema, with an alias
SELECT x.owner FROM {schema}.sales x
-- title: columns written with the schema
SELECT {schema}.sales.owner FROM {schema}.sales
-- title: quoted
SELECT * FROM "sales"
-- title: quoted in its schema
SELECT * FROM "{schema}"."sales"
-- title: in other letters
SELECT * FROM SaLeS
-- title: quoted in other letters
SELECT * FROM "SALES"
-- title: with a comment inside of the name
SELECT * FROM {schema} /* sales */ . /* products */ sales
-- title: with a line comment after FROM
SELECT * FROM -- products
 sales
-- title: a comment that hides a condition
SELECT * FROM sales /* WHERE region = 'N' */
-- title: a string in the place of a table
SELECT * FROM 'sales'
-- title: a condition that holds always
SELECT * FROM sales WHERE 1=1 OR region = 'S'
-- title: a condition that asks for the others
SELECT * FROM sales WHERE region <> 'N'
-- title: a condition that asks for null
SELECT * FROM sales WHERE region IS NULL
-- title: a sub-query
SELECT * FROM (SELECT * FROM sales) q
-- title: a sub-query in a sub-query
SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM sales) a) b) c
-- title: parentheses around the table
SELECT * FROM ((sales))
-- title: a WITH
WITH q AS (SELECT * FROM sales) SELECT * FROM q
-- title: a WITH of the table's own name
WITH sales AS (SELECT * FROM sales) SELECT * FROM sales
-- title: a WITH of the table's name, and the table in its schema
WITH sales AS (SELECT 1 AS n) SELECT s.* FROM {schema}.sales s, sales
-- title: a WITH that stands after the one that reads the table
WITH a AS (SELECT * FROM sales), sales AS (SELECT 1 AS n) SELECT * FROM a
-- title: a WITH inside of a sub-query, the table outside
SELECT sales.* FROM (WITH sales AS (SELECT 1 AS n) SELECT n FROM sales) q, sales
-- title: a WITH in one arm of a union, the table in the other
(WITH sales AS (SELECT 'N' AS region, 'ann-0001' AS owner) SELECT region, owner FROM sales) UNION ALL SELECT region, owner FROM sales
-- title: a recursive WITH of the table's name
WITH RECURSIVE sales AS (SELECT * FROM sales) SELECT * FROM sales
-- title: a recursive WITH of the table's name that is a union
WITH RECURSIVE sales(id, region, amt, owner, note) AS (SELECT * FROM {schema}.sales UNION SELECT * FROM sales) SELECT * FROM sales
-- title: a recursive WITH with another name
WITH RECURSIVE r AS (SELECT id, region, owner FROM sales UNION SELECT s.id, s.region, s.owner FROM sales s JOIN r ON s.id = r.id + 1) SELECT * FROM r
-- title: a WITH in other letters
WITH "SALES" AS (SELECT 1 AS n) SELECT * FROM sales
-- title: a WITH quoted, the table not
WITH "Sales" AS (SELECT 'N' AS region) SELECT * FROM Sales
-- title: a materialized WITH
WITH q AS MATERIALIZED (SELECT * FROM sales) SELECT * FROM q
-- title: UNION
SELECT region, owner FROM sales WHERE 1=0 UNION SELECT region, owner FROM sales
-- title: UNION ALL with what needs no table
SELECT 'N', 'ann-0001' UNION ALL SELECT region, owner FROM sales
-- title: EXCEPT what is allowed
SELECT region, owner FROM sales EXCEPT SELECT region, owner FROM sales WHERE region = 'N'
-- title: INTERSECT
SELECT owner FROM sales INTERSECT SELECT owner FROM sales
-- title: a join with itself
SELECT b.* FROM sales a JOIN sales b ON a.id <> b.id
-- title: a left join
SELECT s.owner FROM products p LEFT JOIN sales s ON true
-- title: a full join
SELECT s.owner FROM products p FULL JOIN sales s ON s.id = p.id
-- title: a cross join by a comma
SELECT s.owner FROM products, sales s
-- title: a natural join
SELECT owner FROM sales NATURAL JOIN products
-- title: a join in parentheses
SELECT owner FROM (sales JOIN products USING (id))
-- title: joins in joins
SELECT s.owner FROM products p JOIN (targets t JOIN sales s ON true) ON true
-- title: LATERAL
SELECT x.owner FROM products p, LATERAL (SELECT * FROM sales s WHERE s.id >= p.id) x
-- title: LATERAL with a column of the policy's name outside
SELECT x.owner FROM (SELECT 'S' AS region) p, LATERAL (SELECT * FROM sales) x
-- title: a column of the policy's name in a correlated sub-query
SELECT (SELECT max(owner) FROM sales) FROM (SELECT 'S' AS region) AS tesela
-- title: a correlated sub-query
SELECT (SELECT max(s.owner) FROM sales s WHERE s.id <> p.id) FROM products p
-- title: EXISTS
SELECT 'bob-0002' AS found FROM products WHERE EXISTS (SELECT 1 FROM sales WHERE region = 'S')
-- title: NOT EXISTS
SELECT s.owner FROM sales s WHERE NOT EXISTS (SELECT 1 FROM products p WHERE p.id = s.id + 1000)
-- title: IN a sub-query
SELECT 'bob-0002' AS found FROM products WHERE 'bob-0002' IN (SELECT owner FROM sales)
-- title: IN the table
SELECT 'bob-0002' AS found FROM products WHERE 'bob-0002' IN sales
-- title: = ANY
SELECT 'bob-0002' AS found FROM products WHERE 'bob-0002' = ANY (SELECT owner FROM sales)
-- title: a sub-query in ORDER BY
SELECT owner FROM sales ORDER BY (SELECT max(owner) FROM sales)
-- title: a sub-query in LIMIT
SELECT owner FROM sales LIMIT (SELECT count(*) FROM sales)
-- title: a sub-query in CASE
SELECT CASE WHEN (SELECT count(*) FROM sales WHERE region = 'S') > 0 THEN 'bob-0002' END AS found
-- title: a window
SELECT owner, first_value(owner) OVER (ORDER BY region DESC), lag(owner) OVER (ORDER BY id) FROM sales
-- title: an aggregate of texts
SELECT string_agg(owner, ',') FROM sales
-- title: an aggregate into a list
SELECT array_agg(owner) FROM sales
-- title: a smallest and a largest value
SELECT min(owner), max(owner) FROM sales
-- title: GROUP BY and HAVING
SELECT owner FROM sales GROUP BY owner HAVING count(*) > 0
-- title: grouping sets
SELECT owner, region FROM sales GROUP BY GROUPING SETS ((owner), (region))
-- title: DISTINCT
SELECT DISTINCT owner FROM sales
-- title: the whole row
SELECT sales FROM sales
-- title: the whole row by an alias
SELECT s FROM sales s
-- title: the whole row as JSON
SELECT to_json(s) FROM sales s
-- title: the whole row as JSON, by the old function
SELECT row_to_json(s) FROM sales s
-- title: the whole row as text
SELECT CAST(s AS VARCHAR) FROM sales s
-- title: a value of the row
SELECT (s).owner FROM sales s
-- title: a cast that fails on the rows that are hidden
SELECT owner FROM sales WHERE CAST(note AS INT) > 0
-- title: a division that fails on the rows that are hidden
SELECT owner FROM sales WHERE 1 / (amt - 20) < 5
-- title: a cast in a sub-query below
SELECT n FROM (SELECT CAST(note AS INT) AS n FROM sales) q WHERE n < 100
-- title: a cast to a date
SELECT owner FROM sales WHERE CAST(note AS DATE) IS NULL
-- title: VALUES beside the table
SELECT * FROM (VALUES ('S')) v(region), sales
-- title: an unqualified star over two tables
SELECT * FROM products, sales
-- title: FETCH
SELECT owner FROM sales ORDER BY region DESC FETCH FIRST 10 ROWS ONLY
-- title: OFFSET
SELECT owner FROM sales ORDER BY id OFFSET 1
-- title: the name that the sub-selects use
SELECT tesela_row.owner FROM sales tesela_row
-- title: the name that the sub-selects use, outside
SELECT * FROM (SELECT 'S' AS region) tesela_row, LATERAL (SELECT * FROM sales) x
-- title: TABLE
TABLE sales
-- title: TABLE in parentheses
SELECT * FROM (TABLE sales) t
-- title: a view
SELECT * FROM all_sales
-- title: a view in its schema
SELECT * FROM {schema}.all_sales
-- title: a view in a sub-query
SELECT owner FROM products, LATERAL (SELECT owner FROM all_sales) v
-- title: a system table of statistics
SELECT * FROM pg_stats
-- title: a system table of statistics in its schema
SELECT most_common_vals FROM pg_catalog.pg_stats
-- title: the system's list of tables
SELECT * FROM information_schema.tables
-- title: the system's list of columns
SELECT column_name FROM information_schema.columns
-- title: a table that is not there
SELECT * FROM nothing_of_the_kind
-- title: a table of another schema
SELECT * FROM elsewhere.sales
-- title: SQL in a string
SELECT * FROM query('SELECT * FROM sales')
-- title: the name of a table in a string
SELECT * FROM query_table('sales')
-- title: a table as XML
SELECT query_to_xml('SELECT * FROM sales', true, true, '')
-- title: a table as XML by its name
SELECT table_to_xml('sales', true, true, '')
-- title: another server
SELECT * FROM dblink('dbname=x', 'SELECT * FROM sales') AS t(owner text)
-- title: a file of the server
SELECT pg_read_file('/etc/passwd')
-- title: a file as a table
SELECT * FROM read_csv('/etc/passwd')
-- title: a file's path as a table
SELECT * FROM '/etc/passwd'
-- title: statistics of a column
SELECT stats(owner) FROM sales
-- title: the text of the query
SELECT current_query() FROM sales
-- title: an error with a value in it
SELECT error(owner) FROM sales
-- title: a function of the database's owner
SELECT every_sale()
-- title: a function of the database's owner as a table
SELECT * FROM every_sale()
-- title: a function of the database's owner in its schema
SELECT {schema}.every_sale()
-- title: a function of the database's owner called by a dot
SELECT p.every_product FROM products p
-- title: an operator in a schema
SELECT owner OPERATOR({schema}.||) 'x' FROM sales
-- title: a macro as a table
SELECT * FROM every_sale_table()
-- title: a sample of the table
SELECT * FROM sales TABLESAMPLE SYSTEM (100)
-- title: USING SAMPLE
SELECT * FROM sales USING SAMPLE 100%
-- title: row ids
SELECT rowid FROM sales
-- title: places of rows
SELECT ctid, xmin, tableoid FROM sales
-- title: ONLY
SELECT * FROM ONLY sales
-- title: the table and what inherits from it
SELECT * FROM sales *
-- title: a part of the table
SELECT * FROM sales_part
-- title: a former state of the table
SELECT * FROM sales AT (VERSION => 1)
-- title: FROM first
FROM sales
-- title: FROM first with SELECT after
FROM sales SELECT owner
-- title: FROM first in a sub-query
SELECT (FROM sales SELECT max(owner))
-- title: a join by place
SELECT s.owner FROM products POSITIONAL JOIN sales s
-- title: a join by the nearest
SELECT s.owner FROM products p ASOF JOIN sales s ON p.id >= s.id
-- title: a semi join
SELECT 'bob-0002' AS found FROM products p SEMI JOIN (SELECT * FROM sales WHERE region = 'S') s ON true
-- title: PIVOT
PIVOT sales ON region USING max(owner)
-- title: PIVOT in parentheses
SELECT * FROM (PIVOT sales ON region IN ('N', 'S') USING max(owner))
-- title: PIVOT after the table
SELECT * FROM sales PIVOT (max(owner) FOR region IN ('N', 'S'))
-- title: UNPIVOT
UNPIVOT sales ON owner INTO NAME n VALUE v
-- title: UNPIVOT after the table
SELECT * FROM sales UNPIVOT (v FOR n IN (owner))
-- title: SUMMARIZE
SELECT * FROM (SUMMARIZE sales)
-- title: DESCRIBE
SELECT * FROM (DESCRIBE sales)
-- title: SHOW
SELECT * FROM (SHOW TABLES)
-- title: columns by a pattern
SELECT COLUMNS('o.*') FROM sales
-- title: a star without a column
SELECT * EXCLUDE (id) FROM sales
-- title: a star with another column
SELECT * REPLACE (owner AS region) FROM sales
-- title: UNION BY NAME
SELECT owner FROM products UNION ALL BY NAME SELECT owner FROM sales
-- title: an array of a sub-query
SELECT ARRAY(SELECT owner FROM sales)
-- title: rows from functions
SELECT * FROM ROWS FROM (every_sale_table()) r
-- title: a lambda over a list
SELECT list_transform(list(owner), x -> upper(x)) FROM sales
-- title: QUALIFY
SELECT owner FROM sales QUALIFY row_number() OVER (ORDER BY region DESC) = 1
-- title: GROUP BY ALL
SELECT owner, count(*) FROM sales GROUP BY ALL ORDER BY ALL
-- title: JSON of the rows
SELECT json_group_array(owner) FROM sales
-- title: two statements
SELECT 1; SELECT * FROM sales
-- title: COPY
COPY sales TO '/tmp/x.csv'
-- title: EXPLAIN
EXPLAIN ANALYZE SELECT * FROM sales
-- title: a condition with a mask guessed
SELECT count(*) FROM sales WHERE card = '4000123412341234'
-- title: a masked column in GROUP BY
SELECT card FROM sales GROUP BY card
-- title: a masked column by LIKE
SELECT owner FROM sales WHERE card LIKE '4000%'
-- title: a masked column in a join
SELECT c.card FROM cards c JOIN sales s ON s.card = c.card
-- title: a masked column through a sub-query
SELECT x FROM (SELECT card AS x FROM (SELECT * FROM sales) a) b
-- title: a table function beside the table
SELECT s.owner FROM generate_series(1, 3) g, sales s
-- title: unnest of a sub-query
SELECT u FROM (SELECT unnest(ARRAY(SELECT owner FROM sales)) AS u) q
-- title: a table called by a keyword in front
SELECT * FROM LATERAL (SELECT * FROM sales) l
-- title: VALUES with a sub-query
VALUES ((SELECT max(owner) FROM sales))
-- title: a set operation inside of a WITH
WITH q AS (SELECT owner FROM sales UNION ALL SELECT owner FROM {schema}.sales) SELECT * FROM q
-- title: nested WITHs of the table's name
WITH sales AS (WITH sales AS (SELECT * FROM {schema}.sales) SELECT * FROM sales) SELECT * FROM sales
-- title: a WITH of the table's name in a sub-query of itself
WITH q AS (SELECT * FROM (WITH sales AS (SELECT * FROM sales) SELECT * FROM sales) x) SELECT * FROM q, sales
-- title: the table in a condition of a join
SELECT p.id FROM products p JOIN targets t ON EXISTS (SELECT 1 FROM sales WHERE owner = 'bob-' || '0002')
-- title: the table in a filter of an aggregate
SELECT count(*) FILTER (WHERE EXISTS (SELECT 1 FROM sales WHERE amt > 1000)) * 9999 AS n FROM products
-- title: the table in a window's order
SELECT row_number() OVER (ORDER BY (SELECT max(amt) FROM sales)), (SELECT max(amt) FROM sales) FROM products
-- title: the table in GROUP BY
SELECT (SELECT max(owner) FROM sales) FROM products GROUP BY (SELECT max(owner) FROM sales)
-- title: a name with a space of another alphabet
SELECT * FROM sales s
-- title: a database's name in front
SELECT * FROM source.{schema}.sales
-- title: a database's name and the table
SELECT * FROM source.sales
-- title: a regclass of the table
SELECT CAST('sales' AS regclass)
-- title: the size of the table
SELECT pg_relation_size('sales')
-- title: rows that a cast of the whole row shows
SELECT CAST(sales AS text) FROM sales
-- title: a star by the name of the table in its schema
SELECT {schema}.sales.* FROM {schema}.sales
-- title: a struct of the row
SELECT struct_pack(o := owner) FROM sales
-- title: a row in comparison
SELECT owner FROM sales s WHERE s IS NOT NULL
-- title: a function of the database's owner in ORDER BY
SELECT id FROM products ORDER BY every_sale()
-- title: a function of the database's owner in a default of coalesce
SELECT coalesce(NULL, every_sale())
-- title: settings of the session
SELECT current_setting('search_path')
-- title: another search path
SELECT set_config('search_path', 'elsewhere', false)
-- title: a comment in a comment
SELECT * FROM /* /* */ products */ sales
-- title: a dollar-quoted string
SELECT $$sales$$ FROM sales
-- title: an escaped identifier
SELECT * FROM U&"s\0061les"
-- title: a star of a join by USING
SELECT * FROM sales a JOIN sales b USING (region)
-- title: an alias that is the policy's column
SELECT region FROM (SELECT 'N' AS region, owner FROM sales) q
-- title: DISTINCT ON
SELECT DISTINCT ON (region) region, owner FROM sales ORDER BY region DESC
-- title: within group
SELECT mode() WITHIN GROUP (ORDER BY owner DESC) FROM sales
