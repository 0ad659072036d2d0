import Glibc

/// What the process uses of the machine, under the names that Prometheus' own libraries use.
public struct ProcessMetrics: MetricSource {
    private let version: String
    private let started = seconds(of: CLOCK_REALTIME)

    /// To be made when the process starts.
    public init(version: String) {
        self.version = version
    }

    public var metrics: [MetricFamily] {
        [
            .gauges("evohome_build_info", "1 for the version that runs.", [MetricSample(["version": version], 1)]),
            .gauge("process_resident_memory_bytes", "Memory that the process holds, in bytes.", residentMemory),
            .counters(
                "process_cpu_seconds_total",
                "Processor time that the process has used, in seconds.",
                [MetricSample([:], seconds(of: CLOCK_PROCESS_CPUTIME_ID))]
            ),
            .gauge("process_start_time_seconds", "When the process began, in seconds since 1970.", started),
        ]
    }

    /// The second number of `/proc/self/statm`, in pages (proc(5)); `nil` if there is no such file.
    private var residentMemory: Double? {
        guard let file = fopen("/proc/self/statm", "r") else { return nil }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 128)
        guard fgets(&line, Int32(line.count), file) != nil else { return nil }
        let text = String(decoding: line.lazy.map(UInt8.init(bitPattern:)).prefix { $0 != 0 }, as: UTF8.self)
        return text.split(separator: " ").dropFirst().first.flatMap { Double($0) }.map { $0 * Double(getpagesize()) }
    }
}

private func seconds(of clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}
