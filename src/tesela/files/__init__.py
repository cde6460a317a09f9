"""Results as files: how cells, CSV and workbooks are written. Pure: bytes out, nothing awaited."""
