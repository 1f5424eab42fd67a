"""Holds what we send against the JSON Schemas of Slack and Microsoft, where a copy of theirs is at hand."""

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
def schema(variable: str, part: str = "") -> Validator | None:
    """The schema whose file this environment variable names, or one of its definitions; None where it names none."""
    path = os.environ.get(variable)
    if not path:
        return None
    whole: Json = json.loads(Path(path).read_text(encoding="utf-8-sig"))
    wanted = {"definitions": whole["definitions"], "$ref": f"#/definitions/{part}"} if part else whole
    return validator_for(whole)(wanted)


def problems(value: Json, valid: Validator) -> list[str]:
    """What is wrong with the value, and where; nothing where it is right."""
    return [f"{error.json_path}: {error.message}" for error in valid.iter_errors(value)]
