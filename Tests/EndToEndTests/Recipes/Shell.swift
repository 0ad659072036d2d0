import Foundation
import Subprocess
import SystemPackage
import TestSupport

/// A shell in which mosquitto's own clients reach a broker without being told where it is.
struct Shell: Sendable {
    private let directory: URL

    /// - Parameter directory: Where its files are kept.
    init(reaching broker: Broker, in directory: URL) throws {
        self.directory = directory
        // The clients read options from here, one a line.
        let folder = directory.appending(path: ".config")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for client in ["mosquitto_pub", "mosquitto_sub", "mosquitto_rr"] {
            let options = "-h 127.0.0.1\n-p \(broker.port)\n"
            try options.write(to: folder.appending(path: client), atomically: true, encoding: .utf8)
        }
    }

    /// Runs commands until they end, or have printed a line that is waited for; many recipes go on for ever.
    ///
    /// - Parameter isEnough: Whether a line is waited for.
    /// - Returns: What they printed by then.
    func run(_ commands: String, until isEnough: @Sendable (String) -> Bool) async throws -> [String] {
        var options = PlatformOptions()
        options.processGroupID = 0
        return try await Subprocess.run(
            .name("sh"),
            arguments: ["-ec", commands],
            environment: .custom(["PATH": "/usr/bin:/bin", "HOME": directory.path()]),
            workingDirectory: FilePath(directory.path()),
            platformOptions: options,
            input: .none,
            output: .sequence,
            error: .currentStandardError
        ) { process in
            var printed: [String] = []
            for try await line in process.standardOutput.strings() {
                printed.append(line)
                if isEnough(line) { break }
            }
            // Not asked to end: `mosquitto_sub` disconnects in its signal handler, and may wait for itself there.
            try? process.send(signal: .kill, toProcessGroup: true)
            return printed
        }.closureResult
    }
}
