"""The numbered, linear steps from an empty database to this version. One is never edited once released."""

VERSIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009", "0010", "0011")
HEAD = VERSIONS[-1]
