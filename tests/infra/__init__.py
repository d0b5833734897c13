"""Tests of the templates, the assets and the local run."""
