import Testing

@testable import TCCSimulator

/// A request that is refused, and the expected response.
struct Refusal: Sendable, CustomTestStringConvertible {
    let method: String
    let path: String
    var body = ""
    let status: Int
    var json: JSON?
    var html = false

    var testDescription: String { "\(method) \(path) \(body)" }

    static func error(_ code: String, _ message: String, parameter: String? = nil) -> JSON {
        var object: JSONObject = ["code": .string(code)]
        if let parameter { object["parameterName"] = .string(parameter) }
        object["message"] = .string(message)
        return .object(object)
    }

    static func missing(_ names: String...) -> JSON {
        .array(names.map { error("ParameterIsMissing", "Parameter is missing.", parameter: $0) })
    }
}
