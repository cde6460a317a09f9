-- title: group by the column
SELECT region, SUM(amt) AS s FROM sales GROUP BY region ORDER BY 1

-- title: a union of all
SELECT region, amt FROM sales UNION ALL SELECT region, amt * 2 FROM sales ORDER BY 1, 2

-- title: one number
SELECT SUM(amt) FROM sales

-- title: grouped by another column
SELECT product, COUNT(*) AS n FROM sales GROUP BY product ORDER BY 1

-- title: a CTE of another name
WITH x AS (SELECT product, SUM(amt) AS s FROM sales GROUP BY product) SELECT * FROM x ORDER BY 1

-- title: a CTE that takes the table's own name
WITH sales AS (SELECT * FROM sales WHERE amt > 1) SELECT COUNT(*) FROM sales

-- title: a join with aliases
SELECT p.name, SUM(s.amt) FROM sales s JOIN products p ON p.id = s.product GROUP BY 1 ORDER BY 1

-- title: a join without aliases, columns qualified by the table
SELECT products.name, SUM(sales.amt) FROM sales JOIN products ON products.id = sales.product GROUP BY 1 ORDER BY 1

-- title: a renamed column
SELECT region AS r, amt FROM sales ORDER BY 1, 2

-- title: an alias that shadows
SELECT UPPER(region) AS region, SUM(amt) FROM sales GROUP BY 1 ORDER BY 1

-- title: a scalar denominator
SELECT SUM(amt) * 1.0 / (SELECT SUM(amt) FROM sales) FROM sales WHERE product = 1

-- title: NOT EXISTS
SELECT p.name FROM products p WHERE NOT EXISTS (SELECT 1 FROM sales s WHERE s.product = p.id) ORDER BY 1

-- title: a LEFT JOIN anti-join
SELECT p.name FROM products p LEFT JOIN sales s ON s.product = p.id WHERE s.id IS NULL ORDER BY 1

-- title: top N
SELECT id, amt FROM sales ORDER BY amt DESC, id LIMIT 2

-- title: share of total by a window
SELECT id, amt * 1.0 / SUM(amt) OVER () FROM sales ORDER BY 1

-- title: a rank
SELECT id, RANK() OVER (ORDER BY amt DESC) FROM sales ORDER BY 1

-- title: ROLLUP
SELECT product, SUM(amt) FROM sales GROUP BY ROLLUP (product) ORDER BY 1 NULLS LAST

-- title: FROM first
FROM sales SELECT COUNT(*)

-- title: a qualified table
SELECT COUNT(*) FROM main.sales

-- title: a qualified table with quotes
SELECT "Sales".amt FROM "main"."sales" AS "Sales" ORDER BY 1

-- title: a pivot statement
SELECT * FROM (PIVOT sales ON product IN (1, 2) USING sum(amt) GROUP BY region) ORDER BY region

-- title: a pivot in FROM
SELECT * FROM sales PIVOT (sum(amt) FOR product IN (1, 2)) ORDER BY ALL

-- title: a lateral join
SELECT p.name, x.n FROM products p, LATERAL (SELECT COUNT(*) AS n FROM sales s WHERE s.product = p.id) x ORDER BY 1

-- title: commas
SELECT COUNT(*) FROM sales a, sales b WHERE a.region = b.region

-- title: two tables that have the column
SELECT t.region, t.goal, SUM(s.amt) FROM targets t LEFT JOIN sales s USING (region) GROUP BY ALL ORDER BY ALL

-- title: a recursive CTE
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < (SELECT COUNT(*) FROM sales)) SELECT MAX(i) FROM n
