"""Functions that a query under row policies may call: they see only their arguments.

The parser has classes for the usual ones. Here are the names of others, and those that may stand as a table.
Whatever else is called may be a function of the database's owner that reads any table, or one of the system's
that tells of what lies below the policies (statistics of a column, the text of a query), and is refused.
"""

from __future__ import annotations

from sqlglot import exp


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_DUCKDB = _words(
    """
add age aggregate array_aggr array_aggregate array_apply array_cosine_distance array_cosine_similarity
array_cross_product array_distance array_extract array_has_any array_indexof array_inner_product array_pop_back
array_pop_front array_push_back array_push_front array_reduce array_resize array_select array_transform
array_unique array_value array_where array_zip arbitrary bar bin bit_count bit_position bitstring bitstring_agg
cardinality century count_star damerau_levenshtein date_part datepart datesub decade divide element_at entropy
epoch_ns epoch_us equi_width_bins era even favg fdiv fmod format_bytes formatreadabledecimalsize
formatreadablesize fsum gamma gcd generate_subscripts geomean geometric_mean get_current_timestamp
greatest_common_divisor hamming hash histogram histogram_exact isfinite isoyear jaccard jaro_similarity
json_array_length json_contains json_exists json_group_array json_group_object json_keys json_merge_patch
json_object json_quote json_structure json_transform json_type json_valid json_value julian kahan_sum kurtosis
kurtosis_pop lcm least_common_multiple left_grapheme length_grapheme lgamma list_aggr list_aggregate
list_any_value list_append list_apply list_approx_count_distinct list_avg list_cat list_concat list_contains
list_cosine_similarity list_count list_distinct list_element list_extract list_filter list_first list_has
list_has_all list_has_any list_histogram list_indexof list_intersect list_last list_max list_median list_min
list_mode list_pack list_position list_prepend list_product list_reduce list_resize list_reverse list_select
list_slice list_sort list_reverse_sort list_stddev_pop list_stddev_samp list_string_agg list_sum list_transform
list_unique list_value list_var_pop list_var_samp list_where list_zip listagg mad make_timestamp_ms
make_timestamp_ns make_timestamptz map_concat map_contains map_entries map_extract map_values md5_number mean
microsecond millennium millisecond mismatches multiply nanosecond nfc_normalize now octet_length ord
parse_dirname parse_dirpath parse_filename parse_path position prefix printf product quarter regexp_escape
regexp_split_to_array reservoir_quantile right_grapheme round_even roundbankers row row_to_json sem signbit
string_agg string_split strip_accents strlen struct_concat struct_contains struct_extract_at struct_insert
struct_keys struct_pack struct_update struct_values substring_grapheme subtract suffix sumkahan timezone
timezone_hour timezone_minute to_base to_centuries to_days to_decades to_hours to_json to_microseconds
to_milliseconds to_minutes to_months to_quarters to_seconds to_weeks to_years transaction_timestamp try_strptime
typeof unbin union_extract union_tag union_value url_decode url_encode wavg weekday weighted_avg yearweek
"""
)

_POSTGRES = _words(
    """
age array_agg array_append array_cat array_dims array_fill array_length array_lower array_ndims array_position
array_positions array_prepend array_remove array_replace array_to_json array_upper bit_length btrim cardinality
char_length character_length clock_timestamp concat concat_ws convert_from convert_to cosd cotd date_bin
date_part daterange decode div encode erf every factorial format gcd get_bit get_byte greatest initcap int4range
int8range isempty isfinite json_agg json_array_elements json_array_elements_text json_array_length
json_build_array json_build_object json_each json_each_text json_extract_path json_extract_path_text json_object
json_object_agg json_object_keys json_strip_nulls json_to_record json_to_recordset json_typeof jsonb_agg
jsonb_array_elements jsonb_array_elements_text jsonb_array_length jsonb_build_array jsonb_build_object jsonb_each
jsonb_each_text jsonb_extract_path jsonb_extract_path_text jsonb_object jsonb_object_agg jsonb_object_keys
jsonb_path_exists jsonb_path_match jsonb_path_query jsonb_path_query_array jsonb_path_query_first jsonb_pretty
jsonb_set jsonb_strip_nulls jsonb_to_record jsonb_to_recordset jsonb_typeof justify_days justify_hours
justify_interval lcm log10 lower_inc lower_inf make_interval make_timestamptz md5 min_scale mod multirange
num_nonnulls num_nulls numrange octet_length overlay parse_ident pg_typeof position quote_ident quote_literal
quote_nullable random range_agg range_merge regexp_count regexp_instr regexp_like regexp_match regexp_matches
regexp_split_to_array regexp_split_to_table regr_avgx regr_avgy regr_count regr_intercept regr_r2 regr_slope
regr_sxx regr_sxy regr_syy row row_to_json scale sha224 sha256 sha384 sha512 sind starts_with
statement_timestamp string_to_array string_to_table substr tand timeofday timezone to_ascii to_hex to_json
to_jsonb to_tsquery to_tsvector transaction_timestamp trim_array trim_scale trunc ts_headline ts_rank tsrange
tstzrange unistr unnest upper_inc upper_inf width_bucket xmlagg xmlcomment xmlconcat xmlforest
"""
)

_SQLITE = _words(
    """
date datetime group_concat ifnull iif instr json json_array json_array_length json_each json_error_position
json_extract json_group_array json_group_object json_insert json_object json_patch json_quote json_remove
json_replace json_set json_tree json_type json_valid julianday likelihood likely ltrim max min nullif printf quote
random randomblob replace round rtrim sign soundex strftime substr substring time timediff total trim typeof
unhex unicode unixepoch unlikely zeroblob
"""
)

HARMLESS: dict[str, frozenset[str]] = {
    "duckdb": _DUCKDB,
    "postgres": _POSTGRES,
    "sqlite": _SQLITE,
}
AS_TABLES = _words(
    """
    range generate_series unnest json_each json_tree json_each_text json_array_elements json_array_elements_text
    json_object_keys json_to_record json_to_recordset jsonb_each jsonb_each_text jsonb_array_elements
    jsonb_array_elements_text jsonb_object_keys jsonb_path_query jsonb_to_record jsonb_to_recordset
    regexp_split_to_table string_to_table regexp_matches generate_subscripts
    """
)
TELLING = (exp.CurrentSchemas, exp.CurrentCatalog, exp.Version, exp.Predict, exp.XMLTable)
"""Functions with a class of the parser's own that tell of what is outside of the arguments."""


def is_harmless(function: exp.Func, dialect: str) -> bool:
    """Return whether a function sees nothing but its arguments.

    >>> from sqlglot import parse_one
    >>> [is_harmless(parse_one(sql, "duckdb"), "duckdb") for sql in ("sum(x)", "list_sum(x)", "stats(x)")]
    [True, True, False]
    """
    if isinstance(function, exp.Anonymous | exp.AnonymousAggFunc | exp.CombinedAggFunc):
        return function.name.lower() in HARMLESS.get(dialect, frozenset())
    return not isinstance(function, TELLING)


def is_harmless_table(function: exp.Func, dialect: str) -> bool:
    """Return whether a function may stand as a table: it makes rows of its arguments."""
    if isinstance(function, exp.Anonymous):
        return function.name.lower() in AS_TABLES
    return isinstance(function, exp.Unnest | exp.GenerateSeries | exp.ExplodingGenerateSeries) or bool(
        {name.lower() for name in type(function).sql_names()} & AS_TABLES
    )
