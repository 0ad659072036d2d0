import Basics
import BridgeCore

/// An answer in the vendor's form.
struct VendorReply: Equatable, Sendable {
    var status: Int
    var contentType = "application/json; charset=utf-8"
    var body: [UInt8]
    var headers: [String: String] = [:]

    init(status: Int = 200, _ body: [UInt8]) {
        self.status = status
        self.body = body
    }

    static func json(_ value: JSONValue, status: Int = 200) -> VendorReply {
        VendorReply(status: status, Array(value.text.utf8))
    }

    static func text(_ text: String, type: String, status: Int) -> VendorReply {
        var reply = VendorReply(status: status, Array(text.utf8))
        reply.contentType = type
        return reply
    }
}

/// A refusal with the vendor's status, code and message, as evohome-async's tests against the real servers record them.
/// None of them says anything of the account.
struct VendorRefusal: Error, Equatable {
    let reply: VendorReply
    /// Whether no client that was known made such a request.
    var isUnknownRequest = false

    private init(_ reply: VendorReply) {
        self.reply = reply
    }

    /// Most refusals are a list of one.
    static func refused(_ code: String, _ message: String, parameter: String? = nil, status: Int = 400) -> VendorRefusal
    {
        var members: [JSONValue.Member] = [.init("code", .string(code))]
        if let parameter { members.append(.init("parameterName", .string(parameter))) }
        members.append(.init("message", .string(message)))
        return VendorRefusal(.json(.array([.object(members)]), status: status))
    }

    static func refused(_ entries: [JSONValue]) -> VendorRefusal { VendorRefusal(.json(.array(entries), status: 400)) }

    static let unauthorised = refused("Unauthorized", "Unauthorized.", status: 401)
    static let unauthorisedV1 = refused("Unauthorized", "Unauthorized", status: 401)
    static let notYours = refused("Unauthorized", "You are not allowed to perform this action.", status: 401)
    static let invalidInput = refused("InvalidInput", "Invalid Input.")
    static let wrongPasswordV1 = refused(
        "EmailOrPasswordIncorrect",
        "The email or password provided is incorrect.",
        status: 401
    )
    static let internalError = VendorRefusal(.json(["message": "An error has occurred."], status: 500))
    static let scheduleNotFound = refused("ScheduleNotFound", "Schedule not found.")
    static let taskNotFound = refused("CommTaskNotFound", "Communication task not found.", status: 404)

    static func missing(_ parameters: String...) -> VendorRefusal {
        let entries = parameters.map { name -> JSONValue in
            ["code": "ParameterIsMissing", "parameterName": .string(name), "message": "Parameter is missing."]
        }
        return VendorRefusal(.json(.array(entries), status: 400))
    }

    static func outOfRange(_ message: String) -> VendorRefusal { refused("InvalidInput", message) }

    /// - Parameter seconds: When to try again.
    static func tooManyRequests(retryAfter seconds: Int?) -> VendorRefusal {
        refused(
            "TooManyRequests",
            "Request count limitation exceeded, please try again later.",
            status: 429
        ).retrying(after: seconds)
    }

    /// The form of the token endpoint.
    static func token(_ error: String, status: Int = 400) -> VendorRefusal {
        VendorRefusal(.json(["error": .string(error)], status: status))
    }

    /// - Parameter seconds: When to try again.
    static func unavailable(retryAfter seconds: Int) -> VendorRefusal {
        VendorRefusal(.text("The service is unavailable.", type: "text/plain", status: 503)).retrying(after: seconds)
    }

    static let readOnly = refused("Forbidden", "Changes are not allowed here.", status: 403)
    static let overtaken = refused("Conflict", "A later request has overtaken this one.", status: 409)
    static let tooLarge = VendorRefusal(.text("The request is too large.", type: "text/plain", status: 413))

    static func wrongMethod(_ method: String) -> VendorRefusal {
        let message = "The requested resource does not support http method '\(method.excerpt(upTo: 16))'."
        var refusal = VendorRefusal(.json(["message": .string(message)], status: 405))
        refusal.isUnknownRequest = true
        return refusal
    }

    static func unknownQuery(_ path: String) -> VendorRefusal {
        let message = "No HTTP resource was found that matches the request URI '\(path.excerpt(upTo: 200))'."
        return VendorRefusal(.json(["message": .string(message)], status: 404))
    }

    static let unknownPath: VendorRefusal = {
        let page = """
            <!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" \
            "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">
            <html><head><title>404 - File or directory not found.</title></head>
            <body><h2>404 - File or directory not found.</h2></body></html>

            """
        var refusal = VendorRefusal(.text(page, type: "text/html", status: 404))
        refusal.isUnknownRequest = true
        return refusal
    }()

    private func retrying(after seconds: Int?) -> VendorRefusal {
        guard let seconds else { return self }
        var reply = reply
        reply.headers["Retry-After"] = "\(max(1, seconds))"
        return VendorRefusal(reply)
    }
}
