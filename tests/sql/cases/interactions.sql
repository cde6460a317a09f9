-- title: group by the column
SELECT region, sum(amt) AS total FROM sales GROUP BY region ORDER BY region;
-- drill
SELECT {level} AS region, sum(amt) AS total FROM sales WHERE {path} GROUP BY {level} ORDER BY {level};
-- cross
SELECT region, sum(amt) AS total FROM sales WHERE region = 'North' GROUP BY region;

-- title: group by a position, with an alias
SELECT region AS name, count(*) AS n FROM sales GROUP BY 1 ORDER BY 2 DESC, 1;
-- drill
SELECT {level} AS name, count(*) AS n FROM sales WHERE {path} GROUP BY 1 ORDER BY 2 DESC, 1;
-- cross
SELECT region AS name, count(*) AS n FROM sales WHERE region = 'North' GROUP BY 1;

-- title: group by an alias, another key, an odd case
SELECT s.REGION AS name, product, min(amt) AS least FROM sales AS s GROUP BY name, product ORDER BY name, product;
-- drill
SELECT {level} AS name, product, min(amt) AS least FROM sales WHERE {path} GROUP BY 1, 2 ORDER BY 1, 2;
-- cross
SELECT region AS name, product, min(amt) AS least FROM sales WHERE region = 'North' GROUP BY 1, 2 ORDER BY 2;

-- title: a condition on the column stays
SELECT region, sum(amt) AS total FROM sales WHERE region <> 'South' OR amt > 1000 GROUP BY region ORDER BY 1;
-- drill
SELECT {level} AS region, sum(amt) AS total FROM sales WHERE (region <> 'South' OR amt > 1000) AND {path} GROUP BY 1 ORDER BY 1;
-- cross
SELECT region, sum(amt) AS total FROM sales WHERE region = 'North' GROUP BY region;

-- title: an inner join
SELECT region, maker, sum(amt) AS total FROM sales JOIN products ON products.id = sales.product GROUP BY region, maker ORDER BY 1, 2;
-- drill
SELECT {level} AS region, maker, sum(amt) AS total FROM sales JOIN products ON products.id = product WHERE {path} GROUP BY 1, 2 ORDER BY 1, 2;
-- cross
SELECT region, maker, sum(amt) AS total FROM sales JOIN products ON products.id = product WHERE region = 'North' GROUP BY 1, 2 ORDER BY 2;

-- title: a left join that keeps the sales
SELECT s.region, p.maker, count(*) AS n FROM sales s LEFT JOIN products p ON p.id = s.product AND p.maker = 'a' GROUP BY s.region, p.maker ORDER BY s.region, p.maker;
-- drill
SELECT {level} AS region, maker, count(*) AS n FROM sales LEFT JOIN products p ON p.id = product AND maker = 'a' WHERE {path} GROUP BY 1, 2 ORDER BY 1, 2;
-- cross
SELECT region, maker, count(*) AS n FROM sales LEFT JOIN products p ON p.id = product AND maker = 'a' WHERE region = 'North' GROUP BY 1, 2 ORDER BY 2;

-- title: a left join that may leave the sales empty
SELECT s.region, count(*) AS n FROM products p LEFT JOIN sales s ON p.id = s.product GROUP BY s.region ORDER BY 1;
-- refused: joined so that its columns may be empty
-- cross
SELECT s.region, count(*) AS n FROM products p LEFT JOIN (SELECT * FROM sales WHERE region = 'North') s ON p.id = s.product GROUP BY s.region ORDER BY 1;

-- title: an anti-join
SELECT p.name FROM products p LEFT JOIN sales s ON s.product = p.id WHERE s.id IS NULL ORDER BY 1;
-- refused: does not select region by itself
-- cross
SELECT name FROM products WHERE id NOT IN (SELECT product FROM sales WHERE region = 'North') ORDER BY 1;

-- title: NOT EXISTS beside the grouping
SELECT region, count(*) AS n FROM sales s WHERE NOT EXISTS (SELECT 1 FROM returned r WHERE r.sale = s.id) GROUP BY region ORDER BY 1;
-- drill
SELECT {level} AS region, count(*) AS n FROM sales WHERE id NOT IN (SELECT sale FROM returned) AND {path} GROUP BY 1 ORDER BY 1;
-- cross
SELECT region, count(*) AS n FROM sales WHERE id NOT IN (SELECT sale FROM returned) AND region = 'North' GROUP BY 1;

-- title: a scalar sub-query
SELECT region, sum(amt) * 1000 / (SELECT sum(amt) FROM sales) AS share FROM sales GROUP BY region ORDER BY 1;
-- drill
SELECT {level} AS region, sum(amt) * 1000 / (SELECT sum(amt) FROM sales) AS share FROM sales WHERE {path} GROUP BY 1 ORDER BY 1;
-- cross
SELECT region, sum(amt) * 1000 / sum(amt) AS share FROM sales WHERE region = 'North' GROUP BY 1;

-- title: HAVING on a measure
SELECT region, sum(amt) AS total FROM sales GROUP BY region HAVING sum(amt) > 20 ORDER BY total DESC, region;
-- drill
SELECT {level} AS region, sum(amt) AS total FROM sales WHERE {path} GROUP BY 1 HAVING sum(amt) > 20 ORDER BY 2 DESC, 1;
-- cross
SELECT region, sum(amt) AS total FROM sales WHERE region = 'North' GROUP BY 1 HAVING sum(amt) > 20;

-- title: HAVING on the column
SELECT region, sum(amt) AS total FROM sales GROUP BY region HAVING region IS NOT NULL ORDER BY 1;
-- refused: inside an expression, a window or HAVING
-- cross
SELECT region, sum(amt) AS total FROM sales WHERE region = 'North' GROUP BY 1;

-- title: DISTINCT
SELECT DISTINCT region, product FROM sales ORDER BY region, product;
-- drill
SELECT DISTINCT {level} AS region, product FROM sales WHERE {path} ORDER BY 1, 2;
-- cross
SELECT DISTINCT region, product FROM sales WHERE region = 'North' ORDER BY 2;

-- title: DISTINCT ON
SELECT DISTINCT ON (region) region, amt FROM sales ORDER BY region, amt DESC;
-- refused: DISTINCT ON
-- cross
SELECT region, max(amt) AS amt FROM sales WHERE region = 'North' GROUP BY 1;

-- title: a window over the groups
SELECT region, sum(amt) AS total, rank() OVER (ORDER BY sum(amt) DESC) AS place FROM sales GROUP BY region ORDER BY place, region;
-- drill
SELECT {level} AS region, sum(amt) AS total, rank() OVER (ORDER BY sum(amt) DESC) AS place FROM sales WHERE {path} GROUP BY 1 ORDER BY 3, 1;
-- cross
SELECT region, sum(amt) AS total, 1 AS place FROM sales WHERE region = 'North' GROUP BY 1;

-- title: a window by the column
SELECT region, product, sum(amt) AS total, rank() OVER (PARTITION BY region ORDER BY sum(amt) DESC) AS place FROM sales GROUP BY 1, 2 ORDER BY 1, 4, 2;
-- refused: inside an expression, a window or HAVING
-- cross
SELECT region, product, sum(amt) AS total, rank() OVER (ORDER BY sum(amt) DESC) AS place FROM sales WHERE region = 'North' GROUP BY 1, 2 ORDER BY 4, 2;

-- title: date_trunc
SELECT date_trunc('month', day)::date AS month, region, sum(amt) AS total FROM sales GROUP BY 1, 2 ORDER BY 1, 2;
-- drill
SELECT date_trunc('month', day)::date AS month, {level} AS region, sum(amt) AS total FROM sales WHERE {path} GROUP BY 1, 2 ORDER BY 1, 2;
-- cross
SELECT date_trunc('month', day)::date AS month, region, sum(amt) AS total FROM sales WHERE region = 'North' GROUP BY 1, 2 ORDER BY 1;

-- title: LIMIT
SELECT region, sum(amt) AS total FROM sales GROUP BY region ORDER BY total DESC, region LIMIT 2;
-- drill
SELECT {level} AS region, sum(amt) AS total FROM sales WHERE {path} GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 2;
-- cross
SELECT region, sum(amt) AS total FROM sales WHERE region = 'North' GROUP BY 1;

-- title: ROLLUP
SELECT region, product, sum(amt) AS total FROM sales GROUP BY ROLLUP (region, product) ORDER BY sum(amt), region, product;
-- drill
SELECT {level} AS region, product, sum(amt) AS total FROM sales WHERE {path} GROUP BY ROLLUP ({level}, product) ORDER BY 3, 1, 2;
-- cross
SELECT region, product, sum(amt) AS total FROM sales WHERE region = 'North' GROUP BY ROLLUP (region, product) ORDER BY 3, 1, 2;

-- title: GROUPING SETS
SELECT region, product, sum(amt) AS total FROM sales GROUP BY GROUPING SETS ((region), (product)) ORDER BY sum(amt), region, product;
-- drill
SELECT {level} AS region, product, sum(amt) AS total FROM sales WHERE {path} GROUP BY GROUPING SETS (({level}), (product)) ORDER BY 3, 1, 2;
-- cross
SELECT region, product, sum(amt) AS total FROM sales WHERE region = 'North' GROUP BY GROUPING SETS ((region), (product)) ORDER BY 3, 1, 2;

-- title: a CTE that hands the levels on
WITH big AS (SELECT * FROM sales WHERE amt > 3) SELECT region, sum(amt) AS total FROM big GROUP BY region ORDER BY region;
-- drill
SELECT {level} AS region, sum(amt) AS total FROM sales WHERE amt > 3 AND {path} GROUP BY 1 ORDER BY 1;
-- cross
SELECT region, sum(amt) AS total FROM sales WHERE amt > 3 AND region = 'North' GROUP BY 1;

-- title: a CTE that groups
WITH by_region AS (SELECT region, sum(amt) AS total FROM sales GROUP BY region) SELECT region, total, total * 1000 / sum(total) OVER () AS share FROM by_region ORDER BY total DESC, region;
-- drill
SELECT {level} AS region, sum(amt) AS total, sum(amt) * 1000 / sum(sum(amt)) OVER () AS share FROM sales WHERE {path} GROUP BY 1 ORDER BY 2 DESC, 1;
-- cross
SELECT region, sum(amt) AS total, sum(amt) * 1000 / sum(amt) AS share FROM sales WHERE region = 'North' GROUP BY 1;

-- title: a CTE that is read twice
WITH by_region AS (SELECT region, sum(amt) AS total FROM sales GROUP BY region) SELECT a.region, a.total, (SELECT max(total) FROM by_region) AS best FROM by_region a ORDER BY 1;
-- refused: read more than once
-- cross
SELECT region, sum(amt) AS total, sum(amt) AS best FROM sales WHERE region = 'North' GROUP BY 1;

-- title: a sub-select with a limit of its own
SELECT region, sum(amt) AS total FROM (SELECT * FROM sales ORDER BY amt DESC, id LIMIT 5) AS biggest GROUP BY region ORDER BY region;
-- drill
SELECT {level} AS region, sum(amt) AS total FROM sales WHERE id IN (SELECT id FROM sales ORDER BY amt DESC, id LIMIT 5) AND {path} GROUP BY 1 ORDER BY 1;
-- cross
SELECT 'North' AS region, sum(amt) AS total FROM (SELECT amt FROM sales WHERE region = 'North' ORDER BY amt DESC, id LIMIT 5) AS best;

-- title: two steps of grouping
SELECT region, max(total) AS best FROM (SELECT region, product, sum(amt) AS total FROM sales GROUP BY region, product) AS each_one GROUP BY region ORDER BY region;
-- drill
SELECT name AS region, max(total) AS best FROM (SELECT {level} AS name, product, sum(amt) AS total FROM sales WHERE {path} GROUP BY 1, 2) AS t GROUP BY 1 ORDER BY 1;
-- cross
SELECT 'North' AS region, max(total) AS best FROM (SELECT product, sum(amt) AS total FROM sales WHERE region = 'North' GROUP BY 1) AS t;

-- title: a UNION
SELECT region, sum(amt) AS total FROM sales GROUP BY region UNION ALL SELECT region, goal FROM targets ORDER BY 1, 2;
-- refused: UNION
-- cross
SELECT region, sum(amt) AS total FROM sales WHERE region = 'North' GROUP BY 1 UNION ALL SELECT region, goal FROM targets WHERE region = 'North' ORDER BY 1, 2;

-- title: a UNION further in
SELECT region, sum(amt) AS total FROM (SELECT region, country, city, amt FROM sales UNION ALL SELECT region, country, city, 1 FROM sales) AS twice GROUP BY region ORDER BY 1;
-- drill
SELECT {level} AS region, sum(amt + 1) AS total FROM sales WHERE {path} GROUP BY 1 ORDER BY 1;
-- cross
SELECT region, sum(amt + 1) AS total FROM sales WHERE region = 'North' GROUP BY 1;

-- title: a lateral join
SELECT s.region, sum(x.bonus) AS bonus FROM sales s CROSS JOIN LATERAL (SELECT s.amt * 2 AS bonus) x GROUP BY s.region ORDER BY s.region;
-- drill
SELECT {level} AS region, sum(amt * 2) AS bonus FROM sales WHERE {path} GROUP BY 1 ORDER BY 1;
-- cross
SELECT region, sum(amt * 2) AS bonus FROM sales WHERE region = 'North' GROUP BY 1;

-- title: two tables that have the column
SELECT s.region, sum(amt) AS total, max(goal) AS goal FROM sales s JOIN targets t ON t.region = s.region GROUP BY s.region ORDER BY 1;
-- drill
SELECT {level} AS region, sum(amt) AS total, max(goal) AS goal FROM (SELECT sales.*, goal FROM sales JOIN targets t USING (region)) AS s WHERE {path} GROUP BY 1 ORDER BY 1;
-- cross
SELECT s.region, sum(amt) AS total, max(goal) AS goal FROM sales s JOIN targets t ON t.region = s.region WHERE s.region = 'North' GROUP BY 1;

-- title: two tables that have the column, merged
SELECT region, sum(amt) AS total, max(goal) AS goal FROM sales JOIN targets USING (region) GROUP BY region ORDER BY 1;
-- refused: a column of several tables
-- cross
SELECT s.region, sum(amt) AS total, max(goal) AS goal FROM sales s JOIN targets t ON t.region = s.region WHERE s.region = 'North' GROUP BY 1;

-- title: the column inside an expression
SELECT upper(region) AS region, sum(amt) AS total FROM sales GROUP BY 1 ORDER BY 1;
-- refused: does not select region by itself
-- cross
SELECT 'NORTH' AS region, sum(amt) AS total FROM sales WHERE region = 'North';

-- title: rows that are not grouped
SELECT region, amt FROM sales ORDER BY id;
-- refused: does not group by region
-- cross
SELECT region, amt FROM sales WHERE region = 'North' ORDER BY id;

-- title: one number
SELECT sum(amt) AS total FROM sales;
-- refused: does not select region by itself
-- cross
SELECT sum(amt) AS total FROM sales WHERE region = 'North';

-- title: filters of its own, comments, a semicolon
SELECT region /* where */, sum(amt) AS total -- all
FROM sales -- the sales
WHERE 1=1 ${filters.where} AND product IN (${filter.products}) GROUP BY region ORDER BY region; -- end
-- drill
SELECT {level} AS region, sum(amt) AS total FROM sales WHERE {path} GROUP BY 1 ORDER BY 1;
-- cross
SELECT region, sum(amt) AS total FROM sales WHERE region = 'North' GROUP BY 1;

-- title: QUALIFY
-- only: duckdb
SELECT region, product, sum(amt) AS total FROM sales GROUP BY region, product QUALIFY row_number() OVER (ORDER BY sum(amt) DESC, product) <= 3 ORDER BY total DESC, product;
-- drill
SELECT {level} AS region, product, sum(amt) AS total FROM sales WHERE {path} GROUP BY 1, 2 ORDER BY 3 DESC, 2 LIMIT 3;
-- cross
SELECT region, product, sum(amt) AS total FROM sales WHERE region = 'North' GROUP BY 1, 2 ORDER BY 3 DESC, 2 LIMIT 3;

-- title: FROM first
-- only: duckdb
FROM sales SELECT region, sum(amt) AS total WHERE amt > 2 GROUP BY ALL ORDER BY ALL;
-- drill
SELECT {level} AS region, sum(amt) AS total FROM sales WHERE amt > 2 AND {path} GROUP BY 1 ORDER BY 1, 2;
-- cross
SELECT region, sum(amt) AS total FROM sales WHERE amt > 2 AND region = 'North' GROUP BY 1;
