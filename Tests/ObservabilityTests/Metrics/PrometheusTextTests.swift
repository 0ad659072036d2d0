import Observability
import Testing

@Suite("Metrics as Prometheus reads them")
struct PrometheusTextTests {
    @Test("Each family describes itself once, followed by its samples in order")
    func families() {
        let text = PrometheusText.of([
            .counters(
                "calls_total",
                "Calls.",
                [MetricSample(["endpoint": "status", "code": "200"], 12), MetricSample(["endpoint": "token"], 3)]
            ),
            .gauge("temperature_celsius", "In °C.", 19.5),
            .counter("logins_total", "Logins.", 0),
        ])
        #expect(
            text == """
                # HELP calls_total Calls.
                # TYPE calls_total counter
                calls_total{endpoint="status",code="200"} 12
                calls_total{endpoint="token"} 3
                # HELP temperature_celsius In °C.
                # TYPE temperature_celsius gauge
                temperature_celsius 19.5
                # HELP logins_total Logins.
                # TYPE logins_total counter
                logins_total 0

                """
        )
    }

    @Test("A histogram's buckets count everything that is not longer, and the last one everything")
    func histogram() {
        var durations = Histogram(bounds: [0.5, 1])
        for milliseconds in [100, 500, 501, 4_000] { durations.record(.milliseconds(milliseconds)) }
        #expect(
            PrometheusText.of([.histograms("took_seconds", "How long.", [MetricSample(["a": "b"], durations)])]) == """
                # HELP took_seconds How long.
                # TYPE took_seconds histogram
                took_seconds_bucket{a="b",le="0.5"} 2
                took_seconds_bucket{a="b",le="1"} 3
                took_seconds_bucket{a="b",le="+Inf"} 4
                took_seconds_sum{a="b"} 5.101
                took_seconds_count{a="b"} 4

                """
        )
    }

    @Test("A family without a sample is left out")
    func empty() {
        #expect(
            PrometheusText.of([.gauge("unknown", "Not known.", nil), .counters("none_total", "None.", [])]).isEmpty
        )
    }

    @Test(
        "No label can end its line or itself",
        arguments: [
            ("plain Küche 🔥", "plain Küche 🔥"), (#"a"b"#, #"a\"b"#), (#"C:\"#, #"C:\\"#),
            ("x\"} 1\nevil_total 7", #"x\"} 1\nevil_total 7"#), ("a\r\nb", "a\r\\nb"), ("\\n", #"\\n"#), ("", ""),
        ]
    )
    func hostileLabel(value: String, written: String) {
        let text = PrometheusText.of([.gauges("zone", "Zones.", [MetricSample(["name": value], 1)])])
        #expect(text.unicodeScalars.elementsEqual(expected(label: written).unicodeScalars))
    }

    private func expected(label: String) -> String {
        "# HELP zone Zones.\n# TYPE zone gauge\nzone{name=\"\(label)\"} 1\n"
    }

    @Test("A help text stays on its line, quotes and all")
    func hostileHelp() {
        let text = PrometheusText.of([.counter("a_total", "Says \"x\"\nand \\.", 1)])
        #expect(text.hasPrefix(#"# HELP a_total Says "x"\nand \\."# + "\n# TYPE"))
    }

    @Test(
        "Numbers are written without loss",
        arguments: [
            (0, "0"), (-0.5, "-0.5"), (1_795_699_387.205, "1795699387.205"), (20_656_128, "20656128"),
            (.infinity, "+Inf"), (-.infinity, "-Inf"), (.nan, "NaN"), (1e300, "1e+300"),
        ] as [(Double, String)]
    )
    func numbers(value: Double, written: String) {
        #expect(PrometheusText.of([.gauge("number", "A number.", value)]).hasSuffix("\nnumber \(written)\n"))
    }
}
