"""A row of a roster."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from activation.api.fields import Identifier
from activation.domain.contacts import parse_email, parse_mobile
from activation.domain.people import RosterEntry, Structure

Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Required = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class RosterRow(BaseModel):
    """One person, their employer and its correspondent; an empty text is « not known »."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    identifier: Identifier
    last_name: Required
    usage_name: Text = ""
    first_name: Text = ""
    email: Annotated[Text, AfterValidator(lambda typed: parse_email(typed).value if typed else "")] = ""
    mobile: Annotated[Text, AfterValidator(lambda typed: parse_mobile(typed).value if typed else "")] = ""
    structure_id: Required
    structure_name: Text = ""
    correspondent_name: Text = ""
    correspondent_email: Text = ""
    correspondent_phone: Text = ""
    end_date: Annotated[str, Field(pattern=r"^(\d{4}-\d{2}-\d{2})?$")] = ""

    @property
    def entry(self) -> RosterEntry:
        """What the row says about the person."""
        return RosterEntry(
            last_name=self.last_name,
            usage_name=self.usage_name,
            first_name=self.first_name,
            email=self.email,
            mobile=self.mobile,
            structure_id=self.structure_id,
            end_date=self.end_date,
        )

    @property
    def structure(self) -> Structure:
        """What the row says about the employer."""
        return Structure(
            self.structure_id,
            self.structure_name,
            self.correspondent_name,
            self.correspondent_email,
            self.correspondent_phone,
        )
