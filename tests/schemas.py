"""Holds what we send against the JSON Schemas of Slack and Microsoft."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema.protocols import Validator
from jsonschema.validators import validator_for

Json = Mapping[str, Any]


@cache
def schema(path: str | Path, part: str = "") -> Validator:
    """What stands in the file, or one of its definitions."""
    whole: Json = json.loads(Path(path).read_text(encoding="utf-8-sig"))
    wanted = {"definitions": whole["definitions"], "$ref": f"#/definitions/{part}"} if part else whole
    return validator_for(whole)(wanted)


def at_hand(variable: str, part: str = "") -> Validator | None:
    """The schema whose file this environment variable names; None where it names none."""
    path = os.environ.get(variable)
    return schema(path, part) if path else None


def problems(value: Json, valid: Validator) -> list[str]:
    """What is wrong with the value, and where; nothing where it is right."""
    return [f"{error.json_path}: {error.message}" for error in valid.iter_errors(value)]
