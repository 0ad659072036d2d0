/// Something that goes wrong between a client and the cloud.
public struct Fault: Sendable, Hashable {
    /// What happens to a request.
    public enum Effect: Sendable, Hashable {
        /// The request is answered with this and not carried out.
        case respond(CannedResponse)
        /// The request is carried out and answered after a time drawn from the range.
        case delay(ClosedRange<Duration>)
        /// The request is not carried out; the connection is closed without a response.
        case refuse
        /// The request is carried out; the connection is closed before the first byte of the response.
        case loseResponse
        /// The request is carried out; the connection is closed after the head and half of the body are sent.
        case cutBody
        /// The request is carried out; the response is complete as HTTP, but its JSON ends in the middle.
        case truncate
        /// The request is carried out; the body of the response never ends.
        case endlessBody
        /// The request is carried out; the response has this content type.
        case contentType(String)
        /// The request is neither carried out nor answered; it ends when the client disconnects.
        case hang
    }

    /// Which requests it applies to.
    public var requests: RequestMatcher
    /// What happens to them.
    public var effect: Effect
    /// How many requests it applies to; `nil` for all until it is removed.
    public var times: Int?
    /// How likely it is to strike, 0 to 1.
    public var probability: Double

    /// - Parameters:
    ///   - effect: What happens.
    ///   - requests: Which requests it applies to.
    ///   - times: How many of them; `nil` for all until it is removed.
    ///   - probability: How likely it is to strike, 0 to 1.
    public init(
        _ effect: Effect,
        for requests: RequestMatcher = .any,
        times: Int? = 1,
        probability: Double = 1
    ) {
        (self.effect, self.requests, self.times, self.probability) = (effect, requests, times, probability)
    }
}

/// A response that replaces the cloud's own.
public struct CannedResponse: Sendable, Hashable {
    /// An HTTP status, 200 to 599.
    public var status: Int
    /// The body as it is sent.
    public var body: String
    /// The value of `Content-Type`.
    public var contentType: String
    /// Further headers, such as `Retry-After`.
    public var headers: [String: String]

    /// - Parameters:
    ///   - status: An HTTP status, 200 to 599.
    ///   - body: The body as it is sent.
    ///   - contentType: The value of `Content-Type`.
    ///   - headers: Further headers.
    public init(
        status: Int,
        body: String = "",
        contentType: String = "application/json; charset=utf-8",
        headers: [String: String] = [:]
    ) {
        (self.status, self.body, self.contentType, self.headers) = (status, body, contentType, headers)
    }

    /// The HTML page of an outage.
    /// - Parameter status: Such as 502 or 503.
    /// - Returns: The page.
    public static func html(_ status: Int) -> CannedResponse {
        CannedResponse(
            status: status,
            body: "<html><head><title>\(status)</title></head><body>The service is unavailable.</body></html>",
            contentType: "text/html"
        )
    }

    /// The response to too many requests.
    /// - Parameter retryAfter: Whole seconds for the `Retry-After` header; `nil` for none.
    /// - Returns: The refusal.
    public static func tooManyRequests(retryAfter: Int? = nil) -> CannedResponse {
        let refusal = CloudError.tooManyRequests.response
        return CannedResponse(
            status: refusal.status,
            body: String(decoding: refusal.body, as: UTF8.self),
            headers: retryAfter.map { ["Retry-After": "\($0)"] } ?? [:]
        )
    }
}

/// The faults in force. Of those that match a request, the oldest strikes; a delay can coincide with one other fault.
struct FaultList: Sendable {
    /// What happens to one request.
    struct Strike: Sendable {
        var delay: ClosedRange<Duration>?
        var effect: Fault.Effect?
    }

    private(set) var faults: [Fault] = []

    mutating func add(_ fault: Fault) { faults.append(fault) }

    mutating func removeAll() { faults = [] }

    mutating func strike(_ request: RecordedRequest, using generator: inout SeededGenerator) -> Strike {
        var strike = Strike()
        for index in faults.indices {
            let fault = faults[index]
            guard fault.times != 0, fault.requests.matches(request) else { continue }
            let isFree = if case .delay = fault.effect { strike.delay == nil } else { strike.effect == nil }
            guard isFree, fault.probability >= 1 || Double.random(in: 0..<1, using: &generator) < fault.probability
            else { continue }
            if case .delay(let range) = fault.effect { strike.delay = range } else { strike.effect = fault.effect }
            if let times = fault.times { faults[index].times = times - 1 }
        }
        faults.removeAll { $0.times == 0 }
        return strike
    }
}
