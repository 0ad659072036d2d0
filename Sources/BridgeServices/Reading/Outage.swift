import Basics
import HeatingModel
import Logging

/// Says once that the cloud is away, and once that it is back: a night without the cloud is two lines of log.
struct Outage {
    private var began: Uptime?
    private var kind: CloudFailure.Kind?

    /// - Returns: Whether that is new.
    mutating func continues(_ failure: CloudFailure, at now: Uptime, retryAt: Instant, logger: Logger) -> Bool {
        let isNew = began == nil || kind != failure.kind
        began = began ?? now
        kind = failure.kind
        logger.log(
            level: isNew ? .warning : .debug,
            "The cloud cannot be read; the last values are kept",
            metadata: ["reason": "\(failure.sentence)", "retry_at": "\(retryAt)"]
        )
        return isNew
    }

    /// - Returns: How long it lasted; `nil` if there was none.
    mutating func ended(at now: Uptime, logger: Logger) -> Duration? {
        guard let began else { return nil }
        let length = began.duration(to: now)
        logger.notice("The cloud can be read again", metadata: ["after": "\(length.readable)"])
        self = Outage()
        return length
    }
}
