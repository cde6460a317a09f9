"""SQL written from SQL: detail, comparison, drill, and an audit for cross-filters; every one a pure function."""
