"""The parts that CloudFront takes from us-east-1 only: the front's certificate, and the firewall for all visitors."""

from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_certificatemanager as acm
from constructs import Construct

from infra.constructs.firewall import viewer_firewall
from infra.stages import Stage

FIREWALL_OUTPUT, CERTIFICATE_OUTPUT = "FirewallArn", "CertificateArn"


class EdgeStack(cdk.Stack):
    """Deployed before the web stack, to which the deployment hands both: stacks of two regions share nothing."""

    def __init__(self, scope: Construct, construct_id: str, *, stage: Stage, **stack: Any) -> None:
        super().__init__(scope, construct_id, **stack)
        firewall = viewer_firewall(self, name=f"{stage.prefix}-viewers", starts_per_address=stage.starts_per_address)
        cdk.CfnOutput(self, FIREWALL_OUTPUT, value=firewall.attr_arn)
        if stage.domain:
            certificate = acm.Certificate(
                self, "Certificate", domain_name=stage.domain, validation=acm.CertificateValidation.from_dns()
            )
            cdk.CfnOutput(self, CERTIFICATE_OUTPUT, value=certificate.certificate_arn)
