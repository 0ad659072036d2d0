import Foundation
import Glibc
import ServiceLifecycle
import Subprocess
import SystemPackage

/// A real mosquitto on a free port of loopback.
struct DemoBroker: Service {
    private let executable: FilePath
    private let directory: DemoDirectory
    private let port: UInt16

    /// - Throws: ``Failure`` if mosquitto is not installed.
    init(directory: DemoDirectory) throws {
        guard let executable = Self.find() else {
            throw Failure(
                .missingFile,
                "The demo needs the MQTT broker mosquitto: install it (on Debian: sudo apt-get install mosquitto), "
                    + "or use another broker with --mqtt-url mqtt://localhost:1883."
            )
        }
        guard let port = FreePort.find() else { throw Failure(.unreachable, "There is no free port on loopback.") }
        self.executable = executable
        self.directory = directory
        self.port = port
    }

    var url: String { "mqtt://127.0.0.1:\(port)" }

    func run() async throws {
        let configuration = """
            listener \(port) 127.0.0.1
            allow_anonymous true
            persistence false
            set_tcp_nodelay true

            """
        try configuration.write(toFile: directory.brokerConfiguration.string, atomically: true, encoding: .utf8)
        var options = PlatformOptions()
        // In a process group of its own, so that Ctrl-C in the terminal does not stop the broker before the bridge.
        options.processGroupID = 0
        options.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .seconds(2))]
        _ = try await cancelWhenGracefulShutdown { [options] in
            try await Subprocess.run(
                .path(executable),
                arguments: ["-c", directory.brokerConfiguration.string],
                platformOptions: options,
                output: .discarded,
                error: .discarded
            )
        }
    }

    /// Debian installs it where only root's search path looks.
    private static func find() -> FilePath? {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        return (path.split(separator: ":").map(String.init) + ["/usr/sbin", "/usr/local/sbin", "/opt/homebrew/sbin"])
            .map { FilePath($0).appending("mosquitto") }
            .first { access($0.string, X_OK) == 0 }
    }
}

/// A port that nobody listens on at the moment.
enum FreePort {
    static func find() -> UInt16? {
        let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard socket >= 0 else { return nil }
        defer { close(socket) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        return withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                guard bind(socket, generic, length) == 0, getsockname(socket, generic, &length) == 0 else { return nil }
                return UInt16(bigEndian: pointer.pointee.sin_port)
            }
        }
    }
}
