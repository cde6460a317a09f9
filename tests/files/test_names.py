"""Whatever the title, the name of its file and of its sheet is one that nothing trips over."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import unquote

from hypothesis import given
from hypothesis import strategies as st

from tesela.files.names import attachment, file_name, sheet_names

HOSTILE = st.text(
    st.sampled_from("ab.-'\"/\\:*?<>|[]; \0\r\n\t\u202e\u200b\ufeffé☃😀=%"), max_size=150
) | st.text(max_size=150)


@given(HOSTILE)
def test_a_file_name_has_no_folder_and_nothing_unseen(title: str) -> None:
    name = file_name(title, "csv")

    assert len(name) <= 100
    assert name.endswith(".csv")
    assert not name.startswith((".", " ", "-"))
    assert not re.search(r'[\\/:*?"<>|]', name)
    assert {unicodedata.category(one) for one in name} & {"Cc", "Cf", "Cs", "Co", "Cn"} == set()


@given(HOSTILE)
def test_a_header_stays_one_header_with_two_parts(title: str) -> None:
    name = file_name(title, "xlsx")

    header = attachment(name)

    found = re.fullmatch(
        r'attachment; filename="([^"\\;]+\.xlsx)"; filename\*=UTF-8\'\'([\w.~%-]+)', header, re.ASCII
    )
    assert found is not None
    assert unquote(found[2]) == name
    assert found[1].isprintable()


@given(st.lists(HOSTILE, max_size=12))
def test_sheets_have_short_names_that_differ(titles: list[str]) -> None:
    names = sheet_names(titles)

    assert len(names) == len(titles)
    assert len({name.casefold() for name in names}) == len(names)
    for name in names:
        assert 0 < len(name.encode("utf-16-le")) // 2 <= 31
        assert not re.search(r"[\\/:*?\[\]\x00-\x1f]", name)
        assert not name.startswith("'")
        assert not name.endswith("'")
        assert name.lower() != "history"


def test_names_of_devices_are_not_given_to_files() -> None:
    assert [file_name(title, "csv") for title in ("con", "NUL.txt", "COM1", "common")] == [
        "_con.csv",
        "_NUL.txt.csv",
        "_COM1.csv",
        "common.csv",
    ]
