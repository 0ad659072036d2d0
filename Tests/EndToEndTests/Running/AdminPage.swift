import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import TestSupport

/// What a bridge serves over HTTP, as somebody sees it who asks for it.
struct AdminPage: Sendable {
    let port: Int

    init() throws { port = try freePort() }

    var flags: [String] { ["--http-listen", "127.0.0.1:\(port)"] }

    struct Answer: Sendable {
        var status: Int
        var contentType: String?
        var text: String
    }

    /// `nil` while nobody listens.
    func get(_ path: String) async -> Answer? {
        let request = HTTPClientRequest(url: "http://127.0.0.1:\(port)\(path)")
        guard let response = try? await HTTPClient.shared.execute(request, timeout: .seconds(5)),
            let body = try? await response.body.collect(upTo: 1 << 24)
        else { return nil }
        let type = response.headers.first(name: "content-type")
        return Answer(status: Int(response.status.code), contentType: type, text: String(buffer: body))
    }
}
