"""Great Expectations -> the same with a data source more: a table of which figures are asked, and never the rows."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from rdc.runtime.counting import Figure, RefusedError
from rdc.runtime.extension import extend_expectations
from rdc.runtime.failures import METRICS as OF_ROWS
from rdc.runtime.measures import METRICS as OF_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterable

COUNTED = "counted"
SUFFIXES = (
    "unexpected_count",
    "unexpected_values",
    "unexpected_index_list",
    "unexpected_index_query",
    "filtered_row_count",
)


def make_batch(context: Any) -> Any:
    """A batch of a table; its engine's `counter` is to be set before it is validated."""
    _extend_sources()
    asset = context.data_sources.add_counted(COUNTED).add_counted_table_asset("table")
    return asset.get_batch(asset.build_batch_request())


@cache
def _extend_sources() -> None:
    """Make `add_counted` known; a class that is defined is registered."""
    from great_expectations.datasource.fluent.interfaces import Datasource  # noqa: PLC0415 - takes seconds

    asset, engine = _make_asset(), _make_engine()

    class CountedDatasource(Datasource):  # type: ignore[type-arg] # pydantic takes it without
        """Tables of which figures are asked."""

        asset_types = [asset]  # noqa: RUF012 - as its siblings tell theirs
        type: Literal["counted"] = "counted"

        @property
        def execution_engine_type(self) -> Any:
            return engine

        def test_connection(self, test_assets: bool = True) -> None:  # noqa: FBT001, FBT002 - its own signature
            """Nothing is connected to."""


def _make_asset() -> Any:
    """The class of tables."""
    from great_expectations.core.batch import BatchData, BatchMarkers, LegacyBatchDefinition  # noqa: PLC0415 - takes seconds
    from great_expectations.core.id_dict import BatchSpec, IDDict  # noqa: PLC0415 - the same
    from great_expectations.datasource.fluent.batch_request import BatchRequest  # noqa: PLC0415 - the same
    from great_expectations.datasource.fluent.interfaces import Batch, DataAsset  # noqa: PLC0415 - the same

    class CountedTableAsset(DataAsset):  # type: ignore[type-arg] # pydantic takes it without
        """A table."""

        type: Literal["counted_table"] = "counted_table"

        def test_connection(self) -> None:
            """Nothing is connected to."""

        def get_batch_parameters_keys(self, *_: Any, **__: Any) -> tuple[str, ...]:
            return ()

        def get_batch_identifiers_list(self, *_: Any) -> list[dict[str, Any]]:
            return [{}]

        def build_batch_request(self, *_: Any, **__: Any) -> Any:
            return BatchRequest(datasource_name=self.datasource.name, data_asset_name=self.name, options={})

        def get_batch(self, batch_request: Any) -> Any:
            return Batch(
                datasource=self.datasource,
                data_asset=self,
                batch_request=batch_request,
                data=BatchData(self.datasource.get_execution_engine()),
                batch_markers=BatchMarkers({"ge_load_time": ""}),
                batch_spec=BatchSpec(),
                batch_definition=LegacyBatchDefinition(
                    self.datasource.name, COUNTED, self.name, batch_identifiers=IDDict()
                ),
            )

    return CountedTableAsset


def _make_engine() -> Any:
    """The class of engines that ask a counter."""
    from great_expectations.exceptions.exceptions import MetricResolutionError  # noqa: PLC0415 - takes seconds
    from great_expectations.execution_engine.pandas_execution_engine import PandasExecutionEngine  # noqa: PLC0415 - the same

    class CountedExecutionEngine(PandasExecutionEngine):
        """Is asked for the figures that pandas is asked for, and asks its counter, for all at once."""

        counter: Any = None

        def load_batch_data(self, batch_id: str, batch_data: Any) -> None:
            # That of pandas wants a frame.
            self.batch_manager.save_batch_data(batch_id=batch_id, batch_data=batch_data)

        def resolve_metrics(self, metrics_to_resolve: Iterable[Any], *_: Any, **__: Any) -> dict[Any, Any]:
            asked = {metric.id: metric for metric in metrics_to_resolve}
            figures = {key: _read_figure(metric) for key, metric in asked.items()}
            try:
                found: dict[Any, Any] = self.counter.find(figures)
            except RefusedError as error:
                raise MetricResolutionError(str(error), tuple(asked.values())) from error
            if unsure := [metric for key, metric in asked.items() if key not in found]:
                raise MetricResolutionError("not surely counted alike", tuple(unsure))
            return found

    _register_figures(CountedExecutionEngine)
    return CountedExecutionEngine


def _register_figures(engine: Any) -> None:
    """Tell Great Expectations what an engine of this class can be asked for, each by itself."""
    from great_expectations.exceptions.exceptions import MetricProviderError  # noqa: PLC0415 - takes seconds
    from great_expectations.expectations.metrics.metric_provider import MetricProvider  # noqa: PLC0415 - the same
    from great_expectations.expectations.registry import get_metric_kwargs, register_metric  # noqa: PLC0415 - the same

    class CountedFigure(MetricProvider):
        """A figure that rests on no other."""

        @classmethod
        def _get_evaluation_dependencies(cls, *_: Any, **__: Any) -> dict[str, Any]:
            return {}

    extend_expectations()
    for name in [*OF_COLUMNS, *(f"{metric}.{suffix}" for metric in OF_ROWS for suffix in SUFFIXES)]:
        try:
            keys = get_metric_kwargs(name)
        except MetricProviderError:
            continue
        of_domain, of_value = keys["metric_domain_keys"], keys["metric_value_keys"]
        register_metric(name, of_domain, of_value, engine, CountedFigure, None)


def _read_figure(metric: Any) -> Figure:
    """What Great Expectations asks for."""
    domain = {key: value for key, value in metric.metric_domain_kwargs.items() if key != "batch_id"}
    arguments = {key: value for key, value in metric.metric_value_kwargs.items() if key != "result_format"}
    return Figure(metric.metric_name, domain, arguments)
