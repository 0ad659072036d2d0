import Basics
import BridgeCore
import HeatingModel
import Testing

/// What Home Assistant is told of a site, taken apart.
struct Announced {
    let messages: [Publication]

    init(
        _ site: Site,
        base: String = "evohome",
        prefix: String = "homeassistant",
        page: PageAddress? = nil
    ) throws {
        let installation = Installation(accountID: "7000", locations: [site.location])
        let layout = TopicLayout(base: base, naming: .name, installation: installation)
        let discovery = HomeAssistantDiscovery(
            prefix: prefix,
            bridge: layout.bridge,
            version: "1.2.3",
            page: page
        )
        let devices = try #require(SiteDevices(site))
        messages =
            [discovery.message(forBridgeOf: "7000")] + discovery.messages(for: devices, of: "7000", in: layout)
    }

    /// The ids of devices, in the order of publishing.
    var ids: [String] { messages.map { $0.topic.split(separator: "/").dropLast().last.map(String.init) ?? "" } }

    func document(_ id: String) throws -> JSONValue {
        let message = try #require(messages.first { $0.topic == "homeassistant/device/\(id)/config" })
        return try JSONValue(parsing: message.payload.utf8)
    }

    func component(_ key: String, of id: String) throws -> JSONValue {
        try #require(document(id)["components"]?[key])
    }

    /// Every component of every device.
    func components() throws -> [JSONValue] {
        try ids.flatMap { id -> [JSONValue] in
            guard case .object(let components)? = try document(id)["components"] else { return [] }
            return components.map(\.value)
        }
    }
}

extension MillHouse {
    /// The mill as a controller of today reports it.
    static func announcedSite() throws -> Site {
        var site = try site()
        site.system.gatewayAddress = "00D02DEE0001"
        site.system.allowedModes = [
            SystemMode.auto, .autoWithReset, .autoWithEco, .away, .dayOff, .heatingOff, .custom,
        ].map { AllowedSystemMode(mode: $0, canBePermanent: true, canBeTemporary: false) }
        site.location.systems = [site.system]
        return site
    }
}
