/// Something that goes wrong between a client and the cloud.
public struct Fault: Sendable, Hashable {
    /// What happens to a request.
    public enum Effect: Sendable, Hashable {
        /// Answered with this; the request is not carried out.
        case respond(CannedResponse)
        /// Carried out, and answered after a time drawn from the range.
        case delay(ClosedRange<Duration>)
        /// Not carried out; the connection is closed without an answer.
        case refuse
        /// Carried out; the connection is closed before the first byte of the answer.
        case loseResponse
        /// Carried out; the head and half of the body are sent, then the connection is closed.
        case cutBody
        /// Carried out; a whole HTTP answer whose JSON stops in the middle.
        case truncate
        /// Carried out; the body goes on for ever.
        case endlessBody
        /// Carried out; the answer says that it is of this content type.
        case contentType(String)
        /// Not carried out and never answered; it ends when the client goes away.
        case hang
    }

    /// Which requests it is for.
    public var requests: RequestMatcher
    /// What happens to them.
    public var effect: Effect
    /// How many requests it is for; nil until it is removed.
    public var times: Int?
    /// How likely it strikes, 0 to 1.
    public var probability: Double

    /// - Parameters:
    ///   - effect: what happens.
    ///   - requests: to which requests.
    ///   - times: to how many of them; nil until it is removed.
    ///   - probability: how likely, 0 to 1.
    public init(
        _ effect: Effect,
        for requests: RequestMatcher = .any,
        times: Int? = 1,
        probability: Double = 1
    ) {
        (self.effect, self.requests, self.times, self.probability) = (effect, requests, times, probability)
    }
}

/// An answer that is given instead of the cloud's own.
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
    ///   - status: an HTTP status, 200 to 599.
    ///   - body: the body as it is sent.
    ///   - contentType: the value of `Content-Type`.
    ///   - headers: further headers.
    public init(
        status: Int,
        body: String = "",
        contentType: String = "application/json; charset=utf-8",
        headers: [String: String] = [:]
    ) {
        (self.status, self.body, self.contentType, self.headers) = (status, body, contentType, headers)
    }

    /// What an outage looks like: HTML, whatever was asked for.
    /// - Parameter status: such as 502 or 503.
    /// - Returns: the page.
    public static func html(_ status: Int) -> CannedResponse {
        CannedResponse(
            status: status,
            body: "<html><head><title>\(status)</title></head><body>The service is unavailable.</body></html>",
            contentType: "text/html"
        )
    }

    /// The refusal of too many requests.
    /// - Parameter retryAfter: whole seconds for the `Retry-After` header; nil for none.
    /// - Returns: the refusal.
    public static func tooManyRequests(retryAfter: Int? = nil) -> CannedResponse {
        let refusal = CloudError.tooManyRequests.response
        return CannedResponse(
            status: refusal.status,
            body: String(decoding: refusal.body, as: UTF8.self),
            headers: retryAfter.map { ["Retry-After": "\($0)"] } ?? [:]
        )
    }
}
