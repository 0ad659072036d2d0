import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import Synchronization

/// Browsers, as the bridge sees them: they load the page, follow events and send commands.
struct PageClient: Sendable {
    struct File: Sendable {
        let name: String
        /// As it travels, compressed.
        let bytes: Int
        /// Whether the browser loads it at once.
        let isLoadedFirst: Bool
    }

    let port: Int
    private let client: HTTPClient

    /// - Parameter body: All connections are closed when it returns.
    static func using<Result>(port: Int, _ body: (PageClient) async throws -> Result) async throws -> Result {
        var configuration = HTTPClient.Configuration()
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 300
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        do {
            let result = try await body(PageClient(port: port, client: client))
            try await client.shutdown()
            return result
        } catch {
            try? await client.shutdown()
            throw error
        }
    }

    /// The files of the page. It names those that are loaded first, and modules name the others.
    func files() async throws -> [File] {
        var names = [""]
        var firstCount = 1
        var files: [File] = []
        while files.count < names.count {
            let name = names[files.count]
            let text = String(buffer: try await load(name))
            for match in text.matches(of: /(?:href|src)="([a-z-]+\.[a-z]+)"|"\.\/([a-z-]+\.js)"/) {
                guard let found = (match.output.1 ?? match.output.2).map(String.init), !names.contains(found) else {
                    continue
                }
                names.append(found)
            }
            if files.isEmpty { firstCount = names.count }
            let bytes = try await load(name, ["Accept-Encoding": "gzip"]).readableBytes
            let isFirst = files.count < firstCount
            files.append(File(name: name.isEmpty ? "index.html" : name, bytes: bytes, isLoadedFirst: isFirst))
        }
        return files
    }

    /// Sends a command and does not wait for its outcome.
    ///
    /// - Parameter topic: The zone's, below the base topic.
    func set(_ payload: String, on topic: some StringProtocol) async throws {
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)/api/topics/\(topic)/set")
        request.method = .POST
        request.headers = ["Content-Type": "application/json", "Prefer": "respond-async"]
        request.body = .bytes(ByteBuffer(string: payload))
        let response = try await client.execute(request, timeout: .seconds(10))
        _ = try await response.body.collect(upTo: 1 << 20)
        guard response.status == .accepted else {
            throw BenchmarkError(description: "A command by HTTP was answered with \(response.status.code).")
        }
    }

    /// Follows the events as some clients at once, for as long as `body` runs.
    ///
    /// - Parameter see: Gets each state that the first of them is sent.
    func followed<Result: Sendable>(
        by count: Int,
        see: @escaping @Sendable (_ topic: Substring, _ payload: Substring) -> Void = { _, _ in },
        _ body: () async throws -> Result
    ) async throws -> Result {
        let following = Counter()
        return try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<count {
                group.addTask {
                    let request = HTTPClientRequest(url: "http://127.0.0.1:\(port)/api/events")
                    var events = try await client.execute(request, timeout: .hours(1)).body.makeAsyncIterator()
                    var text = ""
                    var isFirst = true
                    while let chunk = try await events.next() {
                        if isFirst { following.add() }
                        isFirst = false
                        if number == 0 { text = Self.states(in: text + String(buffer: chunk), see) }
                    }
                }
            }
            defer { group.cancelAll() }
            while following.count < count { try await Task.sleep(for: .milliseconds(10)) }
            return try await body()
        }
    }

    /// - Returns: What is not complete yet.
    private static func states(in text: String, _ see: (Substring, Substring) -> Void) -> String {
        var rest = text[...]
        while let end = rest.firstRange(of: "\n\n") {
            let event = rest[..<end.lowerBound]
            rest = rest[end.upperBound...]
            let beginning = "event: state\ndata: {\"topic\":\""
            guard event.hasPrefix(beginning), let middle = event.firstRange(of: "\",\"payload\":") else { continue }
            see(event[..<middle.lowerBound].dropFirst(beginning.count), event[middle.upperBound...].dropLast())
        }
        return String(rest)
    }

    private func load(_ name: String, _ headers: HTTPHeaders = [:]) async throws -> ByteBuffer {
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)/\(name)")
        request.headers = headers
        let response = try await client.execute(request, timeout: .seconds(10))
        guard response.status == .ok else {
            throw BenchmarkError(description: "The page has no \(name): \(response.status.code).")
        }
        return try await response.body.collect(upTo: 1 << 20)
    }
}

/// How many clients have been sent something.
private final class Counter: Sendable {
    private let value = Mutex(0)

    var count: Int { value.withLock { $0 } }

    func add() { value.withLock { $0 += 1 } }
}
