/// Refusals with the vendor's codes and texts, as evohome-async's `tests/tests_rf` saw them from the real servers.
enum CloudError: Error, Hashable {
    /// One entry of the array that most refusals are.
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
    /// The token endpoint's form: `{"error": …}`.
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
        <body><h1>404</h1><p>This simulator has nothing at this address, and neither has the cloud.</p></body></html>
        """
}
