"""The events that the state machine and the scheduler send to the import."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from activation.domain.roster.imports import Action


class Step(BaseModel):
    """Base of the steps."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class UploadedObject(Step):
    """One version of an object that was written."""

    key: str
    version: str | None = Field(default=None, alias="version-id")


class UploadDetail(Step):
    """The part of the bucket's event that is read."""

    object: UploadedObject


class Order(Step):
    """The input of the state machine: the bucket's event, or, started by hand, the id of the import to undo."""

    detail: UploadDetail | None = None
    undo: str | None = None


class PrepareStep(Step):
    """Check an uploaded file, or find the import to undo."""

    action: Literal["prepare"]
    order: Order


class BatchStep(Step):
    """Apply or undo one batch of an import."""

    action: Literal["batch"]
    does: Action
    import_id: str
    batch: str


class ReportStep(Step):
    """Report the result of an import."""

    action: Literal["report"]
    does: Action
    import_id: str
    failed: bool = False


class GiveUpStep(Step):
    """Note that an order was given up before its batches: its preparation failed, however often it was tried."""

    action: Literal["give-up"]
    order: Order


class FiguresStep(Step):
    """Write the figures of every structure."""

    action: Literal["figures"]


AnyStep = Annotated[PrepareStep | BatchStep | ReportStep | GiveUpStep | FiguresStep, Field(discriminator="action")]
