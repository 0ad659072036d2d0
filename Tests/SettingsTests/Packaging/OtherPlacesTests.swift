import Foundation
import FoundationXML
import Testing
import Yams

@testable import evohome_mqtt

/// Where others than us start the image: each in the form of its own, read by a parser.
@Suite("The manifests for other places")
struct OtherPlacesTests {
    private static let image = "ghcr.io/evohome-mqtt/evohome-mqtt"

    @Test("CasaOS gets a compose file with the keys that its store needs")
    func casaOS() throws {
        let file = try #require(try Yams.compose(yaml: Manual.text(of: "docker/casaos.yaml")))
        let store = try #require(file["x-casaos"])
        let main = try #require(store["main"]?.string)
        let service = try #require(file["services"]?[main])
        #expect(service["image"]?.string == "\(Self.image):\(Version.current)")
        #expect(service["ports"]?[0]?["published"]?.string == store["port_map"]?.string)
        #expect(service["environment"]?["EVOHOME_HTTP_PASSWORD"]?.string == "", "A known password is worse than none.")
        #expect(store["architectures"]?.array().compactMap(\.string) == ["amd64", "arm64"])
        for key in ["title", "tagline", "description"] {
            #expect(store[key]?["en_us"]?.string?.isEmpty == false, "\(key)")
        }
        for key in ["author", "category", "developer", "icon", "index"] {
            #expect(store[key]?.string?.isEmpty == false, "\(key)")
        }
    }

    @Test("Portainer gets a list of templates with the keys that it needs")
    func portainer() throws {
        let list = try JSONDecoder().decode(Templates.self, from: Data(Manual.text(of: "docker/portainer.json").utf8))
        let template = try #require(list.templates.first)
        #expect(list.version == "3" && list.templates.count == 1)
        #expect(template.type == 1 && template.platform == "linux" && template.image == "\(Self.image):latest")
        #expect(template.volumes.map(\.container) == ["/data"])
        #expect(!template.env.contains { $0.name.hasSuffix("PASSWORD") && !($0.default ?? "").isEmpty })
        #expect(template.env.first { $0.name == "EVOHOME_HTTP_LISTEN" }?.default == "0.0.0.0:8080")
    }

    @Test("Unraid gets a template whose passwords are masked")
    func unraid() throws {
        let data = try Data(contentsOf: Manual.root.appending(path: "docker/unraid.xml"))
        let container = try #require(try XMLDocument(data: data).rootElement())
        #expect(container.name == "Container" && container.attribute(forName: "version")?.stringValue == "2")
        #expect(container.elements(forName: "Repository").first?.stringValue == "\(Self.image):latest")
        for name in ["Name", "Network", "Overview", "Category", "WebUI", "Icon", "ExtraParams"] {
            #expect(container.elements(forName: name).first?.stringValue?.isEmpty == false, "\(name)")
        }
        for config in container.elements(forName: "Config") {
            let target = config.attribute(forName: "Target")?.stringValue ?? ""
            #expect(config.attribute(forName: "Mask")?.stringValue == "\(target.hasSuffix("PASSWORD"))", "\(target)")
            #expect(["Port", "Path", "Variable"].contains(config.attribute(forName: "Type")?.stringValue))
        }
    }

    @Test("The quadlet has a section and a value for each line, and only keys that Podman 4.4 to 5.4 know")
    func quadlet() throws {
        var section = ""
        var container: [String: String] = [:]
        for line in try Manual.text(of: "docker/evohome-mqtt.container").split(separator: "\n") {
            if line.hasPrefix("#") { continue }
            if line.hasPrefix("[") {
                section = String(line)
            } else {
                let parts = line.split(separator: "=", maxSplits: 1).map(String.init)
                try #require(parts.count == 2, "\(line)")
                if section == "[Container]" { container[parts[0]] = parts[1] }
            }
        }
        let known: Set = [
            "AutoUpdate", "DropCapability", "Environment", "HealthCmd", "HealthInterval", "Image", "NoNewPrivileges",
            "ReadOnly", "Secret", "Volume",
        ]
        #expect(Set(container.keys) == known)
        #expect(container["Image"] == "\(Self.image):latest" && container["ReadOnly"] == "true")
        #expect(container["HealthCmd"] == #"["evohome-mqtt", "healthcheck"]"#)
    }

    private struct Templates: Decodable {
        let version: String
        let templates: [Template]
    }

    private struct Template: Decodable {
        let type: Int
        let title, description, image, platform: String
        let volumes: [Volume]
        let env: [Variable]
    }

    private struct Volume: Decodable {
        let container: String
    }

    private struct Variable: Decodable {
        let name, label: String
        let `default`: String?
    }
}
