"""The domain that mail is sent from."""

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_ses as ses
from constructs import Construct


class Mail(Construct):
    """An SES identity for the domain and the configuration set that every mail is sent with."""

    def __init__(self, scope: Construct, construct_id: str, *, name: str, domain: str) -> None:
        super().__init__(scope, construct_id)
        self.sender = f"ne-pas-repondre@{domain}"
        self._identity = ses.EmailIdentity(self, "Identity", identity=ses.Identity.domain(domain))
        self._identity.apply_removal_policy(cdk.RemovalPolicy.RETAIN)  # its keys stand in the domain's DNS
        self.configuration_set = ses.ConfigurationSet(
            self,
            "ConfigurationSet",
            configuration_set_name=name,
            # We keep the state of each address: SES must not drop a code on its own.
            disable_suppression_list=True,
            reputation_metrics=True,
            tls_policy=ses.ConfigurationSetTlsPolicy.REQUIRE,
        )

    def right_to_send(self) -> iam.PolicyStatement:
        """To send from this domain, with this configuration set."""
        configuration_set = self.configuration_set.stack.format_arn(
            service="ses", resource="configuration-set", resource_name=self.configuration_set.configuration_set_name
        )
        return iam.PolicyStatement(
            actions=["ses:SendEmail"], resources=[self._identity.email_identity_arn, configuration_set]
        )
