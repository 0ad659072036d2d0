import Basics
import Foundation
import HeatingModel

extension CloudFailure {
    /// Why there was no whole answer.
    init(_ failure: TransportFailure) {
        switch failure {
        case .notSent(let reason): self.init(.unreachable, "The cloud cannot be reached: \(reason).")
        case .timedOut: self.init(.unreachable, "The cloud did not answer in time.")
        case .cut: self.init(.unreachable, "The connection to the cloud was cut.")
        case .tooLarge: self.init(.unreachable, "The cloud's answer was far too long.")
        case .cancelled: self.init(.cancelled, "The call was cancelled.")
        }
    }

    /// What an answer that is no success means.
    init(_ answer: HTTPAnswer, at now: Instant) {
        let error = answer.errors.first
        let detail = error?.message.map { ": " + $0.prefix(200) } ?? " with \(answer.summary)"
        let sentence = "The cloud answered \(answer.status)\(detail)"
        switch answer.status {
        case 429:
            self.init(
                .rateLimited,
                "The cloud limits requests.",
                code: error?.code,
                retryAt: answer.retryAfter.map { now + $0 }
            )
        case 401:
            self.init(.unauthorised, sentence, code: error?.code)
        case 408, 500...599:
            // 500 with this message is the cloud's way to say that a value is not allowed here, but also an outage's.
            self.init(.unreachable, sentence, code: error?.code, retryAt: answer.retryAfter.map { now + $0 })
        case 200..<400:
            self.init(.unreachable, "The cloud answered \(answer.status) with \(answer.summary).")
        default:
            self.init(.refused, sentence, code: error?.code)
        }
    }
}

extension HTTPAnswer {
    /// The vendor's errors in a body: a list, one alone, or none.
    var errors: [WireError] {
        if let list = try? JSONDecoder().decode(WireList<WireError>.self, from: Data(body)) { return list.elements }
        if let one = try? JSONDecoder().decode(WireError.self, from: Data(body)) { return [one] }
        return []
    }
}
