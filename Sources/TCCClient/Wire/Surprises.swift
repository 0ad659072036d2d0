import Basics
import Foundation
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

/// Collects the surprises of one document while it is decoded.
final class SurpriseNotes: Sendable {
    private let root: String
    private let noted = Mutex<[String]>([])

    /// - Parameter root: The kind of document.
    init(root: String) {
        self.root = root
    }

    var paths: [String] { noted.withLock { $0 } }

    func note(_ path: [any CodingKey], suffix: String = "") {
        var text = root
        for key in path {
            text += key.intValue == nil ? "." + key.stringValue.excerpt(upTo: 60) : "[]"
        }
        // One document of a thousand zones must not make a list without an end.
        noted.withLock { if $0.count < 10_000 { $0.append(text + suffix) } }
    }
}

extension CodingUserInfoKey {
    static let surprises = CodingUserInfoKey(rawValue: "evohome.surprises")
}

extension Decoder {
    private var notes: SurpriseNotes? { CodingUserInfoKey.surprises.flatMap { userInfo[$0] as? SurpriseNotes } }

    /// Notes why something was left out: the innermost key that is missing or of the wrong type.
    func note(_ error: any Error) {
        guard let notes else { return }
        switch error as? DecodingError {
        case .keyNotFound(let key, let context)?: notes.note(context.codingPath + [key])
        case .typeMismatch(_, let context)?, .valueNotFound(_, let context)?, .dataCorrupted(let context)?:
            notes.note(context.codingPath)
        default: notes.note(codingPath)
        }
    }

    /// Notes a text whose meaning is not known.
    func note(_ text: String, ofLength length: Int) {
        notes?.note(codingPath, suffix: length == 0 ? "" : "=" + text.excerpt(upTo: length))
    }
}
