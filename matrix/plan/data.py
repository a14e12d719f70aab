"""The plan as data, so that nobody ever has to read it back from pages. It goes along in the file."""

import json
from dataclasses import fields, is_dataclass

from django.utils.safestring import SafeString

from matrix.plan.joint import PlanDocument


def as_data(plan: PlanDocument) -> bytes:
    """All that the plan says, without its drawings."""
    return json.dumps(_plain(plan), ensure_ascii=False).encode()  # indented it takes five times as long


def _plain(value):
    if is_dataclass(value):
        said = {f.name: getattr(value, f.name) for f in fields(value) if f.repr}
        return {name: _plain(item) for name, item in said.items() if not isinstance(item, SafeString)}
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value if value is None or isinstance(value, bool | int | float) else str(value)
