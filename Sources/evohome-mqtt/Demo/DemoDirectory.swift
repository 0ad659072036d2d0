import Foundation
import SystemPackage

/// A folder for as long as the demo runs.
struct DemoDirectory: Sendable {
    let path: FilePath

    init() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "evohome-mqtt-demo-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = FilePath(url.path)
    }

    var stateFile: FilePath { path.appending("state.json") }
    var brokerConfiguration: FilePath { path.appending("mosquitto.conf") }
    var log: FilePath { path.appending("log") }

    func remove() {
        try? FileManager.default.removeItem(atPath: path.string)
    }
}
