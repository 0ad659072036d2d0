import Synchronization
import TestSupport

/// Gives every request the same answer, as Home Assistant's Supervisor would to the question for its broker, but for the
/// question of an add-on about itself.
final class SupervisorStandIn: Sendable {
    private final class Requests: Sendable {
        let heads = Mutex<[String]>([])
    }

    private let peer: ScriptedPeer
    private let received = Requests()

    init(_ body: String, status: String = "200 OK", aboutItself: String = "{}") throws {
        let answer = { @Sendable (body: String, status: String) in
            "HTTP/1.1 \(status)\r\nContent-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n\(body)"
        }
        peer = try ScriptedPeer { [received] socket in
            let head = String(decoding: socket.read(), as: UTF8.self)
            received.heads.withLock { $0.append(head) }
            let isAboutItself = head.hasPrefix("GET /addons/self/info ")
            socket.write(Array((isAboutItself ? answer(aboutItself, "200 OK") : answer(body, status)).utf8))
        }
    }

    deinit { peer.stop() }

    /// The heads of the requests so far.
    var requests: [String] { received.heads.withLock { $0 } }

    /// What the Supervisor gives its add-ons, and where it is.
    var environment: [String: String] {
        ["SUPERVISOR_TOKEN": "a-token", "SUPERVISOR_API": "http://127.0.0.1:\(peer.port)"]
    }
}
