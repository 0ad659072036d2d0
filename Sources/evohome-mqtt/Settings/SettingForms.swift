import Basics
import BridgeCore
import HTTPServing
import HeatingModel
import Observability
import SystemPackage
import WebInterface

// The forms of the values in the table of settings.

extension SettingValues {
    fileprivate static let text = SettingValues(
        allowed: "text without control characters, at most \(longestText) bytes",
        schema: [.types("string", "number", "null")],
        isObvious: true
    )
}

extension SettingForm<String> {
    /// Any text of one line.
    static let text = SettingForm(.text) { $0 }

    /// A topic that others are below. MQTT allows 65,535 bytes for a whole topic; this leaves room for the rest of it.
    static let topic = SettingForm(
        SettingValues(allowed: SettingValues.topic, schema: [.types("string", "number", "null")])
    ) { $0.isUsableTopic ? $0 : nil }
}

extension SettingForm<String?> {
    /// The same, or `nil` for `off`.
    static let topicOrOff: SettingForm = {
        let off: JSONValue = ["enum": ["off".json, .bool(false), .null]]
        let topic: JSONValue = .object([.types("string", "number")])
        return SettingForm(
            SettingValues(allowed: "off, or \(SettingValues.topic)", schema: [.init("anyOf", [off, topic])])
        ) { text in
            switch OnOff(text) {
            case .off?: .some(nil)
            case .on?: nil
            case nil: text.isUsableTopic ? .some(text) : nil
            }
        }
    }()
}

extension SettingValues {
    fileprivate static let topic = "a topic of at most 256 bytes, without +, #, a leading $ or empty levels"
}

extension String {
    fileprivate var isUsableTopic: Bool {
        let levels = split(separator: "/", omittingEmptySubsequences: false)
        return utf8.count <= 256 && !hasPrefix("$") && !contains { "+#".contains($0) }
            && !levels.contains { $0.isEmpty }
    }
}

extension SettingForm<Secret> {
    /// Text that is never printed. White space may be part of a password.
    static let secret: SettingForm = {
        var values = SettingValues.text
        values.privacy = .secret
        return SettingForm(values: values) { [values] raw throws(SettingRefusal) in
            Secret(try values.checked(try raw.single))
        }
    }()
}

extension SettingForm<FilePath> {
    static let path = SettingForm(
        SettingValues(
            allowed: "the path of a file",
            schema: [.types("string", "number", "null")],
            isPath: true,
            isObvious: true
        )
    ) { FilePath($0) }
}

extension SettingForm<[String]> {
    /// Names or ids.
    static let list = list(of: "a list, or text with commas") { $0 }

    /// Names of hosts, without a port.
    static let hosts = list(of: "a list of host names without ports") { item in
        Endpoint(item, defaultPort: 0).flatMap { $0.port == 0 && !item.contains(":") ? $0.host.lowercased() : nil }
    }
}

extension SettingForm<[NetworkAddress]> {
    static let addresses = list(of: "a list of IP addresses such as 172.30.32.2") { NetworkAddress($0) }
}

extension SettingForm {
    /// - Parameter read: `nil` for what is not allowed.
    fileprivate static func list<Element>(
        of allowed: String,
        _ read: @escaping @Sendable (String) -> Element?
    ) -> SettingForm<[Element]> {
        let values = SettingValues(
            allowed: allowed,
            schema: [
                .types("string", "number", "array", "null"), .init("items", .object([.types("string", "number")])),
            ]
        )
        return SettingForm<[Element]>(values: values) { raw throws(SettingRefusal) in
            var elements: [Element] = []
            for item in raw.items where !item.trimmed.isEmpty {
                guard let element = read(try values.checked(item.trimmed)) else {
                    throw SettingRefusal(requirement: values.allowed)
                }
                elements.append(element)
            }
            return elements
        }
    }
}

extension SettingForm<Bool> {
    static let boolean = SettingForm(
        SettingValues(
            allowed: "true or false",
            schema: [.types("boolean", "null")],
            words: ["true", "false"],
            isObvious: true,
            json: { .bool($0 == "true") }
        )
    ) { OnOff($0).map { $0 == .on } }
}

extension SettingForm<Int> {
    static func integer(_ range: ClosedRange<Int>) -> SettingForm {
        SettingForm(
            SettingValues(
                allowed: "a whole number from \(range.lowerBound) to \(range.upperBound)",
                schema: [
                    .types("integer", "null"), .init("minimum", .integer(range.lowerBound)),
                    .init("maximum", .integer(range.upperBound)),
                ],
                json: { JSONValue(Int($0)) }
            )
        ) { Int($0).flatMap { range.contains($0) ? $0 : nil } }
    }
}

extension SettingForm where Value: SettingChoice {
    /// One of a few words.
    static var choice: SettingForm {
        // `5` is a number to YAML, and `on` and `off` are booleans to many readers of it.
        let words = Value.words
        let numbers = words.compactMap { Int($0) }.map { JSONValue.integer($0) }
        let booleans = words.compactMap { OnOff($0) }.filter { words.contains($0.rawValue) }
            .map { JSONValue.bool($0 == .on) }
        let allowed = words.map { JSONValue.string($0) } + numbers + booleans + [.null]
        return SettingForm(
            SettingValues(allowed: words.formattedAsChoice, schema: [.init("enum", .array(allowed))], words: words),
            Value.parse
        )
    }
}

extension SettingForm<Duration> {
    /// At least a second, with a unit.
    static let duration: SettingForm = {
        let values = SettingValues(
            allowed: "a duration from 1s to 36500d, such as 180s, 30m, 1h30m or 3d",
            schema: [.types("string", "null"), .init("pattern", .string("^(\(durationPattern))$"))],
            isObvious: true
        )
        return SettingForm(values: values) { raw throws(SettingRefusal) in
            try Duration(setting: values.checked(try raw.single.trimmed), values)
        }
    }()
}

extension SettingForm<Duration?> {
    /// The same, or zero, with or without a unit, for never.
    static let durationOrZero: SettingForm = {
        let values = SettingValues(
            allowed: "0, or a duration from 1s to 36500d, such as 180s, 30m, 1h30m or 3d",
            schema: [
                .types("string", "integer", "null"), .init("pattern", .string("^(0|\(durationPattern))$")),
                .init("minimum", .integer(0)), .init("maximum", .integer(0)),
            ],
            isObvious: true
        )
        return SettingForm(values: values) { raw throws(SettingRefusal) in
            let text = try values.checked(try raw.single.trimmed)
            return text.wholeMatch(of: #/0+[dhms]?/#) == nil ? try Duration(setting: text, values) : nil
        }
    }()
}

/// What an editor can check of a duration: `1h30m` or `PT1H30M`.
private let durationPattern = "([0-9]+[dhms])+|P([0-9]+[WD])*(T([0-9]+[HMS])+)?"

extension Duration {
    fileprivate init(setting text: String, _ values: SettingValues) throws(SettingRefusal) {
        do throws(DurationTextError) {
            try self.init(parsingWithUnit: text)
        } catch .noUnit {
            throw SettingRefusal(requirement: "a duration with a unit, such as 180s or 3m")
        } catch {
            throw SettingRefusal(requirement: values.allowed)
        }
    }
}

extension SettingForm<CloudURL> {
    static let cloudURL = SettingForm(
        SettingValues(
            allowed: "https://host[:port], or http:// on loopback",
            schema: [.types("string", "null"), .init("pattern", .string("^https?://"))],
            privacy: .address
        ),
        CloudURL.init
    )
}

extension SettingForm<[CloudURL]> {
    static let cloudURLs: SettingForm = {
        let values = SettingValues(
            allowed: "a list of https://host[:port], or http:// on loopback",
            schema: [
                .types("string", "array", "null"),
                .init("items", .object([.types("string"), .init("pattern", .string("^https?://"))])),
            ],
            isList: true,
            privacy: .address
        )
        return SettingForm(values: values) { raw throws(SettingRefusal) in
            var addresses: [CloudURL] = []
            for item in raw.items where !item.trimmed.isEmpty {
                guard let address = CloudURL(item.trimmed) else { throw SettingRefusal(requirement: values.allowed) }
                addresses.append(address)
            }
            return addresses
        }
    }()
}

extension SettingForm<BrokerURL> {
    static let brokerURL: SettingForm = {
        let values = SettingValues(
            allowed: "mqtt://[user[:password]@]host[:port] or mqtts://…, with user and password percent-encoded",
            schema: [.types("string", "null"), .init("pattern", .string("^mqtts?://"))],
            privacy: .address
        )
        return SettingForm(values: values) { raw throws(SettingRefusal) in
            let text = try values.checked(try raw.single.trimmed)
            guard let url = BrokerURL(text) else {
                throw SettingRefusal(requirement: BrokerURL.objection(to: text) ?? values.allowed)
            }
            return url
        }
    }()
}

extension SettingForm<ListenAddress?> {
    /// `nil` for `off`.
    static let listenAddress: SettingForm = {
        let off: JSONValue = ["enum": ["off".json, .bool(false), .null]]
        let address: JSONValue = ["type": "string".json, "pattern": ":[0-9]+$".json]
        return SettingForm(
            SettingValues(
                allowed: "off, or host:port such as 127.0.0.1:8080",
                schema: [.init("anyOf", [off, address])]
            )
        ) { OnOff($0) == .off ? .some(nil) : ListenAddress($0).map(Optional.some) }
    }()
}

extension SettingForm<PageAddress> {
    static let pageAddress = SettingForm(
        SettingValues(
            allowed: "http://host[:port][/path], https://…, or homeassistant:// and a panel of the sidebar",
            schema: [.types("string", "null"), .init("pattern", .string("^(https?|homeassistant)://"))],
            privacy: .address
        ),
        PageAddress.init(setting:)
    )
}

extension JSONValue.Member {
    fileprivate static func types(_ names: String...) -> Self {
        Self("type", .array(names.map { .string($0) }))
    }
}

extension String {
    fileprivate var json: JSONValue { .string(self) }
}

extension [String] {
    /// `a`, `a or b`, `a, b or c`.
    fileprivate var formattedAsChoice: String {
        guard let last, count > 1 else { return first ?? "" }
        return dropLast().joined(separator: ", ") + " or " + last
    }
}
