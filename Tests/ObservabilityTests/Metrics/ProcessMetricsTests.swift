import Observability
import Testing

@Suite("What the process uses")
struct ProcessMetricsTests {
    @Test("It knows its memory, its processor time and its start")
    func figures() throws {
        let text = PrometheusText.of(ProcessMetrics(version: "1.2").metrics)
        #expect(try figure("process_resident_memory_bytes", in: text) > 1_000_000)
        #expect(try figure("process_cpu_seconds_total", in: text) > 0)
        #expect(try figure("process_start_time_seconds", in: text) > 1_700_000_000)
        #expect(text.contains("evohome_build_info{version=\"1.2\"} 1\n"))
        #expect(text.contains("# TYPE process_cpu_seconds_total counter"))
    }

    private func figure(_ name: String, in text: String) throws -> Double {
        let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("\(name) ") })
        return try #require(Double(line.dropFirst(name.count + 1)))
    }
}
