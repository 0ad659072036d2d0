import AsyncHTTPClient
import Foundation
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

        /// The text as an object of JSON.
        var json: [String: Any]? {
            try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
        }
    }

    /// `nil` while nobody listens.
    func get(_ path: String) async -> Answer? {
        await answer(to: HTTPClientRequest(url: "http://127.0.0.1:\(port)\(path)"))
    }

    /// Sends JSON, as the page does.
    func post(_ path: String, _ body: String, headers: [String: String] = [:]) async -> Answer? {
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)\(path)")
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/json")
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        request.body = .bytes(ByteBuffer(string: body))
        return await answer(to: request)
    }

    /// The data of an event stream's events of one kind, as they come.
    func events(_ kind: String, from path: String = "/api/events") -> AsyncThrowingStream<String, any Error> {
        AsyncThrowingStream { continuation in
            let reading = Task {
                let request = HTTPClientRequest(url: "http://127.0.0.1:\(port)\(path)")
                let response = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
                var text = ""
                for try await part in response.body {
                    text += String(buffer: part)
                    while let end = text.firstRange(of: "\n\n") {
                        let lines = text[..<end.lowerBound].split(separator: "\n")
                        text.removeSubrange(..<end.upperBound)
                        guard lines.contains("event: \(kind)") else { continue }
                        let data = lines.filter { $0.hasPrefix("data: ") }.map { $0.dropFirst(6) }
                        continuation.yield(data.joined(separator: "\n"))
                    }
                }
                continuation.finish()
            }
            continuation.onTermination = { _ in reading.cancel() }
        }
    }

    private func answer(to request: HTTPClientRequest) async -> Answer? {
        guard let response = try? await HTTPClient.shared.execute(request, timeout: .seconds(30)),
            let body = try? await response.body.collect(upTo: 1 << 24)
        else { return nil }
        let type = response.headers.first(name: "content-type")
        return Answer(status: Int(response.status.code), contentType: type, text: String(buffer: body))
    }
}
