import Foundation
import Testing
import Yams

@testable import evohome_mqtt

/// What Home Assistant's Supervisor reads: "App configuration" at developers.home-assistant.io, and supervisor/addons/validate.py.
@Suite("The Home Assistant app (add-on)")
struct AppTests {
    private static let folder = "docker/home-assistant-addon"
    private static let languages = ["en", "nl"]

    private let manifest: Node

    init() throws {
        manifest = try #require(try Yams.compose(yaml: Manual.text(of: "\(Self.folder)/config.yaml")))
    }

    @Test("Its options are keys of the program, with the same choices")
    func options() throws {
        for (section, name, form) in try fields() {
            let key = "\(section).\(name)"
            let values = try #require(Setting.named(SettingKey(key)), "\(key)").values
            guard !values.words.isEmpty, values.words != ["true", "false"] else { continue }
            #expect(form == "list(\(values.words.joined(separator: "|")))?", "\(key)")
        }
    }

    @Test("It can start with no option set, and its page is then where to sign in")
    func nothingIsRequired() throws {
        for (section, name, form) in try fields() { #expect(form.hasSuffix("?"), "\(section).\(name)") }
        #expect(manifest["ingress"]?.bool == true && manifest["ingress_stream"]?.bool == true)
        #expect(manifest["panel_title"]?.string?.isEmpty == false)
        let environment = try #require(manifest["environment"])
        let port = try #require(manifest["ingress_port"]?.int)
        #expect(environment["EVOHOME_HTTP_LISTEN"]?.string == "0.0.0.0:\(port)")
        #expect(environment["EVOHOME_HTTP_TRUSTED_PROXIES"]?.string == "172.30.32.2")
        #expect(manifest["watchdog"]?.string == "http://[HOST]:[PORT:\(port)]/health")
    }

    @Test("It is installed from an image that is published, and nothing is left of what the Supervisor has deprecated")
    func image() throws {
        #expect(manifest["image"]?.string == "ghcr.io/evohome-mqtt/evohome-mqtt-app")
        #expect(manifest["arch"]?.array().compactMap(\.string) == ["aarch64", "amd64"])
        for key in ["codenotary", "map", "snapshot", "auto_uart"] { #expect(manifest[key] == nil, "\(key)") }
        let files = try FileManager.default.contentsOfDirectory(atPath: Manual.root.appending(path: Self.folder).path())
        #expect(files.filter { $0.hasPrefix("build.") } == [])
        let recipe = try Manual.text(of: "\(Self.folder)/Dockerfile")
        #expect(recipe.contains("\nFROM ghcr.io/evohome-mqtt/evohome-mqtt:\(Version.current)\n"))
        for label in [#"type="app""#, #"version="${BUILD_VERSION}""#, #"arch="aarch64|amd64""#] {
            #expect(recipe.contains("io.hass.\(label)"), "\(label)")
        }
    }

    @Test("Every option has a name and a description in each language, and nothing else has", arguments: languages)
    func translations(language: String) throws {
        let text = try Manual.text(of: "\(Self.folder)/translations/\(language).yaml")
        let configuration = try #require(try Yams.compose(yaml: text)?["configuration"]?.mapping)
        var named: Set<String> = []
        for (section, translation) in configuration {
            #expect(translation["name"]?.string?.isEmpty == false && translation["description"] != nil)
            for (name, field) in try #require(translation["fields"]?.mapping) {
                #expect(field["name"]?.string?.isEmpty == false && field["description"]?.string?.isEmpty == false)
                named.insert("\(section.string ?? "").\(name.string ?? "")")
            }
        }
        #expect(named == Set(try fields().map { "\($0.section).\($0.name)" }))
    }

    @Test("Its pictures have the form that the store wants", arguments: [("icon", 128, 128), ("logo", 250, 100)])
    func picture(name: String, width: Int, height: Int) throws {
        let data = try Data(contentsOf: Manual.root.appending(path: "\(Self.folder)/\(name).png"))
        #expect(Array(data.prefix(8)) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
        let number = { (offset: Int) in data[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) } }
        #expect(number(16) == width && number(20) == height)
    }

    @Test("Its AppArmor profile has the app's name and lets it write below /data alone")
    func profile() throws {
        let profile = try Manual.text(of: "\(Self.folder)/apparmor.txt")
        let slug = try #require(manifest["slug"]?.string)
        #expect(profile.contains("\nprofile \(slug) flags=(attach_disconnected,mediate_deleted) {\n"))
        let writing = profile.matches(of: /\n  (\/\S+) [a-z]*w[a-z]*,/).map { String($0.output.1) }
        #expect(writing == ["/data/**"])
        #expect(!profile.contains("capability"))
    }

    @Test("AppArmor's own parser takes the profile", .enabled(if: Script.hasAppArmorParser))
    func parsedProfile() async throws {
        let path = Manual.root.appending(path: "\(Self.folder)/apparmor.txt").path()
        _ = try await Script.appArmorParser.output("--skip-kernel-load", "--skip-cache", path)
    }

    @Test("A repository of it has what Home Assistant looks for, where it looks")
    func repository() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "repository-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        _ = try await Script("docker/app-repository").output(folder.path())
        let top = try String(contentsOf: folder.appending(path: "repository.yaml"), encoding: .utf8)
        #expect(try Yams.compose(yaml: top)?["name"]?.string?.isEmpty == false)
        let slug = try #require(manifest["slug"]?.string)
        for file in ["config.yaml", "CHANGELOG.md", "DOCS.md", "apparmor.txt", "icon.png", "logo.png"] {
            #expect(FileManager.default.fileExists(atPath: folder.appending(path: "\(slug)/\(file)").path()), "\(file)")
        }
    }

    private func fields() throws -> [(section: String, name: String, form: String)] {
        try #require(manifest["schema"]?.mapping).flatMap { section, options in
            try #require(options.mapping).map { name, form in
                (section.string ?? "", name.string ?? "", form.string ?? form.sequence?.first?.string ?? "")
            }
        }
    }
}
