/// A response of the simulated cloud.
struct CloudResponse: Sendable, Hashable {
    var status: Int
    var contentType: String
    var body: [UInt8]
    var headers: [String: String] = [:]

    static func json(_ value: JSON, status: Int = 200) -> CloudResponse {
        CloudResponse(status: status, contentType: "application/json; charset=utf-8", body: value.text)
    }

    /// An accepted command.
    static func created(task id: String) -> CloudResponse {
        json(["id": .string(id)], status: 201)
    }

    static func html(_ text: String, status: Int) -> CloudResponse {
        CloudResponse(status: status, contentType: "text/html", body: Array(text.utf8))
    }
}

/// Refusals with the vendor's codes and messages, as evohome-async's `tests/tests_rf` records them from the real servers.
enum CloudError: Error, Hashable {
    /// Most refusals are an array of these.
    struct Entry: Hashable {
        let code: String
        var parameter: String?
        let message: String

        static func missing(_ parameter: String) -> Entry {
            Entry(code: "ParameterIsMissing", parameter: parameter, message: "Parameter is missing.")
        }

        var json: JSON {
            var object: JSONObject = ["code": .string(code)]
            if let parameter { object["parameterName"] = .string(parameter) }
            object["message"] = .string(message)
            return .object(object)
        }
    }

    case unauthorised
    case notYours
    case entries(status: Int, [Entry])
    case unknownPath
    case unknownResource(String)
    case wrongMethod(String)
    case internalError
    /// The form of the token endpoint: `{"error": …}`.
    case token(status: Int, String)

    static func refused(_ code: String, _ message: String, status: Int = 400) -> CloudError {
        .entries(status: status, [Entry(code: code, message: message)])
    }

    static func missing(_ parameters: String...) -> CloudError {
        .entries(status: 400, parameters.map(Entry.missing))
    }

    static let invalidInput = refused("InvalidInput", "Invalid Input.")
    static let tooManyRequests = refused(
        "TooManyRequests",
        "Request count limitation exceeded, please try again later.",
        status: 429
    )

    var response: CloudResponse {
        switch self {
        case .unauthorised: Self.refused("Unauthorized", "Unauthorized.", status: 401).response
        case .notYours:
            Self.refused("Unauthorized", "You are not allowed to perform this action.", status: 401).response
        case .entries(let status, let entries): .json(.array(entries.map(\.json)), status: status)
        case .unknownPath: .html(Self.notFoundPage, status: 404)
        case .unknownResource(let uri):
            .json(
                ["message": .string("No HTTP resource was found that matches the request URI '\(uri)'.")],
                status: 404
            )
        case .wrongMethod(let method):
            .json(
                ["message": .string("The requested resource does not support http method '\(method)'.")],
                status: 405
            )
        case .internalError: .json(["message": "An error has occurred."], status: 500)
        case .token(let status, let error): .json(["error": .string(error)], status: status)
        }
    }

    private static let notFoundPage = """
        <!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">
        <html><head><title>Not found</title></head>
        <body><h1>404</h1><p>Neither this simulator nor the real cloud has this address.</p></body></html>
        """
}
