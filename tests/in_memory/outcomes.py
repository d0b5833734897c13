"""What calls answer, for tests to compare."""

from collections.abc import Callable

from activation.domain.errors import WrongStepError


def outcome(call: Callable[[], object]) -> str:
    """What a call answers: « ok », or the name of its refusal, with the next step that a wrong one names."""
    try:
        call()
    except WrongStepError as error:
        return f"WrongStepError {error.next_step}"
    except Exception as error:  # noqa: BLE001  # the name is compared
        return type(error).__name__
    return "ok"
