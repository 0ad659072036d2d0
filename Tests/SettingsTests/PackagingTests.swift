import Foundation
import Testing
import Yams

@testable import evohome_mqtt

@Suite("The files that the program is installed with")
struct PackagingTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")

    @Test("The add-on's options are keys of the program, with the same choices")
    func addOn() throws {
        let manifest = try Yams.compose(yaml: text(of: "docker/home-assistant-addon/config.yaml"))
        for (section, options) in try #require(manifest?["schema"]?.mapping) {
            for (name, form) in try #require(options.mapping) {
                let name = "\(section.string ?? "").\(name.string ?? "")"
                let values = try #require(Setting.named(SettingKey(name)), "\(name)").values
                guard !values.words.isEmpty, values.words != ["true", "false"] else { continue }
                #expect(form.string == "list(\(values.words.joined(separator: "|")))?", "\(name)")
            }
        }
    }

    @Test(
        "Every variable that is set is one of the program's",
        arguments: [
            "README.md", "config/README.md", "docker/README.md", ".github/SECURITY.md", "docker/compose.yaml",
            "docker/compose.demo.yaml", "docker/home-assistant-addon/config.yaml",
            "config/systemd/evohome-mqtt.service", "config/kubernetes/base/kustomization.yaml",
            "config/kubernetes/fleet/accounts/smith/kustomization.yaml",
        ]
    )
    func variables(file: String) throws {
        let variables = try text(of: file).matches(of: #/EVOHOME_[A-Z_]+/#).map { String($0.output) }
        #expect(!variables.isEmpty)
        let known = SettingKey.all.map(\.environmentName) + ["EVOHOME_CONFIG"]
        #expect(Set(variables).subtracting(known).isEmpty)
    }

    @Test(
        "Each says the version of the program",
        arguments: [
            ("docker/Dockerfile", "ARG VERSION="), ("docker/home-assistant-addon/config.yaml", "version: "),
            ("docker/home-assistant-addon/build.yaml", "amd64: ghcr.io/evohome-mqtt/evohome-mqtt:"),
            ("config/kubernetes/base/kustomization.yaml", "newTag: "),
        ]
    )
    func version(file: String, prefix: String) throws {
        let lines = try text(of: file).split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
        let line = try #require(lines.first { $0.hasPrefix(prefix) })
        #expect(line.dropFirst(prefix.count).replacing("\"", with: "") == Version.current)
    }

    private func text(of file: String) throws -> String {
        try String(contentsOf: Self.root.appending(path: file), encoding: .utf8)
    }
}
