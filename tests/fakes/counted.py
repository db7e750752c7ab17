"""What a metric counted."""

from collections import Counter

from prometheus_client.metrics import MetricWrapperBase


def counted(metric: MetricWrapperBase) -> Counter[str]:
    """Returns how often each combination of a metric's labels was counted or timed."""
    samples = [sample for family in metric.collect() for sample in family.samples]
    return Counter(
        {
            " ".join(sample.labels.values()): int(sample.value)
            for sample in samples
            if sample.name.endswith(("_total", "_count"))
        }
    )
