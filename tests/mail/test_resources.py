"""The folders of texts that travel with the code."""

from __future__ import annotations

import pytest

from ponts_flows.errors import SettingsError
from ponts_flows.resources import folder


def test_the_templates_are_found_beside_the_library() -> None:
    assert (folder("templates") / "layout.html").is_file()


def test_a_missing_folder_is_told_with_its_remedy() -> None:
    with pytest.raises(SettingsError, match="'songs' is not installed"):
        folder("songs")
