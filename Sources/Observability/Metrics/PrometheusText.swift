/// Metrics as Prometheus reads them: version 0.0.4 of its text format (prometheus.io, "Exposition formats").
public enum PrometheusText {
    /// The `Content-Type` of an HTTP response with this text.
    public static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// - Parameter families: In the order of the text; those without a sample are left out.
    public static func of(_ families: [MetricFamily]) -> String {
        var text = ""
        for family in families { family.write(to: &text) }
        return text
    }
}

extension MetricFamily {
    fileprivate func write(to text: inout String) {
        switch values {
        case .counters(let samples):
            write("counter", samples, to: &text) { $0.writeLine(name, $1.labels, $1.value.prometheusText) }
        case .gauges(let samples):
            write("gauge", samples, to: &text) { $0.writeLine(name, $1.labels, $1.value.prometheusText) }
        case .histograms(let samples):
            write("histogram", samples, to: &text) { $0.writeHistogram(name, $1.labels, $1.value) }
        }
    }

    private func write<Value>(
        _ kind: String,
        _ samples: [MetricSample<Value>],
        to text: inout String,
        each writeSample: (inout String, MetricSample<Value>) -> Void
    ) {
        guard !samples.isEmpty else { return }
        text += "# HELP \(name) \(help.escaped(quotes: false))\n# TYPE \(name) \(kind)\n"
        for sample in samples { writeSample(&text, sample) }
    }
}

extension String {
    fileprivate mutating func writeHistogram(_ name: String, _ labels: [MetricLabel], _ histogram: Histogram) {
        let total = "\(histogram.count)"
        for (bound, count) in zip(histogram.bounds, histogram.cumulativeCounts) {
            writeLine("\(name)_bucket", labels + [MetricLabel(name: "le", value: bound.prometheusText)], "\(count)")
        }
        writeLine("\(name)_bucket", labels + [MetricLabel(name: "le", value: "+Inf")], total)
        writeLine("\(name)_sum", labels, histogram.sum.prometheusText)
        writeLine("\(name)_count", labels, total)
    }

    fileprivate mutating func writeLine(_ name: String, _ labels: [MetricLabel], _ value: String) {
        let pairs = labels.map { "\($0.name)=\"\($0.value.escaped(quotes: true))\"" }
        self += name + (pairs.isEmpty ? "" : "{\(pairs.joined(separator: ","))}") + " \(value)\n"
    }

    /// Escapes what would end a line or a label; anything else is allowed in both.
    fileprivate func escaped(quotes: Bool) -> String {
        guard unicodeScalars.contains(where: { $0 == "\\" || $0 == "\n" || $0 == "\"" }) else { return self }
        var escaped = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            switch scalar {
            case "\\": escaped.append(contentsOf: "\\\\".unicodeScalars)
            case "\n": escaped.append(contentsOf: "\\n".unicodeScalars)
            case "\"" where quotes: escaped.append(contentsOf: "\\\"".unicodeScalars)
            default: escaped.append(scalar)
            }
        }
        return String(escaped)
    }
}

extension Double {
    fileprivate var prometheusText: String {
        if let integer = Int(exactly: self) { return "\(integer)" }
        if isFinite { return description }
        return isNaN ? "NaN" : self < 0 ? "-Inf" : "+Inf"
    }
}
