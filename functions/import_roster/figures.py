"""The figures of every structure, as an export that names nobody."""

import csv
import io

from activation.domain.activation_funnel import COLUMNS, cells_of, count
from activation.domain.ports import ActivationFunnel
from activation.domain.roster.ports import RosterFiles
from activation.domain.roster.words import neutralize
from activation.domain.times import day_of_rights

CSV = "text/csv; charset=utf-8"


def write_figures(activation_funnel: ActivationFunnel, files: RosterFiles, *, now: int) -> str:
    """Count everybody and write the day's export; returns its key in the bucket."""
    text = io.StringIO()
    lines = csv.writer(text, delimiter=";")
    lines.writerow(COLUMNS)
    lines.writerows(map(neutralize, cells_of(figures)) for figures in count(activation_funnel.everybody()))
    key = f"reports/figures/{day_of_rights(now)}.csv"
    files.write(key, text.getvalue().encode("utf-8-sig"), kind=CSV)
    return key
