import Foundation
import TestSupport
import Testing

/// CMosquitto's `shim.h`, compiled against small copies of the layouts that libmosquitto's headers have had. A warning
/// counts as an error, as in the package's build.
@Suite(.enabled(if: compiler != nil, "Left out: no C compiler (clang or cc) is on PATH."))
struct HeaderLayoutTests {
    enum Layout: CaseIterable {
        /// All definitions in `<mosquitto.h>` and `<mqtt_protocol.h>`.
        case version20
        /// `<mosquitto.h>` includes the headers in `mosquitto/`; `<mqtt_protocol.h>` is a warning (2.1.2).
        case version21
        /// 2.0's, while the folder of a newer libmosquitto is found as well.
        case version20BesideNewer

        var headers: [String: String] {
            let definitions = """
                #ifndef MQTT_PROTOCOL_H
                #define MQTT_PROTOCOL_H
                enum mqtt5_property { MQTT_PROP_RESPONSE_TOPIC = 8 };
                #endif
                """
            let old = [
                "mosquitto.h": "#define LIBMOSQUITTO_VERSION_NUMBER 2000011\n",
                "mqtt_protocol.h": definitions,
            ]
            let new = [
                "mosquitto.h": "#include <mosquitto/mqtt_protocol.h>\n#include <mosquitto/libmosquitto.h>\n",
                "mosquitto/libmosquitto.h": "#define LIBMOSQUITTO_VERSION_NUMBER 2001002\n",
                "mosquitto/mqtt_protocol.h": definitions,
                "mqtt_protocol.h": "#include <mosquitto/mqtt_protocol.h>\n#warning \"Please use <mosquitto.h>\"\n",
            ]
            return switch self {
            case .version20: old
            case .version21: new
            case .version20BesideNewer: old.merging(["mosquitto/mqtt_protocol.h": "#error \"newer\"\n"]) { $1 }
            }
        }
    }

    @Test("The shim compiles without a warning, and defines what the client uses", arguments: Layout.allCases)
    func shim(layout: Layout) async throws {
        let shim = URL(filePath: #filePath).appending(path: "../../../../Sources/CMosquitto/shim.h").standardizedFileURL
        try await compile("#include \"\(shim.path())\"\nint topic = MQTT_PROP_RESPONSE_TOPIC;\n", with: layout)
    }

    @Test("The warning of 2.1 would be an error")
    func warning() async {
        await #expect(throws: (any Error).self) {
            try await compile("#include <mosquitto.h>\n#include <mqtt_protocol.h>\n", with: .version21)
        }
    }

    private func compile(_ source: String, with layout: Layout) async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "headers-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: directory) }
        for (path, text) in layout.headers {
            let file = directory.appending(path: "include").appending(path: path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(text.utf8).write(to: file)
        }
        try Data(source.utf8).write(to: directory.appending(path: "test.c"))
        let arguments = ["-Wall", "-Werror", "-fsyntax-only", "-I", "include", "test.c"]
        try await runTool(try #require(compiler), arguments, in: directory)
    }
}

private let compiler: String? = {
    let folders = ProcessInfo.processInfo.environment["PATH"]?.split(separator: ":") ?? []
    return ["clang", "cc"].first { name in
        folders.contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(name)") }
    }
}()
