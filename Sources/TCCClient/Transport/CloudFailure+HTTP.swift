import Basics
import HeatingModel

extension CloudFailure {
    /// Why there was no whole answer.
    init(_ failure: TransportFailure) {
        switch failure {
        case .notSent(let problem): self.init(.unreachable, "The cloud cannot be reached: \(problem.phrase.ended)")
        case .timedOut: self.init(.unreachable, "The cloud did not answer in time.", isUnanswered: true)
        case .cut:
            let sentence = "The cloud closed the connection before its answer was complete."
            self.init(.unreachable, sentence, isUnanswered: true)
        case .tooLarge: self.init(.unreachable, "The cloud's answer was far too long.", isUnanswered: true)
        case .cancelled: self.init(.cancelled, "The call was cancelled.")
        }
    }

    /// What an answer other than a success means.
    init(_ answer: HTTPAnswer, at now: Instant) {
        let error = answer.errors.first
        let detail = error?.message.map { ": " + $0.prefix(200) } ?? " with \(answer.summary)"
        let sentence = "The cloud answered \(answer.status)\(detail)"
        let retryAt = answer.retryAfter.map { now + $0 }
        switch answer.status {
        case 429:
            self.init(.rateLimited, "The cloud limits requests.", code: error?.code, retryAt: retryAt)
        case 401:
            let isForbidden = !answer.isRefusedToken
            self.init(isForbidden ? .refused : .unauthorised, sentence, code: error?.code, isNotFound: isForbidden)
        case 408, 500...599:
            // A 500 with this message can mean that a value is not allowed here, but also an outage.
            // Behind a gateway that lost the answer the cloud may have carried the call out.
            let isUnanswered = answer.status == 502 || answer.status == 504
            self.init(.unreachable, sentence, code: error?.code, retryAt: retryAt, isUnanswered: isUnanswered)
        case 200..<400:
            self.init(notUnderstood: answer)
        default:
            self.init(.refused, sentence, code: error?.code, isNotFound: answer.status == 404)
        }
    }

    /// A success whose body makes no sense: the cloud is out of order, or somebody else answered.
    init(notUnderstood answer: HTTPAnswer) {
        let sentence = "The cloud answered \(answer.status) with \(answer.summary)."
        self.init(.unreachable, sentence, isUnanswered: true)
    }
}

extension String {
    /// A phrase as the end of a sentence; one that ends with a question mark has its end.
    fileprivate var ended: String { hasSuffix("?") ? self : self + "." }
}

extension HTTPAnswer {
    /// A 401 that a new token may cure. The cloud also answers 401 for other people's ids, which no token cures.
    var isRefusedToken: Bool {
        status == 401 && !errors.contains { $0.message?.contains("not allowed") ?? false }
    }

    /// The vendor's errors in a body: a list, one alone, or none.
    var errors: [WireError] {
        decoded(as: [WireError].self) ?? decoded(as: WireError.self).map { [$0] } ?? []
    }
}
