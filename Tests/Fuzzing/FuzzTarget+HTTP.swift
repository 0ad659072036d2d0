import Foundation
import Glibc
import TestSupport

extension FuzzTarget {
    /// Bytes on a connection to the page of a bridge that runs, which answers or closes. `FUZZING_HTTP_PORT` is its port
    /// on loopback.
    ///
    /// The bridge is a process of its own, so the fuzzer does not see which branches an input takes.
    static let http = FuzzTarget(
        "http",
        [
            "GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "GET /metrics HTTP/1.0\r\n\r\n",
            "POST /ready HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", "GET * HTTP/1.1\r\n\r\n",
            "HEAD /%2e%2e/health?a=b#c HTTP/1.1\r\nContent-Length: 5\r\n\r\nabcde",
            "POST /api/topics/home/zone/kitchen/set HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}",
        ]
    ) { bytes in
        // A port is free again a minute after its connection has ended, and there are some 28,000.
        let deadline = ContinuousClock.now + .seconds(90)
        var connected: TCPSocket?
        while connected == nil, ContinuousClock.now < deadline {
            connected = try? TCPSocket.connected(to: port)
            if connected == nil { usleep(100_000) }
        }
        guard let socket = connected else { return require(false, "The server takes no connections any more") }
        socket.write(bytes)
        socket.endWriting()
        while !socket.read().isEmpty {}
    }

    private static let port: Int = {
        guard let port = ProcessInfo.processInfo.environment["FUZZING_HTTP_PORT"].flatMap({ Int($0) }) else {
            print("Set FUZZING_HTTP_PORT to the port of a bridge that runs with http.listen on loopback.")
            exit(64)
        }
        return port
    }()
}
