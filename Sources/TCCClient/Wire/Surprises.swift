public import Logging
public import Observability
import Synchronization

/// What answers held that could not be used or is unknown: elements that were dropped, fields of the wrong type, words
/// and times that nobody has seen before.
///
/// Each path is logged once and counted. `status.gateways[].temperatureControlSystems[].systemModeStatus.mode=Holiday`
/// is one; an index is left out, so the same surprise in two zones is one path.
public final class Surprises: Sendable {
    /// Whatever the cloud sends, there are not more paths than this; the rest is counted as ``others``.
    public static let most = 100
    public static let others = "…"

    private let logger: Logger
    private let counted = Mutex<[String: Int]>([:])

    /// - Parameter logger: Gets one line for each path.
    public init(logger: Logger) {
        self.logger = logger
    }

    /// How often each path was met since the process started.
    public var counts: [String: Int] { counted.withLock { $0 } }

    func add(_ paths: [String]) {
        guard !paths.isEmpty else { return }
        let news = counted.withLock { counts in
            var news: [String] = []
            for path in paths {
                let isFull = counts.count >= Self.most - 1 && counts[path] == nil
                let path = isFull ? Self.others : path
                if counts[path] == nil { news.append(path) }
                counts[path, default: 0] += 1
            }
            return news
        }
        for path in news {
            logger.warning(
                path == Self.others
                    ? "The cloud's answers hold more than \(Self.most - 1) things that are not understood"
                    : "The cloud's answer holds something that is not understood; please report it",
                metadata: path == Self.others ? [:] : ["path": "\(path)"]
            )
        }
    }
}

extension Surprises: MetricSource {
    public var metrics: [MetricFamily] {
        [
            .counters(
                "evohome_cloud_surprises_total",
                "What answers of the cloud held that was not understood, by its path.",
                counts.sorted { $0.key < $1.key }.map { MetricSample(["path": $0.key], Double($0.value)) }
            )
        ]
    }
}
