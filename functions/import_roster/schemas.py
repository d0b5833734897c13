"""What the state machine and the scheduler hand the import."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from activation.domain.roster.imports import Action


class Step(BaseModel):
    """Base of the steps."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class UploadedObject(Step):
    """Which version of which object was written."""

    key: str
    version: str | None = Field(default=None, alias="version-id")


class UploadDetail(Step):
    """What the bucket's event tells."""

    object: UploadedObject


class Order(Step):
    """What the state machine was started with: the bucket's event, or by hand the import to undo."""

    detail: UploadDetail | None = None
    undo: str | None = None


class PrepareStep(Step):
    """Check a file that was sent in, or find an import that is to be undone."""

    action: Literal["prepare"]
    order: Order


class BatchStep(Step):
    """Apply or undo one batch of an import."""

    action: Literal["batch"]
    does: Action
    import_id: str
    batch: str


class ReportStep(Step):
    """Say what an import came to."""

    action: Literal["report"]
    does: Action
    import_id: str
    failed: bool = False


class FiguresStep(Step):
    """Write the figures of every structure."""

    action: Literal["figures"]


AnyStep = Annotated[PrepareStep | BatchStep | ReportStep | FiguresStep, Field(discriminator="action")]
