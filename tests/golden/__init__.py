import pytest

# What it asserts is told in full, as in a test.
pytest.register_assert_rewrite("tests.golden.files")
