import Foundation
import Testing

@testable import evohome_mqtt

@Suite("The files that the program is installed with")
struct PackagingTests {
    @Test(
        "Every variable that is set is one of the program's",
        arguments: [
            "README.md", "config/README.md", "docker/README.md", ".github/SECURITY.md", "docker/compose.yaml",
            "docker/compose.demo.yaml", "docker/home-assistant-addon/config.yaml", "docker/casaos.yaml",
            "docker/evohome-mqtt.container", "docker/portainer.json", "docker/unraid.xml",
            "config/systemd/evohome-mqtt.service", "config/kubernetes/base/kustomization.yaml",
            "config/kubernetes/fleet/accounts/smith/kustomization.yaml",
        ]
    )
    func variables(file: String) throws {
        let variables = try Manual.text(of: file).matches(of: #/EVOHOME_[A-Z_]+/#).map { String($0.output) }
        #expect(!variables.isEmpty)
        let known = SettingKey.all.map(\.environmentName) + ["EVOHOME_CONFIG"]
        #expect(Set(variables).subtracting(known).isEmpty)
    }

    @Test("The version that releases have is the one that the program says")
    func version() async throws {
        let version = try await Script("docker/version").output()
        #expect(version == "\(Version.current)\n")
    }

    @Test("A new version is written to every file that names it, and the old one is left in none but the changelog")
    func newVersion() async throws {
        let copy = FileManager.default.temporaryDirectory.appending(path: "version-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: copy) }
        try FileManager.default.createDirectory(at: copy, withIntermediateDirectories: true)
        for folder in ["Sources/evohome-mqtt", "config", "docker", ".github"] {
            let place = copy.appending(path: folder)
            try FileManager.default.createDirectory(
                at: place.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try FileManager.default.copyItem(at: Manual.root.appending(path: folder), to: place)
        }
        let before = try mentions(of: Version.current, below: copy)
        _ = try await Script("docker/version", in: copy).output("set", "9.8.7-rc.1")
        let after = try mentions(of: "9.8.7-rc.1", below: copy)
        let left = try mentions(of: Version.current, below: copy)
        #expect(left.keys.sorted() == ["docker/home-assistant-addon/CHANGELOG.md"])
        #expect(after == before.filter { !$0.key.hasSuffix("CHANGELOG.md") })
        #expect(after.count > 5)
    }

    @Test("The notes of a release are what the changelog says of its version")
    func notes() async throws {
        let notes = try await Script("docker/version").output("notes")
        let changelog = try Manual.text(of: "docker/home-assistant-addon/CHANGELOG.md")
        #expect(notes.count > 100 && changelog.contains("## \(Version.current)\n\n\(notes)"))
        #expect(!notes.contains("\n## "))
    }

    @Test(
        "The list of what is in a release names every package that the build resolved",
        .enabled(if: Script.hasPython)
    )
    func contents() async throws {
        let resolved = try JSONSerialization.jsonObject(with: Data(Manual.text(of: "Package.resolved").utf8))
        let pins = try #require((resolved as? [String: Any])?["pins"] as? [[String: Any]])
        let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).cdx.json")
        defer { try? FileManager.default.removeItem(at: file) }
        _ = try await Script("docker/sbom").output(file.path())
        let list = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
        let components = try #require(list["components"] as? [[String: Any]])
        #expect(list["bomFormat"] as? String == "CycloneDX")
        let names = components.compactMap { $0["name"] as? String }
        #expect(Set(names) == Set(pins.compactMap { $0["identity"] as? String }))
        #expect(components.allSatisfy { ($0["purl"] as? String)?.hasPrefix("pkg:swift/") == true })
    }

    /// How often each file names a version.
    private func mentions(of version: String, below folder: URL) throws -> [String: Int] {
        let paths = try FileManager.default.subpathsOfDirectory(atPath: folder.path())
        return paths.reduce(into: [:]) { counts, path in
            guard let text = try? String(contentsOf: folder.appending(path: path), encoding: .utf8) else { return }
            let count = text.ranges(of: version).count
            if count > 0 { counts[path] = count }
        }
    }
}
