import Basics

extension CommandMessage {
    /// What is requested: an object, or for a plain value its text.
    func read(as form: CommandTopic.Form) throws(Refusal) -> JSONValue {
        let content = try content()
        guard !content.isEmpty else { throw Refusal(.malformed, "The payload is empty.") }
        return switch form {
        case .plain: .string(content)
        case .object: try Self.object(content)
        }
    }

    /// What is requested where nothing at all is a request too.
    ///
    /// - Returns: An object, or `null` for an empty payload.
    public func readOptionalObject() throws(Refusal) -> JSONValue {
        let content = try content()
        return content.isEmpty ? .null : try Self.object(content)
    }

    private func content() throws(Refusal) -> String {
        if isRetained {
            throw Refusal(.retained, "A retained command would repeat at every reconnect; it was ignored and cleared.")
        }
        guard byteCount <= Self.maximumPayload else {
            throw Refusal(
                .tooLarge,
                "The payload has \(byteCount) bytes; \(Self.maximumPayload) are allowed."
            )
        }
        guard let text = String(validating: payload, as: UTF8.self) else {
            throw Refusal(.malformed, "The payload is not valid UTF-8.")
        }
        return text.trimmingWhitespace
    }

    private static func object(_ text: String) throws(Refusal) -> JSONValue {
        let value: JSONValue
        do throws(JSONProblem) {
            value = try JSONValue(parsing: text.utf8)
        } catch {
            throw Refusal(.malformed, "The payload is no JSON: \(error.reason).")
        }
        guard case .object = value else {
            throw Refusal(.malformed, "The payload is not a JSON object such as {\"setpoint\":21.5}.")
        }
        return value
    }
}

extension String {
    fileprivate var trimmingWhitespace: String {
        let rest = drop(while: \.isWhitespace)
        return String(rest.prefix(upTo: rest.lastIndex { !$0.isWhitespace }.map(rest.index(after:)) ?? rest.startIndex))
    }
}
