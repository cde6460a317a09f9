"""Words of a question, and the names of tables and columns that they may mean."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

_SPLIT = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[^A-Za-zÀ-ÿ0-9]+")
IRREGULAR = {"people": "person", "children": "child", "men": "man", "women": "woman", "data": "data"}


def words_of(text: str) -> list[str]:
    """Return the words of a name or a sentence: lower case, without plural, without accents.

    >>> words_of("sbCustomer_Names"), words_of("Categorías de países")
    (['sb', 'customer', 'name'], ['categoria', 'de', 'pais'])
    """
    return [stem(word) for word in _SPLIT.split(text) if word]


def stem(word: str) -> str:
    """Return a word without accents and plural ending.

    >>> [stem(word) for word in ("Cities", "boxes", "status", "address", "ventas", "países", "sales")]
    ['city', 'box', 'status', 'address', 'venta', 'pais', 'sale']
    """
    plain = word.lower().translate(str.maketrans("áéíóúüàèìòùâêîôûäëïöñç", "aeiouuaeiouaeiouaeionc"))
    if plain in IRREGULAR:
        return IRREGULAR[plain]
    if len(plain) > 4 and plain.endswith("ies"):
        return plain[:-3] + "y"
    if len(plain) > 4 and plain.endswith(("xes", "ches", "shes", "sses", "ises")):
        return plain[:-2]
    if len(plain) > 4 and plain.endswith("es") and word.lower() != plain:
        return plain[:-2]  # an accent: Spanish
    if len(plain) > 3 and plain.endswith("s") and not plain.endswith(("ss", "us", "is")):
        return plain[:-1]
    return plain


def chosen_tables(words: str, schema: Mapping[str, Sequence[str]], *, most: int = 12) -> list[str]:
    """Return the tables that share words with a question, then those that share a key with them.

    schema: columns by table. All tables when there are no more than `most`.

    >>> schema = {"orders": ["order_id", "store_id"], "stores": ["store_id", "city"], "logs": ["line"]}
    >>> chosen_tables("orders by city", schema, most=2)
    ['orders', 'stores']
    """
    if len(schema) <= most:
        return list(schema)
    asked = set(words_of(words))
    scores = {
        table: 3 * len(asked & set(words_of(table))) + len(asked & {w for c in columns for w in words_of(c)})
        for table, columns in schema.items()
    }
    first = [table for table in sorted(schema, key=lambda one: -scores[one]) if scores[table]][:most]
    keys = {column.lower() for table in first for column in schema[table] if column.lower().endswith("id")}
    near = [
        table
        for table, columns in schema.items()
        if table not in first and any(column.lower() in keys - {"id"} for column in columns)
    ]
    return (first + near)[:most] or list(schema)[:most]
