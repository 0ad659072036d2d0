import BridgeCore
import HTTPTypes
import Hummingbird

/// Why a request is not answered as it wants to be: a status, and one sentence for people.
struct HTTPFailure: Error, Equatable {
    var status: HTTPResponse.Status
    var sentence: String
    var headers: HTTPFields = [:]

    init(_ status: HTTPResponse.Status, _ sentence: String, headers: HTTPFields = [:]) {
        self.status = status
        self.sentence = sentence
        self.headers = headers
    }

    /// - Parameter retryAfter: When it makes sense to try again, rounded up to whole seconds.
    init(_ status: HTTPResponse.Status, _ sentence: String, retryAfter: Duration) {
        let seconds = retryAfter.components.seconds + (retryAfter.components.attoseconds > 0 ? 1 : 0)
        self.init(status, sentence, headers: [.retryAfter: String(max(1, seconds))])
    }

    static func notFound(_ sentence: String) -> HTTPFailure { HTTPFailure(.notFound, sentence) }

    static func methodNotAllowed(_ allowed: [HTTPRequest.Method]) -> HTTPFailure {
        let names = allowed.map(\.rawValue).joined(separator: ", ")
        return HTTPFailure(.methodNotAllowed, "Only \(names) is possible here.", headers: [.allow: names])
    }

    static let stopping = HTTPFailure(
        .serviceUnavailable,
        "The bridge is stopping. What was begun goes on, and its outcome is published on MQTT."
    )

    /// The failure as an answer of the interface.
    var json: Response {
        var response = Response(json: ["error": .string(sentence)], status)
        response.headers.append(contentsOf: headers)
        return response
    }

    /// The failure as an answer to somebody who wants the page.
    var text: Response {
        var response = Response(text: sentence + "\n", status)
        response.headers.append(contentsOf: headers)
        return response
    }
}

extension Response {
    init(json value: JSONValue, _ status: HTTPResponse.Status = .ok) {
        self.init(jsonText: value.text, status)
    }

    /// - Parameter jsonText: Valid JSON.
    init(jsonText: String, _ status: HTTPResponse.Status = .ok) {
        self.init(
            status: status,
            headers: [.contentType: "application/json", .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: jsonText))
        )
    }

    init(text: String, _ status: HTTPResponse.Status = .ok, type: String = "text/plain; charset=utf-8") {
        self.init(
            status: status,
            headers: [.contentType: type, .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text))
        )
    }
}

extension HTTPField.Name {
    // Constants, so that any test that uses one finds an invalid name.
    static let forwarded = name("Forwarded")
    /// The library keeps the first `Host` apart from the headers; here are the others.
    static let furtherHost = name("Host")
    static let prefer = name("Prefer")
    static let preferenceApplied = name("Preference-Applied")
    static let lastEventID = name("Last-Event-ID")
    static let referrerPolicy = name("Referrer-Policy")
    static let xAccelBuffering = name("X-Accel-Buffering")
    static let xForwardedFor = name("X-Forwarded-For")
    static let xForwardedHost = name("X-Forwarded-Host")
    static let xForwardedProto = name("X-Forwarded-Proto")
    static let xIngressPath = name("X-Ingress-Path")
    static let xRealIP = name("X-Real-IP")

    private static func name(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else { preconditionFailure("\(name) is no name of a header") }
        return name
    }
}
