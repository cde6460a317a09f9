"""Tests of the engines. The shared suite in `contract` explains its failures like a test file does."""

import pytest

pytest.register_assert_rewrite("engines.contract", "engines.exporting")
