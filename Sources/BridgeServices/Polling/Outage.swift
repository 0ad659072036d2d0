import HeatingModel
import Logging

/// Says once that the cloud is away, and once that it is back: a night without the cloud is two lines of log.
struct Outage {
    private var began: Instant?
    private var kind: CloudFailure.Kind?

    mutating func continues(_ failure: CloudFailure, at now: Instant, retryAt: Instant, logger: Logger) {
        let isNew = began == nil || kind != failure.kind
        began = began ?? now
        kind = failure.kind
        logger.log(
            level: isNew ? .warning : .debug,
            "The cloud cannot be read; the last values stand",
            metadata: ["reason": "\(failure.sentence)", "retry_at": "\(retryAt)"]
        )
    }

    mutating func ended(at now: Instant, logger: Logger) {
        guard let began else { return }
        logger.notice("The cloud can be read again", metadata: ["after": "\(began.duration(to: now).readable)"])
        self = Outage()
    }
}
