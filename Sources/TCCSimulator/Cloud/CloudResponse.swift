/// An answer of the simulated cloud.
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
