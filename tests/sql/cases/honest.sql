-- dialect: duckdb
select carrier, count(*) as n, avg(dep_delay) filter (where dep_delay > 0) from flights group by all order by n desc limit 10

-- dialect: duckdb
with recursive t(n) as (select 1 union all select n + 1 from t where n < 10) select * from t

-- dialect: duckdb
select *, row_number() over (partition by carrier order by dep_delay desc nulls last) as rn from flights qualify rn <= 3

-- dialect: duckdb
select * from flights, lateral (select 1 as x) l

-- dialect: duckdb
from flights select carrier, sum(distance) group by 1

-- dialect: duckdb
pivot flights on month using count(*) group by carrier

-- dialect: duckdb
select * from (pivot flights on month using count(*))

-- dialect: duckdb
unpivot t on a, b into name n value v

-- dialect: duckdb
select unnest([1,2,3]) as x, unnest(range(3))

-- dialect: duckdb
select * from range(10) r(i), generate_series(1, 3)

-- dialect: duckdb
select date_trunc('month', time_hour), count(*) from flights group by grouping sets ((1), ())

-- dialect: duckdb
select * from flights where name ilike '%a%' and tail similar to 'N.*' and x not in (1,2) and y between 1 and 2

-- dialect: duckdb
select '$1 ? :x @y %s ${' || 'x' as "a ? $1 :b"

-- dialect: duckdb
select 1 -- what is this ? $1 :x /* not open

-- dialect: duckdb
select 1 /* ? $1 :x -- */ + 2

-- dialect: duckdb
select x::int, try_cast(y as date), cast(z as decimal(10,2)), [1,2][1], {'a': 1}.a, map {'a': 1}

-- dialect: duckdb
select list_transform([1,2], lambda x: x + 1), list_filter([1], lambda x: x > 0)

-- dialect: duckdb
select * exclude (a) replace (b + 1 as b) from t

-- dialect: duckdb
select columns('a.*') from t

-- dialect: duckdb
select * from t asof join q using (id, ts)

-- dialect: duckdb
select * from a positional join b

-- dialect: duckdb
select arg_max(a, b), quantile_cont(x, 0.5), approx_count_distinct(y), mode(z), string_agg(a, ',' order by a) from t

-- dialect: duckdb
select interval 1 day + date '2020-01-01', time_bucket(interval '1 hour', ts) from t

-- dialect: duckdb
select j->'a'->>'b', j.a, json_extract_string(j, '$.x') from t

-- dialect: duckdb
select * from t using sample 10%

-- dialect: duckdb
values (1,'a'),(2,'b')

-- dialect: duckdb
select a[1:2], a[:2], a[-1:] from t

-- dialect: duckdb
select case when a > 1 then 'x' else 'y' end as k, coalesce(a, b), nullif(a, 0), a // b, a % b, a ** 2 from t

-- dialect: duckdb
select * from t semi join u using (id)

-- dialect: duckdb
select x: 1, y: 2

-- dialect: duckdb
select sum(x) over w from t window w as (order by y rows between unbounded preceding and current row)

-- dialect: duckdb
select percentile_cont(0.5) within group (order by x) from t

-- dialect: duckdb
select $$it's$$ as s

-- dialect: duckdb
(select 1) union all (select 2) intersect select 3 except select 4

-- dialect: duckdb
select distinct on (a) a, b from t order by a, b desc

-- dialect: duckdb
select count(distinct a), any_value(b), max_by(a,b), histogram(x) from t

-- dialect: duckdb
select strftime(d, '%Y-%m'), extract(year from d), datediff('day', a, b), age(d), epoch(d), current_date, now(), today() from t

-- dialect: duckdb
table flights

-- dialect: duckdb
select * from flights limit 10 offset 5;

-- dialect: duckdb
select regexp_replace(a, '\d+', ''), a ~ 'x', a like 'x\_%' escape '\' from t

-- dialect: duckdb
select t.* from t where (a, b) in (select c, d from u) and exists (select 1 from v where v.id = t.id) and a > all (select 1)

-- dialect: duckdb
select struct_pack(a := 1), row(1,2), list_value(1), struct_extract(s, 'a') from t

-- dialect: duckdb
select if(a, 1, 2), ifnull(a, 0), iff(a,1,2) from t

-- dialect: duckdb
select [x * 2 for x in [1,2,3] if x > 1]

-- dialect: duckdb
with t as materialized (select 1 as a) select * from t

-- dialect: duckdb
select count(*) from information_schema.tables

-- dialect: duckdb
select * from "my schema"."my table" where "a b" = 1

-- dialect: postgres
select a -> 'b' ->> 'c', a #>> '{x,y}', a @> '{"a":1}', a ? 'k', a ?| array['x'], a ?& array['y'] from t

-- dialect: postgres
select generate_series(1, 10), unnest(array[1,2])

-- dialect: postgres
select * from t left join lateral (select * from u where u.id = t.id limit 1) x on true

-- dialect: postgres
select date_trunc('week', ts at time zone 'Europe/Madrid'), count(*) filter (where ok) from t group by rollup (1), cube (2)

-- dialect: postgres
select * from jsonb_to_recordset('[]') as x(a int, b text)

-- dialect: postgres
select * from generate_series('2020-01-01'::date, '2020-02-01', interval '1 day') as g(d)

-- dialect: postgres
select distinct on (a) a from t order by a

-- dialect: postgres
select to_char(d, 'YYYY-MM'), extract(epoch from d), now() - interval '1 month', current_date from t

-- dialect: postgres
select array_agg(a order by b), string_agg(a, ','), jsonb_agg(a), bool_and(b), percentile_disc(0.5) within group (order by a) from t

-- dialect: postgres
select * from t where a = any(array[1,2]) and b ~* 'x' and c is distinct from d

-- dialect: postgres
select 'a$1 ? :x', $$b $2 ?$$, $t$ :c $t$, E'it\'s'

-- dialect: postgres
select pg_size_pretty(pg_relation_size('t')), pg_typeof(a) from t

-- dialect: postgres
select a::numeric(10,2), '2020-01-01'::timestamptz, a::text::int from t

-- dialect: postgres
select * from t tablesample system (10)

-- dialect: postgres
with x as not materialized (select 1) select * from x

-- dialect: postgres
select * from xmltable('/a' passing '<a/>' columns x int)

-- dialect: postgres
select ts @@ to_tsquery('a & b'), a <-> b, a && b, a || b from t

-- dialect: postgres
select count(*) over (order by a range between interval '1 day' preceding and current row) from t

-- dialect: postgres
select sum(a) filter (where b) over (partition by c), lag(a, 1) over (order by b), width_bucket(a, 0, 10, 5) from t

-- dialect: postgres
select (x).y, row_to_json(t), t.a[1] from t

-- dialect: postgres
select * from only t

-- dialect: postgres
select a from t fetch first 10 rows only

-- dialect: postgres
select coalesce(a, 0) from public.pg_rating

-- dialect: sqlite
select strftime('%Y', d), group_concat(a, ','), total(x), iif(a, 1, 2), julianday('now') from t

-- dialect: sqlite
select * from t where a glob 'x*' and b regexp 'y' collate nocase

-- dialect: sqlite
select [a b], `c`, "d" from t

-- dialect: sqlite
select json_extract(j, '$.a'), value from t, json_each(t.j)

-- dialect: sqlite
with recursive c(x) as (values(1) union all select x+1 from c where x<5) select x from c

-- dialect: sqlite
select printf('%d', 5), a || b, typeof(c), ifnull(a, 0), abs(-1), date('now', '-1 day') from t

-- dialect: sqlite
select sum(a) over (order by b rows 3 preceding), rank() over w from t window w as (order by a)

-- dialect: sqlite
select count(*) from t indexed by ix

-- dialect: sqlite
select -- how many?

-- dialect: sqlite
select 1 /* a 'quote */

-- dialect: mysql
select date_format(d, '%Y-%m'), group_concat(distinct a order by a separator ','), if(a,1,2), 'it\'s' from `t` limit 5, 10

-- dialect: mysql
select * from t use index (ix) where match(a) against ('x') and b regexp 'y' group by a with rollup

-- dialect: clickhouse
select toStartOfMonth(d), countIf(a > 1), quantile(0.9)(x), arrayJoin([1,2]), uniq(y) from t final prewhere a = 1 group by 1 with totals order by 1 with fill limit 1 by a

-- dialect: clickhouse
select a ? 1 : 2, tupleElement(t, 1), arrayMap(x -> x + 1, [1]) from t array join b as c

-- dialect: trino
select approx_distinct(x), date_trunc('month', d), element_at(m, 'a'), try(a/b) from a.b.c cross join unnest(x) as t(y)

-- dialect: spark
select explode(a), date_format(d, 'yyyy'), transform(a, x -> x + 1) from t lateral view explode(b) x as y

-- dialect: snowflake
select a:b.c::string, date_trunc('month', d), iff(a,1,2) from t, lateral flatten(input => t.x) f qualify row_number() over (order by 1) = 1

-- dialect: snowflake
select * from t sample (10) where a ilike any ('x', 'y')
