"""The adapters: they keep the promises of the ports with AWS.

A function imports only the adapters that it uses: naming `adapters.sessions` for the first time imports that module.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from activation.adapters import accounts as accounts
    from activation.adapters import activation_funnel as activation_funnel
    from activation.adapters import batch_reads as batch_reads
    from activation.adapters import budgets as budgets
    from activation.adapters import declared_people as declared_people
    from activation.adapters import expiry as expiry
    from activation.adapters import imported_mails as imported_mails
    from activation.adapters import links as links
    from activation.adapters import mac as mac
    from activation.adapters import mail as mail
    from activation.adapters import requests as requests
    from activation.adapters import retention as retention
    from activation.adapters import retry_queue as retry_queue
    from activation.adapters import roster_files as roster_files
    from activation.adapters import roster_index as roster_index
    from activation.adapters import rosters as rosters
    from activation.adapters import sessions as sessions
    from activation.adapters import sms as sms
    from activation.adapters import uploads as uploads
    from activation.adapters import workbooks as workbooks
else:

    def __getattr__(name: str) -> object:
        try:
            return import_module(f"{__name__}.{name}")
        except ModuleNotFoundError as error:
            raise AttributeError(name) from error
