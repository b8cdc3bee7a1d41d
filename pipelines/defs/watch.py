"""The sensor ``watch``: what stops the publish, an old snapshot, silent sources; told once."""

import dagster as dg

from pipelines.settings import load_settings


@dg.sensor(
    minimum_interval_seconds=300,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Tells the webhook and the mail addresses of the settings what lasts (a check that"
    " stops the publish, an old snapshot, a source gone quiet): once, and again when it is over.",
)
def watch(context: dg.SensorEvaluationContext) -> dg.SkipReason:
    """Looks, tells what is new, and requests no run. The tick says what lasts."""
    from pipelines import alerting

    look = alerting.watch(load_settings())
    for problem in look.undelivered:
        context.log.error("alert not sent: %s", problem)
    parts = [look.remark] if look.remark else []
    parts += [f"told: {subject}" for subject in look.told]
    parts += [f"lasts: {message}" for message in look.lasting]
    return dg.SkipReason("; ".join(parts) or "all is well")
