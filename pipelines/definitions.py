"""Assembles the Dagster code location, nothing else."""

import dagster as dg

from pipelines.defs import (
    clean,
    ingest,
    normalise,
    publish,
    retention,
    schedules,
    sensors,
    sources,
    validate,
    watch,
)
from pipelines.defs.resources import Processes, Warehouse

defs = dg.Definitions(
    assets=[
        *dg.load_assets_from_modules([ingest, clean, validate, normalise, publish]),
        *sources.WEB_SOURCES,
    ],
    asset_checks=validate.audits,
    jobs=[schedules.daily_warehouse, schedules.one_day, schedules.publish],
    schedules=[schedules.today],
    sensors=[
        sensors.inbox,
        sensors.late_days,
        sensors.dead_runs,
        sensors.failed_runs,
        retention.superseded_runs,
        watch.watch,
    ],
    resources={"warehouse": Warehouse(), "processes": Processes()},
    executor=dg.in_process_executor,
)
