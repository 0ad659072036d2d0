import Logging
import Observability
import Synchronization
import TestSupport
import WebInterface

extension FuzzTarget {
    /// Bytes on a connection to the server of health and metrics, which answers or closes.
    static let http = FuzzTarget(
        "http",
        [
            "GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
            "GET /metrics HTTP/1.0\r\n\r\n",
            "POST /ready HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
            "GET * HTTP/1.1\r\n\r\n",
            "HEAD /%2e%2e/health?a=b#c HTTP/1.1\r\nContent-Length: 5\r\n\r\nabcde",
        ]
    ) { bytes in
        guard let socket = try? TCPSocket.connected(to: server) else {
            return require(false, "The server takes no connections any more")
        }
        socket.write(bytes)
        socket.endWriting()
        while !socket.read().isEmpty {}
    }

    /// The port of a server that runs for as long as the fuzzer does.
    private static let server: Int = {
        guard let port = try? freePort() else { preconditionFailure("There is no free port") }
        let server = WebServer(
            host: "127.0.0.1",
            port: port,
            health: HealthMonitor(pulses: [], broker: { .connected }),
            readiness: { Readiness(hasReachedBroker: true, hasPublishedState: false) },
            metrics: [],
            logger: Logger(label: "fuzzing", factory: { _ in SwiftLogNoOpLogHandler() })
        )
        Task.detached { try await server.run() }
        while (try? TCPSocket.connected(to: port)) == nil {}
        return port
    }()
}
