"""What `pyproject.toml` can't say: packages found by looking, and the texts that travel inside one.

`forms/` and `templates/` stand at the top of the repository, where whoever edits a text finds them; in a
wheel they are `ponts_flows/_forms` and `ponts_flows/_templates`. `ponts_flows.resources.folder` finds both.
"""

from setuptools import find_namespace_packages, setup

TEXTS = {"ponts_flows._forms": "forms", "ponts_flows._templates": "templates"}
CODE = find_namespace_packages(include=["flows*", "ponts_flows*"], exclude=["*__pycache__*"])

setup(
    packages=[*CODE, *TEXTS],
    package_dir=TEXTS,
    # Every file beside the code: pages, styles, samples, forms; and the mails, one folder a language.
    package_data={"": ["*", "*/*.md"]},
)
