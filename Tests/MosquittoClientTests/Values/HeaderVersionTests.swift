import Foundation
import Subprocess
import SystemPackage
import Testing

@Suite("The headers of libmosquitto")
struct HeaderVersionTests {
    @Test("The shim compiles with those of each version, without a warning", arguments: Headers.allCases)
    func shim(headers: Headers) async throws {
        let complaints = try await headers.complaints(about: "shim.h")
        #expect(complaints == "")
    }

    @Test("What a program included up to 2.0 is a warning since 2.1, and so an error")
    func oldInclude() async throws {
        let complaints = try await Headers.version21.complaints(about: "mqtt_protocol.h")
        #expect(complaints.contains("deprecated"))
    }
}

/// Where each version keeps what MQTT itself defines, with one definition in place of all.
enum Headers: String, CaseIterable {
    case version20 = "2.0"
    case version21 = "2.1"
    /// An older one in front of another's folder, as where two versions are installed.
    case mixed = "2.0 beside 2.1"

    private static let definitions = "enum { MQTT_PROP_PAYLOAD_FORMAT_INDICATOR = 1 };\n"

    private var files: [String: String] {
        let old = ["mosquitto.h": "#define LIBMOSQUITTO_VERSION_NUMBER 2000011\n", "mqtt_protocol.h": Self.definitions]
        return switch self {
        case .version20: old
        case .mixed: old.merging(["mosquitto/mqtt_protocol.h": "#error \"of another version\"\n"]) { first, _ in first }
        case .version21:
            [
                "mosquitto.h": "#define LIBMOSQUITTO_VERSION_NUMBER 2001002\n",
                "mqtt_protocol.h": "#warning \"deprecated\"\n#include <mosquitto/mqtt_protocol.h>\n",
                "mosquitto/mqtt_protocol.h": Self.definitions,
            ]
        }
    }

    /// - Returns: What the compiler that comes with Swift says of a program that includes a header and uses a definition.
    func complaints(about header: String) async throws -> String {
        let folder = FileManager.default.temporaryDirectory.appending(path: "headers-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let program = "#include \"\(header)\"\nint indicator = MQTT_PROP_PAYLOAD_FORMAT_INDICATOR;\n"
        for (name, text) in files.merging(["program.c": program], uniquingKeysWith: { first, _ in first }) {
            let file = folder.appending(path: name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(text.utf8).write(to: file)
        }
        let shim = URL(filePath: #filePath).appending(path: "../../../../Sources/CMosquitto").standardizedFileURL
        let result = try await Subprocess.run(
            .name("clang"),
            arguments: ["-fsyntax-only", "-Wall", "-Werror", "-I.", "-I\(shim.path())", "program.c"],
            workingDirectory: FilePath(folder.path()),
            input: .none,
            output: .discarded,
            error: .string(limit: 1 << 20)
        )
        return result.standardError
    }
}
