"""Tests of the templates, the assets and the local run."""

import infra  # noqa: F401  # says which node CDK takes, before any test imports CDK
